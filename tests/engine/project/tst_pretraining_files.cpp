// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/project/pretraining_files.h"

#include "engine/features/megnet_file.h"
#include "tests/support/shared.h"

#include <QTemporaryDir>

using namespace engine;
namespace fs = std::filesystem;

namespace {
const std::string cliData = SUPERION_TEST_DATA "/cli/";

Eigen::VectorXf noise(Rng &rng)
{
    Eigen::VectorXf v(1000);
    for (float &x : v)
        x = float(rng.normal() * 1e-3);
    return v;
}
}

class TestPretrainingFiles : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    fs::path path(const std::string &name) const { return fs::path(m_dir.path().toStdString()) / name; }

private Q_SLOTS:
    void aCheckpointComesBackToTheBit()
    {
        Rng rng(1);
        PretrainingCheckpoint c{.epoch = 3,
                                .updates = 123456789012,
                                .parameters = noise(rng),
                                .firstMoment = noise(rng),
                                .secondMoment = noise(rng),
                                .average = noise(rng),
                                .best = noise(rng),
                                .bestError = 0.1 + 0.2,
                                .bestEpoch = 2,
                                .history = {{1, 1.0 / 3, 0.7}, {2, 0.1, 0.30000000000000004}}};
        c.parameters[0] = 1e-42f; // subnormal
        savePretrainingCheckpoint(c, "abc", path("c.checkpoint"));
        const auto read = openPretrainingCheckpoint(path("c.checkpoint"), "abc");
        QVERIFY(read);
        QCOMPARE(read->epoch, c.epoch);
        QCOMPARE(read->updates, c.updates);
        QVERIFY(read->parameters == c.parameters);
        QVERIFY(read->firstMoment == c.firstMoment);
        QVERIFY(read->secondMoment == c.secondMoment);
        QVERIFY(read->average == c.average);
        QVERIFY(read->best == c.best);
        QCOMPARE(read->bestError, c.bestError);
        QCOMPARE(read->bestEpoch, c.bestEpoch);
        QCOMPARE(read->history, c.history);

        THROWS_ERROR(openPretrainingCheckpoint(path("c.checkpoint"), "other"), "belongs to other data or options");
        QVERIFY(!openPretrainingCheckpoint(path("none"), "abc"));
        writeFile(path("broken"), readFile(path("c.checkpoint")).substr(0, 3000));
        THROWS_ERROR(openPretrainingCheckpoint(path("broken"), "abc"), "broken");
        writeFile(path("text"), "hello");
        THROWS_ERROR(openPretrainingCheckpoint(path("text"), "abc"), "text");
    }

    void theIdentityKnowsOptionsDataAndStart()
    {
        const auto data = readLabelledGraphs({cliData + "structures"}, {{"LiF", 1}, {"LiI", 0}}, {}, {}).graphs;
        const PretrainingOptions options;
        const auto identity = pretrainingIdentity(options, data, "");
        auto changed = data;
        changed[1].target = 0.5;
        PretrainingOptions otherSeed;
        otherSeed.seed = 2;
        QCOMPARE(pretrainingIdentity(options, data, ""), identity);
        QVERIFY(pretrainingIdentity(options, changed, "") != identity);
        QVERIFY(pretrainingIdentity(otherSeed, data, "") != identity);
        QVERIFY(pretrainingIdentity(options, data, "0123") != identity);
    }

    void structuresMeetTheirTargets()
    {
        const auto read = readLabelledGraphs({cliData + "structures", cliData + "more"},
                                             {{"LiF", 0.5}, {"LiAl", 1.5}, {"not there", 2}}, {}, {});
        QCOMPARE(read.graphs.size(), 2u);
        QCOMPARE(read.graphs[0].id, std::string("LiF"));
        QCOMPARE(read.graphs[0].system, std::string("F-Li"));
        QCOMPARE(read.graphs[0].target, 0.5);
        QCOMPARE(read.graphs[0].graph.orbits.count(), 2);
        QCOMPARE(read.graphs[1].target, 1.5);
        QCOMPARE(read.withoutTarget, 13u);
        QVERIFY(read.rejects.empty());
    }

    void structuresWithoutBondsAreRejects()
    {
        const auto read = readLabelledGraphs({cliData + "structures"}, {{"LiF", 0.5}}, {.cutoff_A = 1.0}, {});
        QVERIFY(read.graphs.empty());
        QCOMPARE(read.rejects.size(), 1u);
        QCOMPARE(read.rejects[0].name, std::string("LiF"));
    }

    void classesComeWithFeatures()
    {
        const Megnet parent = readMegnet(cliData + "networks/parent.hdf5");
        const std::map<std::string, double> targets = {{"LiF", 0}, {"LiAl", 1}};
        const FeatureOptions options{Simplification::CAMN, 1};
        const auto read =
            readLabelledFeatures({cliData + "structures", cliData + "more"}, targets, parent, options, {});
        QCOMPARE(read.dataset.size(), 2u);
        QVERIFY(!read.dataset.samples[0].isSuperionic && read.dataset.samples[1].isSuperionic);
        QCOMPARE(read.systems, (std::vector<std::string>{"F-Li", "Al-Li"}));
        QCOMPARE(read.dataset.samples[1].features.rows.rows(), 2);
        QCOMPARE(read.withoutTarget, 13u);
        THROWS_ERROR(readLabelledFeatures({cliData + "more"}, {{"LiAl", 0.5}}, parent, options, {}),
                     "LiAl: the class must be");
    }
};

QTEST_APPLESS_MAIN(TestPretrainingFiles)
#include "tst_pretraining_files.moc"
