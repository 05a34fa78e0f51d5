// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/learning/classifier_pretraining.h"

#include "tests/support/shared.h"
#include "tests/support/toy_dataset.h"

using namespace engine;

namespace {

std::vector<std::string> systemsOf(const Dataset &dataset)
{
    std::vector<std::string> systems;
    for (std::size_t i = 0; i < dataset.size(); ++i)
        systems.push_back("system " + std::to_string(i / 4));
    return systems;
}

const PretrainingOptions split{.testSystems = 0.2, .testRandom = 0.1};

}

class TestClassifierPretraining : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void itLearnsWhatCanBeToldApart()
    {
        const Dataset dataset = toyDataset(200, 6, Rng(1));
        const auto result = pretrainClassifier(dataset, systemsOf(dataset), toyOptions(), split, {});
        QCOMPARE(result.ensemble.members.size(), 1u);
        QCOMPARE(result.testSystems.n, 40);
        QCOMPARE(result.testRandom.n, 20);
        QCOMPARE(result.trainingSamples, 140);
        QVERIFY2(result.testSystems.accuracy > 0.9, qPrintable(QString::number(result.testSystems.accuracy)));
        QVERIFY(result.testSystems.accuracyOfOnes > 0.8 && result.testSystems.accuracyOfZeros > 0.8);
        QVERIFY(result.ensemble.trainingIds.empty() && result.ensemble.trainingMeans.size() == 0);
    }

    void shuffledClassesAreNotLearnt()
    {
        Dataset dataset = toyDataset(400, 6, Rng(1));
        Rng rng(2);
        for (Sample &s : dataset.samples)
            s.isSuperionic = rng.uniform() < 0.5;
        const auto result = pretrainClassifier(dataset, systemsOf(dataset), toyOptions(), split, {});
        QVERIFY2(std::abs(result.testSystems.accuracy - 0.5) < 0.2,
                 qPrintable(QString::number(result.testSystems.accuracy)));
    }

    void trainingStartsFromItsWeights()
    {
        const Dataset dataset = toyDataset(200, 6, Rng(1));
        const auto result = pretrainClassifier(dataset, systemsOf(dataset), toyOptions(), split, {});
        TrainingOptions once = toyOptions();
        once.epochs = 1;
        once.learningRate = 1e-4;
        const Dataset few = toyDataset(30, 6, Rng(5));
        const auto score = [&](const Weights *start) {
            const Ensemble ensemble = trainEnsemble(few, 1, once, 3, {}, start);
            std::vector<double> p;
            std::vector<bool> labels;
            std::vector<AtomFeatures> features;
            for (const Sample &s : dataset.samples) {
                features.push_back(s.features);
                labels.push_back(s.isSuperionic);
            }
            for (const Prediction &q : predict(ensemble, features))
                p.push_back(q.p);
            return averagePrecision(p, labels);
        };
        QVERIFY(score(&result.ensemble.members.front()) > 0.9);
        QVERIFY(score(nullptr) < 0.8);
    }

    void aStopLeavesNothing()
    {
        const Dataset dataset = toyDataset(100, 6, Rng(1));
        std::stop_source source;
        source.request_stop();
        QVERIFY_EXCEPTION_THROWN(
            pretrainClassifier(dataset, systemsOf(dataset), toyOptions(), split, {{}, source.get_token()}), Cancelled);
    }
};

QTEST_APPLESS_MAIN(TestClassifierPretraining)
#include "tst_classifier_pretraining.moc"
