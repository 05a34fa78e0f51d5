// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/learning/pretraining.h"

#include "engine/core/error.h"
#include "engine/core/parallel.h"
#include "engine/features/megnet_file.h"
#include "tests/support/shared.h"

#include <QTemporaryDir>

#include <set>

using namespace engine;

namespace {

/// Pairs of atoms whose target follows from their kinds and distance, so that a graph network can learn it.
std::vector<LabelledGraph> toyData(int n, bool isMetal)
{
    Rng rng(11);
    std::vector<LabelledGraph> data;
    for (int i = 0; i < n; ++i) {
        const int a = 3 + int(rng.below(6)), b = 11 + int(rng.below(6));
        const double d = 1.8 + 1.2 * rng.uniform();
        Graph g;
        g.orbits.multiplicity = {1, 1};
        g.species = {{{a, 1.0}}, {{b, 1.0}}};
        g.firstBond = {0, 2, 4};
        g.neighbour = {1, 1, 0, 0};
        g.distance_A = {d, d + 0.5, d, d + 0.5};
        g.lengths_A = {d, d + 0.5};
        g.length = {0, 1, 0, 1};
        g.count = {1, 2, 1, 2};
        const double value = 0.3 * (a - 5) - 0.2 * (b - 13) + (d - 2.4);
        data.push_back({"s" + std::to_string(i), std::to_string(a) + "-" + std::to_string(b), g,
                        isMetal ? double(value > 0) : value});
    }
    return data;
}

const PretrainingOptions small{.blocks = 1,
                               .cutoff_A = 4,
                               .gaussians = 20,
                               .gaussianEnd_A = 5,
                               .epochs = 4,
                               .batchSize = 16,
                               .warmUpUpdates = 5,
                               .testSystems = 0.15,
                               .testRandom = 0.1,
                               .validation = 0.15};

void compareSameBits(const PretrainingCheckpoint &a, const PretrainingCheckpoint &b)
{
    QCOMPARE(a.epoch, b.epoch);
    QCOMPARE(a.updates, b.updates);
    QVERIFY(a.parameters == b.parameters);
    QVERIFY(a.firstMoment == b.firstMoment);
    QVERIFY(a.secondMoment == b.secondMoment);
    QVERIFY(a.average == b.average);
    QVERIFY(a.best == b.best);
    QCOMPARE(a.history, b.history);
}

}

