// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/parallel.h"
#include "engine/features/featurize.h"
#include "engine/features/megnet_file.h"

#include "tests/support/golden_structure.h"
#include "tests/support/shared.h"

using namespace engine;

namespace {

Structure cubic(double a_A, const std::vector<std::pair<int, Vector3>> &atoms)
{
    Structure structure;
    structure.lattice.vectors = a_A * Matrix3::Identity();
    for (const auto &[Z, fractional] : atoms) {
        Site site;
        site.fractional = fractional;
        site.occupants = {{{Z}, 1.0}};
        structure.sites.push_back(site);
    }
    return structure;
}

/// Rock salt whose anions are Cl and Br in alternate layers along z.
Structure mixedHalide()
{
    Structure structure = cubic(5.3, {{3, {0, 0, 0}},
                                      {3, {0, .5, .5}},
                                      {3, {.5, 0, .5}},
                                      {3, {.5, .5, 0}},
                                      {17, {.5, 0, 0}},
                                      {17, {0, .5, 0}},
                                      {35, {0, 0, .5}},
                                      {35, {.5, .5, .5}}});
    structure.id = "Li2ClBr";
    return structure;
}

}

class TestFeaturize : public QObject {
    Q_OBJECT

    Megnet m_parent;

private Q_SLOTS:
    void initTestCase()
    {
        NEEDS_SHARED("data/megnet");
        m_parent = readMegnet(sharedPath("data/megnet/mp-2019.4.1/formation_energy.hdf5"));
    }

    void rowsStandForTheSitesOfTheSimplifiedStructure()
    {
        const Structure structure = mixedHalide();
        const auto all = featurize(structure, m_parent, {.simplification = Simplification::CAMN, .layer = 0});
        QCOMPARE(all.id, std::string("Li2ClBr"));
        QCOMPARE(all.features.orbits.sites(), 8);
        QCOMPARE(all.features.rows.cols(), 16);
        QCOMPARE(all.bonds, buildGraph(structure).bondsOfCell());
        const auto withoutLithium = featurize(structure, m_parent, {.simplification = Simplification::CAN, .layer = 1});
        QCOMPARE(withoutLithium.features.orbits.sites(), 4);
        QCOMPARE(withoutLithium.features.rows.cols(), 32);
    }

    void simplificationMayMakeSitesEqual()
    {
        const auto given = featurize(mixedHalide(), m_parent, {.simplification = Simplification::CAMN, .layer = 1});
        const auto simplified =
            featurize(mixedHalide(), m_parent, {.simplification = Simplification::CAMNS, .layer = 1});
        QVERIFY(given.features.orbits.count() > 2);
        QCOMPARE(simplified.features.orbits.count(), 2); // lithium and one kind of anion
    }

    void simplifiedReferencesAgree()
    {
        NEEDS_SHARED("golden/megnet");
        // They are simplified already, and simplifying again changes nothing.
        for (const std::string name : {"disordered_gwu_camns", "disordered_hx7_camns"}) {
            const auto entry = sharedJson("golden/megnet/" + name + ".json");
            const auto result =
                featurize(goldenStructure(entry), m_parent, {.simplification = Simplification::CAMN, .layer = 1});
            const auto &V1 = entry["formation_energy_model"]["V1"];
            double largest = 0, difference = 0;
            for (int site = 0; site < result.features.orbits.sites(); ++site)
                for (int k = 0; k < 32; ++k) {
                    const double expected = V1[site][k].get<double>();
                    largest = std::max(largest, std::abs(expected));
                    difference = std::max(difference, std::abs(result.features.row(site)[k] - expected));
                }
            QVERIFY(difference <= 1e-9 * largest);
        }
    }

    void untrainedElementsAreWarnedOf()
    {
        const Structure structure = cubic(4.0, {{84, {0, 0, 0}}, {8, {.5, .5, .5}}});
        const auto result = featurize(structure, m_parent, {.simplification = Simplification::CAMN, .layer = 0});
        QVERIFY(std::any_of(result.warnings.begin(), result.warnings.end(),
                            [](const Warning &w) { return w.text.find("never trained on Po") != std::string::npos; }));
        const auto salt = featurize(mixedHalide(), m_parent, {.simplification = Simplification::CAMN, .layer = 0});
        for (const Warning &w : salt.warnings)
            QVERIFY(w.text.find("never trained") == std::string::npos);
    }

    void oneBadStructureDoesNotStopTheOthers()
    {
        Structure curium = cubic(4.0, {{96, {0, 0, 0}}});
        curium.id = "curium";
        Structure gas = cubic(30.0, {{3, {0, 0, 0}}});
        gas.id = "gas";
        const FeatureOptions options{.simplification = Simplification::CAMN, .layer = 1};
        const auto result = featurizeAll({curium, mixedHalide(), gas, mixedHalide()}, m_parent, options, {});
        QCOMPARE(result.features.size(), 2u);
        QCOMPARE(result.features[1].id, std::string("Li2ClBr"));
        QCOMPARE(result.rejects.size(), 2u);
        QCOMPARE(result.rejects[0].name, std::string("curium"));
        QVERIFY(result.rejects[0].reason.find("does not know the element Cm") != std::string::npos);
        QCOMPARE(result.rejects[1].name, std::string("gas"));
        QVERIFY(result.rejects[1].reason.find("the cutoff is too small") != std::string::npos);
    }

    void theNumberOfThreadsDoesNotMatter()
    {
        const std::vector<Structure> structures(5, mixedHalide());
        setThreadCount(1);
        const auto one = featurizeAll(structures, m_parent, {}, {});
        setThreadCount(3);
        const auto three = featurizeAll(structures, m_parent, {}, {});
        setThreadCount(0);
        for (std::size_t i = 0; i < structures.size(); ++i)
            QVERIFY(one.features[i].features.rows == three.features[i].features.rows);
    }

    void aStopRequestEndsIt()
    {
        std::stop_source source;
        source.request_stop();
        QVERIFY_EXCEPTION_THROWN(featurizeAll({mixedHalide()}, m_parent, {}, {{}, source.get_token()}), Cancelled);
    }
};

QTEST_APPLESS_MAIN(TestFeaturize)
#include "tst_featurize.moc"
