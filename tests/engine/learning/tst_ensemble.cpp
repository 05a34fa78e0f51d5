// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/learning/ensemble.h"

#include "engine/core/parallel.h"
#include "engine/learning/models.h"
#include "tests/support/toy_dataset.h"

#include <algorithm>

using namespace engine;

namespace {
std::vector<AtomFeatures> featuresOf(const Dataset &dataset)
{
    std::vector<AtomFeatures> features;
    for (const Sample &s : dataset.samples)
        features.push_back(s.features);
    return features;
}

struct Threads {
    explicit Threads(int n) { setThreadCount(n); }
    ~Threads() { setThreadCount(0); }
};
}

class TestEnsemble : public QObject {
    Q_OBJECT

    const Dataset m_dataset = toyDataset(45, 4, Rng(1));

    TrainingOptions options() const
    {
        TrainingOptions o = toyOptions();
        o.dropoutFinal = 0.1;
        return o;
    }

private Q_SLOTS:
    void membersDifferAndTheirMeanLearns()
    {
        TrainingOptions o = options();
        o.epochs = 60;
        const Ensemble ensemble = trainEnsemble(m_dataset, 4, o, 7, {});
        QCOMPARE(ensemble.members.size(), 4u);
        QVERIFY(ensemble.members[0] != ensemble.members[1]);
        QVERIFY(ensemble.unfinished.empty());
        QCOMPARE(ensemble.seed, 7u);
        QCOMPARE(ensemble.training, o);
        QCOMPARE(ensemble.trainingIds[3], std::string("s3"));

        const Dataset unseen = toyDataset(40, 4, Rng(2));
        const auto predictions = predict(ensemble, featuresOf(unseen));
        for (std::size_t i = 0; i < unseen.size(); ++i)
            QCOMPARE(predictions[i].p > 0.5, unseen.samples[i].isSuperionic);
    }

    void meanAndSpreadAreOverTheMembers()
    {
        const Ensemble ensemble = trainEnsemble(m_dataset, 3, options(), 7, {});
        const auto features = featuresOf(m_dataset);
        const Matrix p = memberProbabilities(ensemble, features);
        QCOMPARE(p.rows(), 45);
        QCOMPARE(p.cols(), 3);
        const auto predictions = predict(ensemble, features);
        const double mean = p.row(5).mean();
        COMPARE_NEAR(predictions[5].p, mean, 1e-15);
        COMPARE_NEAR(predictions[5].sd, std::sqrt((p.row(5).array() - mean).square().sum() / 2.0), 1e-15);
        const auto alone = predict(ensemble, {features[5]});
        COMPARE_NEAR(alone[0].p, predictions[5].p, 1e-14);
    }

    void aMemberDependsOnSeedAndIndexAlone()
    {
        const auto with = [&](int threads, int members) {
            const Threads count(threads);
            return trainEnsemble(m_dataset, members, options(), 7, {}).members;
        };
        const auto one = with(1, 3);
        QVERIFY(with(2, 3) == one);
        QVERIFY(with(8, 3) == one);
        QVERIFY(with(1, 2)[1] == one[1]);
        QVERIFY(trainEnsemble(m_dataset, 1, options(), 8, {}).members[0] != one[0]);
    }

    void aStopKeepsWhatThereIsAndTheRestCanFollow_data()
    {
        QTest::addColumn<int>("threads");
        QTest::addColumn<double>("stopAt");
        QTest::addColumn<int>("epochs");
        QTest::newRow("in the first member") << 1 << 0.1 << 20;
        QTest::newRow("in the third of four") << 1 << 0.6 << 20;
        // So early and so long that the thread which asks need not be the faster one.
        QTest::newRow("in two at once") << 2 << 0.1 << 3000;
    }

