// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/parallel.h"
#include "engine/crystal/read.h"
#include "engine/features/megnet_file.h"
#include "engine/screening/screen.h"

#include "tests/support/shared.h"

using namespace engine;

namespace {

std::string data(const std::string &name)
{
    return SUPERION_TEST_DATA "/cli/" + name;
}

Structure structure(const std::string &id)
{
    for (const char *folder : {"structures/", "more/"})
        if (const std::string path = data(folder + id + ".cif"); std::filesystem::exists(path))
            return readStructures({id + ".cif", readFile(path)}).structures.at(0);
    throw Error("no sample " + id);
}

std::vector<Structure> structures(const std::vector<std::string> &ids)
{
    std::vector<Structure> all;
    for (const std::string &id : ids)
        all.push_back(structure(id));
    return all;
}

// Three models trained for a moment: what they predict does not matter here.
Ensemble sampleEnsemble(const Megnet &parent)
{
    const FeatureOptions features;
    Dataset dataset;
    std::vector<std::string> formulas;
    for (const auto &[id, isSuperionic] :
         {std::pair{"LiF", false}, {"LiCl", false}, {"LiBr", false}, {"Li2S", true}, {"Li2Se", true}, {"Li3N", true}}) {
        const Structure s = structure(id);
        dataset.samples.push_back(
            {id, featurize(s, parent, features).features, isSuperionic, isSuperionic ? -3.0 : -9.0});
        formulas.push_back(formula(compositionOf(s)));
    }
    Ensemble ensemble = trainEnsemble(dataset, 3, {.neurons = 4, .batchSize = 2, .epochs = 3}, 1, {});
    ensemble.parentSha256 = parent.sha256;
    ensemble.parentName = parent.name;
    ensemble.features = features;
    ensemble.trainingFormulas = formulas;
    return ensemble;
}

}

class TestScreen : public QObject {
    Q_OBJECT

    Megnet m_parent, m_bandGap, m_metal;
    Ensemble m_ensemble;

    Screener screener(const ScreenOptions &options = {}) const
    {
        return Screener(m_ensemble, m_parent, m_bandGap, {}, options);
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_parent = readMegnet(data("networks/parent.hdf5"));
        m_bandGap = readMegnet(data("networks/band_gap.hdf5"));
        m_metal = readMegnet(data("networks/metal.hdf5"));
        m_ensemble = sampleEnsemble(m_parent);
    }

    void resultsComeInTheOrderOfTheStructures()
    {
        const Screening s = screener().screen(structures({"Li2OS", "NaCl", "LiAl"}), {});
        QCOMPARE(s.candidates.size(), 3u);
        QCOMPARE(s.candidates[0].id, std::string("Li2OS"));
        QCOMPARE(s.candidates[0].isOrdered, false);
        QCOMPARE(s.candidates[0].hasLithium, true);
        QCOMPARE(s.candidates[1].hasLithium, false);
        QCOMPARE(s.candidates[1].isOrdered, true);
        QCOMPARE(s.candidates[2].isIntermetallic, true);
        QVERIFY(s.rejects.empty());
    }

    void neitherThreadsNorBatchesChangeAnything()
    {
        const std::vector<Structure> all = structures({"Li2OS", "NaCl", "LiAl", "LiMgCl", "LiI"});
        setThreadCount(1);
        const Screening one = screener().screen(all, {});
        setThreadCount(3);
        const Screening three = screener().screen(all, {});
        setThreadCount(0);
        QCOMPARE(one.candidates, three.candidates);
        for (std::size_t i = 0; i < all.size(); ++i)
            QCOMPARE(screener().screen({all[i]}, {}).candidates.at(0), one.candidates[i]);
    }

    void aTrainingStructureIsKnownAndAtDistanceZero()
    {
        const Candidate c = screener().screen({structure("Li2S")}, {}).candidates.at(0);
        QCOMPARE(c.isNovel, false);
        QCOMPARE(c.nearestTrainingId, std::string("Li2S"));
        COMPARE_NEAR(c.dTraining, 0.0, 1e-9);
        QVERIFY(screener().screen({structure("LiI")}, {}).candidates.at(0).isNovel);
    }

    void theBandGapOfTheSourceComesFirst()
    {
        Structure s = structure("LiI");
        s.properties["Band_Gap"] = "4.25";
        const Candidate known = screener().screen({s}, {}).candidates.at(0);
        QCOMPARE(known.bandGap_eV, std::optional(4.25));
        QCOMPARE(known.bandGapSource, std::string("database"));

        const Structure plain = structure("LiI");
        const Candidate predicted = screener().screen({plain}, {}).candidates.at(0);
        QCOMPARE(predicted.bandGapSource, std::string("predicted"));
        // Each model builds its graph with its own cutoff.
        QCOMPARE(*predicted.bandGap_eV,
                 std::max(0.0, megnetPrediction(buildGraph(plain, {.cutoff_A = m_bandGap.cutoff_A}), m_bandGap)));

        const Candidate unknown = Screener(m_ensemble, m_parent).screen({plain}, {}).candidates.at(0);
        QVERIFY(!unknown.bandGap_eV && unknown.bandGapSource.empty());
    }

    void whatIsCalledAMetalHasNoGap()
    {
        Megnet metal = m_metal;
        const auto gapWhen = [&](double probability) {
            metal.targetScale = 0; // prediction = output · scale + mean
            metal.targetMean = probability;
            return *Screener(m_ensemble, m_parent, m_bandGap, metal)
                        .screen({structure("LiI")}, {})
                        .candidates.at(0)
                        .bandGap_eV;
        };
        QCOMPARE(gapWhen(0.9), 0.0);
        QCOMPARE(gapWhen(0.1), *screener().screen({structure("LiI")}, {}).candidates.at(0).bandGap_eV);
    }

    void whatHasNoFeaturesIsRejectedWithItsReason()
    {
        Structure empty = structure("LiI");
        empty.id = "empty";
        empty.sites.clear();
        const Screening s = screener().screen({empty, structure("LiF")}, {});
        QCOMPARE(s.candidates.size(), 1u);
        QCOMPARE(s.rejects.size(), 1u);
        QCOMPARE(s.rejects[0].name, std::string("empty"));
        QVERIFY(!s.rejects[0].reason.empty());
    }

    void wrongNetworksAreRefused()
    {
        Megnet other = m_parent;
        other.sha256 = std::string(64, '0');
        other.name = "other.hdf5";
        THROWS_ERROR(Screener(m_ensemble, other), "parent.hdf5");
        THROWS_ERROR(Screener(m_ensemble, other), "other.hdf5");
        THROWS_ERROR(Screener(m_ensemble, m_parent, m_parent),
                     "predicts formation_energy, but a model of band_gap is needed");
        THROWS_ERROR(Screener(m_ensemble, m_parent, m_bandGap, m_bandGap), "a model of metal_probability is needed");
        Ensemble none = m_ensemble;
        none.members.clear();
        THROWS_ERROR(Screener(none, m_parent), "has no members");
    }

    void aStopEndsIt()
    {
        std::stop_source stop;
        stop.request_stop();
        bool isCancelled = false;
        try {
            screener().screen({structure("LiF")}, {{}, stop.get_token()});
        } catch (const Cancelled &) {
            isCancelled = true;
        }
        QVERIFY(isCancelled);
    }
};

QTEST_APPLESS_MAIN(TestScreen)
#include "tst_screen.moc"