class TestPretraining : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { setThreadCount(0); }

    void aSplitNeverSharesAChemicalSystemWithWhatWasTrainedOn()
    {
        const auto data = toyData(600, false);
        const auto split = pretrainingSplit(data, small);
        std::set<std::size_t> seen;
        for (const auto *part : {&split.training, &split.validation, &split.testSystems, &split.testRandom})
            for (const auto i : *part)
                QVERIFY(seen.insert(i).second);
        std::set<std::string> known;
        for (const auto *part : {&split.training, &split.testRandom})
            for (const auto i : *part)
                known.insert(data[i].system);
        for (const auto *part : {&split.validation, &split.testSystems})
            for (const auto i : *part)
                QVERIFY(!known.contains(data[i].system));
        COMPARE_NEAR(double(split.testSystems.size()), 0.15 * 600, 25); // whole systems of about 17
        QCOMPARE(split.testRandom.size(), 60u);
        QVERIFY(split.training.size() <
                600 - split.testSystems.size() - split.validation.size() - 60); // outliers trimmed
    }

    void aSmoothPropertyIsLearnt()
    {
        auto options = small;
        options.epochs = 60;
        options.learningRate = 3e-3;
        const auto result = pretrain(toyData(600, false), options, {}, {});
        QVERIFY(result.isComplete);
        QVERIFY2(result.testRandom.mae < 0.08,
                 qPrintable(QString::number(result.testRandom.mae))); // targets spread over ±1
        QVERIFY(result.testSystems.mae < 0.25);
        QVERIFY(result.checkpoint.history.back().loss < 0.1 * result.checkpoint.history.front().loss);
    }

    void twoClassesAreLearnt()
    {
        auto options = small;
        options.epochs = 30;
        options.property = "metal_probability";
        const auto result = pretrain(toyData(400, true), options, {}, {});
        QVERIFY2(result.testRandom.accuracy > 0.85, qPrintable(QString::number(result.testRandom.accuracy)));
    }

    void whatOnePropertyTaughtHelpsWithTheNext()
    {
        auto options = small;
        options.epochs = 60;
        options.learningRate = 3e-3;
        const Megnet parent = pretrain(toyData(600, false), options, {}, {}).network;
        auto related = toyData(600, false);
        for (auto &d : related)
            d.target = 2 + 3 * d.target + 0.5 * d.target * d.target;
        options.epochs = 2;
        options.warmUpUpdates = 0;
        options.learningRate = 3e-4;
        const double fresh = pretrain(related, options, {}, {}).testRandom.mae;
        const double started = pretrain(related, options, {}, {}, {}, &parent).testRandom.mae;
        QVERIFY2(started < 0.5 * fresh, qPrintable(QStringLiteral("%1, %2").arg(started).arg(fresh)));
        Megnet foreign;
        foreign.weights = {{"dense_1/kernel", Matrix::Zero(3, 3)}};
        THROWS_ERROR(pretrain(related, options, {}, {}, {}, &foreign), "no array of the names and shapes");
    }

    void theAverageOfTheWeightsIsWhatIsKept()
    {
        const auto data = toyData(300, false);
        auto options = small;
        options.averageDecay = 0.9;
        const auto c = pretrain(data, options, {}, {}).checkpoint;
        QVERIFY(c.average != c.parameters);
        QVERIFY(c.bestEpoch < 4 || c.best == c.average);
        options.averageDecay = 0;
        const auto plain = pretrain(data, options, {}, {}).checkpoint;
        QVERIFY(plain.average == plain.parameters);
    }

    void theTrainedNetworkIsWhatInferenceEvaluates()
    {
        const auto data = toyData(300, false);
        auto options = small;
        options.blocks = 3;
        const auto result = pretrain(data, options, {}, {});
        const auto split = pretrainingSplit(data, options);
        double error = 0; // the same held-out error, by the double-precision evaluation of any network
        for (const auto i : split.testRandom)
            error += std::abs(megnetPrediction(data[i].graph, result.network) - data[i].target) /
                     double(split.testRandom.size());
        COMPARE_NEAR(error, result.testRandom.mae, 1e-5);
    }

    void whatIsWrittenReadsBackAndIsTheSameBytesEveryTime()
    {
        const auto data = toyData(300, true);
        auto options = small;
        options.property = "metal_probability";
        options.epochs = 1;
        Megnet network = pretrain(data, options, {}, {}).network;
        QTemporaryDir folder;
        const auto path = std::filesystem::path(folder.path().toStdString()) / "metal.hdf5";
        const auto again = std::filesystem::path(folder.path().toStdString()) / "again.hdf5";
        writeMegnet(network, path, {{"data", "made up"}});
        const Megnet read = readMegnet(path);
        writeMegnet(network, again, {{"data", "made up"}});
        QVERIFY(readFile(path) == readFile(again));
        QCOMPARE(readFile(path.string() + ".json"), readFile(again.string() + ".json"));
        QCOMPARE(std::distance(std::filesystem::directory_iterator(path.parent_path()), {}), 4);
        QCOMPARE(read.property, std::string("metal_probability"));
        QCOMPARE(read.cutoff_A, network.cutoff_A);
        QVERIFY(read.weights.size() == network.weights.size());
        COMPARE_NEAR(megnetPrediction(data[0].graph, read), megnetPrediction(data[0].graph, network), 1e-15);
        const auto v1 = megnetFeatures(data[0].graph, read, 1);
        QCOMPARE(v1.rows.cols(), 32);
        THROWS_ERROR(writeMegnet(network, "/nowhere/x.hdf5", {}), "/nowhere/x.hdf5: cannot be written");
    }

    void goingOnFromACheckpointIsBitForBitTheSame()
    {
        const auto data = toyData(300, false);
        std::vector<PretrainingCheckpoint> saved;
        const auto whole = pretrain(data, small, {}, {}, [&](const auto &c) { saved.push_back(c); });
        QCOMPARE(saved.size(), 4u);
        const auto rest = pretrain(data, small, saved[1], {});
        compareSameBits(rest.checkpoint, whole.checkpoint);
        QCOMPARE(rest.testRandom.mae, whole.testRandom.mae);
    }

    void aStopInsideAnEpochKeepsTheEpochsBefore()
    {
        const auto data = toyData(300, false);
        std::stop_source source;
        std::vector<PretrainingCheckpoint> saved;
        int calls = 0;
        const Progress progress{[&](double, std::string_view) {
                                    if (++calls == 20) // in the second epoch
                                        source.request_stop();
                                },
                                source.get_token()};
        const auto part = pretrain(data, small, {}, progress, [&](const auto &c) { saved.push_back(c); });
        QVERIFY(!part.isComplete);
        QCOMPARE(part.checkpoint.epoch, 1);
        const auto rest = pretrain(data, small, part.checkpoint, {});
        compareSameBits(rest.checkpoint, pretrain(data, small, {}, {}).checkpoint);
    }

    void theNumberOfThreadsDoesNotMatter()
    {
        const auto data = toyData(200, false);
        setThreadCount(1);
        const auto one = pretrain(data, small, {}, {});
        setThreadCount(4);
        const auto four = pretrain(data, small, {}, {});
        compareSameBits(one.checkpoint, four.checkpoint);
    }

    void wrongOptionsAreNamed()
    {
        auto wrong = [](auto change) {
            PretrainingOptions o;
            change(o);
            check(o);
        };
        check(PretrainingOptions());
        THROWS_ERROR(wrong([](auto &o) { o.property.clear(); }), "property");
        THROWS_ERROR(wrong([](auto &o) { o.embedding = 0; }), "embedding");
        THROWS_ERROR(wrong([](auto &o) { o.blocks = 11; }), "blocks");
        THROWS_ERROR(wrong([](auto &o) { o.set2setSteps = 0; }), "set2setSteps");
        THROWS_ERROR(wrong([](auto &o) { o.cutoff_A = 0; }), "cutoff_A");
        THROWS_ERROR(wrong([](auto &o) { o.sameLength_A = 0.1; }), "sameLength_A");
        THROWS_ERROR(wrong([](auto &o) { o.averageDecay = 1; }), "averageDecay");
        THROWS_ERROR(wrong([](auto &o) { o.gaussians = 1; }), "gaussians");
        THROWS_ERROR(wrong([](auto &o) { o.gaussianWidth_A = 0; }), "gaussianWidth_A");
        THROWS_ERROR(wrong([](auto &o) { o.epochs = 0; }), "epochs");
        THROWS_ERROR(wrong([](auto &o) { o.batchSize = 0; }), "batchSize");
        THROWS_ERROR(wrong([](auto &o) { o.learningRate = 1e-6; }), "learningRate");
        THROWS_ERROR(wrong([](auto &o) { o.warmUpUpdates = -1; }), "warmUpUpdates");
        THROWS_ERROR(wrong([](auto &o) { o.patience = 0; }), "patience");
        THROWS_ERROR(wrong([](auto &o) { o.trimLow = 0.5; }), "trimLow");
        THROWS_ERROR(wrong([](auto &o) { o.validation = 0; }), "validation");
    }

    void tooLittleOrConstantDataIsSaid()
    {
        THROWS_ERROR(pretrain(toyData(15, false), small, {}, {}), "structures to train on");
        auto data = toyData(300, false);
        for (auto &d : data)
            d.target = 1;
        THROWS_ERROR(pretrain(data, small, {}, {}), "do not vary");
        PretrainingCheckpoint foreign;
        foreign.parameters = Eigen::VectorXf::Zero(10);
        THROWS_ERROR(pretrain(toyData(300, false), small, foreign, {}), "another size");
    }
};

QTEST_APPLESS_MAIN(TestPretraining)
#include "tst_pretraining.moc"