    void aStopKeepsWhatThereIsAndTheRestCanFollow()
    {
        QFETCH(int, threads);
        QFETCH(double, stopAt);
        QFETCH(int, epochs);
        TrainingOptions training = options();
        training.epochs = epochs;
        const Threads count(threads);
        std::stop_source stop;
        const Progress progress{[&](double fraction, std::string_view) {
                                    if (fraction >= stopAt)
                                        stop.request_stop();
                                },
                                stop.get_token()};
        const Ensemble stopped = trainEnsemble(m_dataset, 4, training, 7, progress);
        QVERIFY(!stopped.members.empty());
        QCOMPARE(stopped.unfinished.size(), 4u);
        QVERIFY(std::any_of(stopped.unfinished.begin(), stopped.unfinished.end(),
                            [&](const Checkpoint &c) { return c.epoch < training.epochs; }));
        QCOMPARE(predict(stopped, featuresOf(m_dataset)).size(), m_dataset.size());

        const Ensemble resumed = resumeEnsemble(m_dataset, stopped, {});
        QVERIFY(resumed.unfinished.empty());
        QVERIFY(resumed.members == trainEnsemble(m_dataset, 4, training, 7, {}).members);
    }

    void aStopBeforeTheFirstEpochIsCancelled()
    {
        std::stop_source stop;
        stop.request_stop();
        QVERIFY_THROWS_EXCEPTION(Cancelled, trainEnsemble(m_dataset, 4, options(), 7, {{}, stop.get_token()}));
    }

    void progressRisesToOne()
    {
        double last = 0.0;
        bool rises = true;
        const Threads count(1);
        trainEnsemble(m_dataset, 2, options(), 7,
                      {[&](double f, std::string_view) {
                           rises = rises && f >= last && f <= 1.0;
                           last = f;
                       },
                       {}});
        QVERIFY(rises);
        QCOMPARE(last, 1.0);
    }

    void givenWeightsAreTheStart()
    {
        TrainingOptions o = options();
        o.epochs = 60;
        const Weights start = trainEnsemble(m_dataset, 1, o, 7, {}).members[0];
        o.epochs = 1;
        o.learningRate = 1e-12;
        const Weights next = trainEnsemble(m_dataset, 1, o, 8, {}, &start).members[0];
        for (std::size_t k = 0; k < start.size(); ++k)
            COMPARE_MATRIX(next[k].array, start[k].array, 1e-9);
        const Weights wrong = {{"initial_0/kernel", Matrix::Zero(3, 8)}};
        THROWS_ERROR(trainEnsemble(m_dataset, 1, o, 8, {}, &wrong), "\"initial_0/kernel\" is 3 × 8 instead of 4 × 8");
    }

    void trainingMeansAreOverAtoms()
    {
        const Ensemble ensemble = trainEnsemble(m_dataset, 1, options(), 7, {});
        for (std::size_t i = 0; i < m_dataset.size(); i += 7) {
            const AtomFeatures &f = m_dataset.samples[i].features;
            RowVector sum = RowVector::Zero(4);
            for (int site = 0; site < f.orbits.sites(); ++site)
                sum += f.rows.row(f.orbits.orbitOfSite[site]);
            COMPARE_MATRIX(ensemble.trainingMeans.row(Eigen::Index(i)), sum / double(f.orbits.sites()), 1e-14);
            COMPARE_MATRIX(meanRow(f), sum / double(f.orbits.sites()), 1e-14);
        }
    }

    void impossibleRequestsAreErrors()
    {
        THROWS_ERROR(trainEnsemble(m_dataset, 0, options(), 7, {}), "members must be at least 1, not 0");
        THROWS_ERROR(trainEnsemble(Dataset{}, 1, options(), 7, {}), "there are none");
        const Ensemble ensemble = trainEnsemble(m_dataset, 1, options(), 7, {});
        THROWS_ERROR(predict(ensemble, featuresOf(toyDataset(3, 5, Rng(4)))),
                     "5 features per atom, the ensemble was trained on 4");
        THROWS_ERROR(predict(Ensemble{}, featuresOf(m_dataset)), "no members");
        THROWS_ERROR(resumeEnsemble(toyDataset(44, 4, Rng(1)), ensemble, {}), "samples that it began with");
        QVERIFY(predict(ensemble, {}).empty());
    }
};

QTEST_APPLESS_MAIN(TestEnsemble)
#include "tst_ensemble.moc"
