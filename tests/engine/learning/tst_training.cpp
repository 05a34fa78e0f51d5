// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/learning/atomsets.h"
#include "engine/learning/models.h"
#include "engine/learning/training_loop.h"

#include "tests/support/toy_dataset.h"

#include <cmath>

using namespace engine;

namespace {
struct Trained {
    Checkpoint checkpoint;
    Weights weights;
};

/// A fresh model trained with these options; `change` may adapt the run.
Trained train(const TrainingOptions &options, const Batch &training,
              const std::function<void(TrainingRun &)> &change = {})
{
    const auto model = makeModel(options, 4, Rng(1));
    TrainingRun run{.rng = Rng(2)};
    if (change)
        change(run);
    const Checkpoint checkpoint = model->train(training, run);
    return {checkpoint, model->weights()};
}

/// All that can go on in a training: dropout, moments, slow weights, a schedule.
TrainingOptions fullOptions()
{
    TrainingOptions options = toyOptions();
    options.dropoutInitial = options.dropoutFinal = 0.2;
    options.optimizer = "lamb";
    options.lookahead = true;
    options.learningRateMax = 0.02;
    options.epochs = 12;
    return options;
}

/// AtomSets that requests a stop while it works on a given update, as a user might at any time.
class Interrupted : public Model {
public:
    explicit Interrupted(int updates) : m_left(updates) {}

    Checkpoint train(const Batch &training, const TrainingRun &given) override
    {
        std::stop_source stop;
        if (m_left == 0)
            stop.request_stop();
        TrainingRun run = given;
        run.stop = stop.get_token();
        const auto loss = [&](const Batch &batch, Rng rng, Weights &gradient) {
            if (--m_left == 0)
                stop.request_stop();
            m_inner.setWeights(m_weights);
            return m_inner.lossAndGradient(batch, &rng, gradient).total();
        };
        return trainInBatches(*this, m_weights, loss, training, fullOptions(), run);
    }
    Vector predict(const Batch &batch) const override { return makeModel(fullOptions(), m_weights)->predict(batch); }
    Weights weights() const override { return m_weights; }
    void setWeights(const Weights &weights) override { m_weights = weights; }

private:
    int m_left;
    AtomSets m_inner{fullOptions(), 4, Rng(1)};
    Weights m_weights = m_inner.weights();
};

Checkpoint stopAfter(int updates, const Batch &training, const Batch &validation)
{
    return Interrupted(updates).train(training, {.rng = Rng(2), .validation = &validation});
}
}

class TestTraining : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyPresetIsAllowed()
    {
        check(preset("quick"));
        check(preset("paper"));
        QCOMPARE(preset("quick"), TrainingOptions{});
        QCOMPARE(preset("paper").pooling, std::string("set2set"));
        QCOMPARE(preset("paper").epochs, 183);
        THROWS_ERROR(preset("best"), "preset \"best\": must be one of quick, paper");
    }

    void optionsOutOfRangeAreErrors()
    {
        const auto provoke = [](auto change) {
            TrainingOptions options;
            change(options);
            check(options);
        };
        const double nan = std::nan("");
        THROWS_ERROR(provoke([](auto &o) { o.model = "forest"; }),
                     "model \"forest\": must be one of atomsets, logistic");
        THROWS_ERROR(provoke([](auto &o) { o.pooling = "max"; }), "pooling \"max\": must be one of mean, set2set");
        THROWS_ERROR(provoke([](auto &o) { o.layers = 0; }), "layers 0: must be from 1 to 16");
        THROWS_ERROR(provoke([](auto &o) { o.neurons = 100000; }), "neurons 100000: must be from 1 to 4096");
        THROWS_ERROR(provoke([](auto &o) { o.set2setHidden = -1; }), "set2setHidden -1");
        THROWS_ERROR(provoke([](auto &o) { o.set2setSteps = 0; }), "set2setSteps 0");
        THROWS_ERROR(provoke([](auto &o) { o.dropoutInitial = 1.0; }),
                     "dropoutInitial 1: must be at least 0 and below 1");
        THROWS_ERROR(provoke([](auto &o) { o.dropoutFinal = -0.1; }), "dropoutFinal -0.1");
        THROWS_ERROR(provoke([](auto &o) { o.l2Initial = -1e-3; }), "l2Initial");
        THROWS_ERROR(provoke([&](auto &o) { o.l2Final = nan; }), "l2Final nan: must be at least 0");
        THROWS_ERROR(provoke([](auto &o) { o.optimizer = "sgd"; }), "optimizer \"sgd\": must be one of adam, lamb");
        THROWS_ERROR(provoke([](auto &o) { o.learningRate = 0.0; }), "learningRate 0: must be above 0");
        THROWS_ERROR(provoke([](auto &o) { o.learningRateMax = -1.0; }), "learningRateMax -1");
        THROWS_ERROR(provoke([](auto &o) { o.weightDecay = INFINITY; }), "weightDecay inf: must be at least 0");
        THROWS_ERROR(provoke([](auto &o) { o.batchSize = 0; }), "batchSize 0");
        THROWS_ERROR(provoke([](auto &o) { o.epochs = 0; }), "epochs 0");
        THROWS_ERROR(provoke([](auto &o) { o.inverseRegularisation = 0.0; }),
                     "inverseRegularisation 0: must be above 0");
    }

    void goingOnFromACheckpointIsNeverStopping_data()
    {
        QTest::addColumn<int>("stopAfterUpdates"); // 30 structures in batches of 8: 4 updates per epoch
        QTest::newRow("before the first update") << 0;
        QTest::newRow("after the first epoch") << 4;
        QTest::newRow("within an epoch") << 22;
        QTest::newRow("at the end") << 48;
    }

    void goingOnFromACheckpointIsNeverStopping()
    {
        QFETCH(int, stopAfterUpdates);
        const Batch training = makeBatch(toyDataset(30, 4, Rng(3))),
                    validation = makeBatch(toyDataset(20, 4, Rng(4), 0.0));
        const auto validated = [&](TrainingRun &run) { run.validation = &validation; };
        const Trained straight = train(fullOptions(), training, validated);

        const Checkpoint stopped = stopAfter(stopAfterUpdates, training, validation);
        QCOMPARE(stopped.epoch, stopAfterUpdates / 4);
        QCOMPARE(stopped.batch, stopAfterUpdates % 4);
        const Trained resumed = train(fullOptions(), training, [&](TrainingRun &run) {
            validated(run);
            run.rng = Rng(99); // the checkpoint's counts
            run.resume = &stopped;
        });
        QVERIFY(resumed.weights == straight.weights);
        QVERIFY(resumed.checkpoint == straight.checkpoint);
    }

    void aFinishedTrainingCanBeContinued()
    {
        const Batch training = makeBatch(toyDataset(30, 4, Rng(3)));
        TrainingOptions shorter = fullOptions();
        shorter.epochs = 5;
        const Checkpoint five = train(shorter, training).checkpoint;
        const Trained twelve = train(fullOptions(), training, [&](TrainingRun &run) { run.resume = &five; });
        QVERIFY(twelve.checkpoint == train(fullOptions(), training).checkpoint);
    }

    void aStopKeepsTheBest()
    {
        const Batch training = makeBatch(toyDataset(30, 4, Rng(3))),
                    validation = makeBatch(toyDataset(40, 4, Rng(4), 0.0));
        const Checkpoint stopped = stopAfter(34, training, validation);
        QCOMPARE(stopped.history.size(), 8u);
        double highest = 0.0;
        for (const EpochRecord &record : stopped.history)
            highest = std::max(highest, record.aucPr);
        QCOMPARE(stopped.history[stopped.bestEpoch - 1].aucPr, highest);
        // The kept weights are those that scored so.
        const Vector p = makeModel(fullOptions(), stopped.bestWeights)->predict(validation);
        QCOMPARE(averagePrecision({p.begin(), p.end()}, {validation.labels.begin(), validation.labels.end()}), highest);
    }

    void withoutValidationTheLastEpochIsTheBest()
    {
        const Trained trained = train(fullOptions(), makeBatch(toyDataset(30, 4, Rng(3))));
        QCOMPARE(trained.checkpoint.bestEpoch, 12);
        QVERIFY(trained.checkpoint.bestWeights == trained.weights);
        QVERIFY(std::isnan(trained.checkpoint.history[0].aucPr));
    }

    void everyEpochIsTold()
    {
        std::vector<EpochRecord> told;
        const Trained trained = train(fullOptions(), makeBatch(toyDataset(30, 4, Rng(3))), [&](TrainingRun &run) {
            run.onEpoch = [&](const EpochRecord &record) { told.push_back(record); };
        });
        QCOMPARE(told.size(), 12u);
        QCOMPARE(told.back().epoch, 12);
        QVERIFY(told == trained.checkpoint.history);
    }

    void dropoutPerSiteIsAnotherTraining()
    {
        const Dataset dataset = toyDataset(30, 4, Rng(3));
        TrainingOptions options = fullOptions();
        options.perSite = true;
        const Trained perSite = train(options, makeBatch(dataset, true)),
                      perOrbit = train(fullOptions(), makeBatch(dataset));
        QVERIFY(perSite.weights != perOrbit.weights);
        options.dropoutInitial = 0.0; // without masks on atoms, sites and orbits are the same
        QVERIFY(largestDifference(train(options, makeBatch(dataset, true)).weights[0].array,
                                  train(options, makeBatch(dataset)).weights[0].array) < 1e-9);
    }

    void labelsOfOneKindAreErrors()
    {
        Batch training = makeBatch(toyDataset(30, 4, Rng(3)));
        training.labels.setZero();
        THROWS_ERROR(train(fullOptions(), training), "all 30 are not superionic");
        training.labels.setOnes();
        THROWS_ERROR(train(fullOptions(), training), "all 30 are superionic");
        THROWS_ERROR(train(fullOptions(), makeBatch(Dataset{})), "there are none");
    }

    void divergenceIsAnError()
    {
        TrainingOptions options = toyOptions();
        options.learningRate = 1e300;
        THROWS_ERROR(train(options, makeBatch(toyDataset(30, 4, Rng(3)))),
                     "diverged in epoch 1: choose a smaller learningRate");
    }

    void checkpointsOfOtherTrainingsAreErrors()
    {
        const Batch training = makeBatch(toyDataset(30, 4, Rng(3)));
        Checkpoint checkpoint = train(toyOptions(), training).checkpoint;
        const auto resume = [&](const TrainingOptions &options) {
            train(options, training, [&](TrainingRun &run) { run.resume = &checkpoint; });
        };
        THROWS_ERROR(resume(fullOptions()), "slow/initial_0/kernel");
        checkpoint.batch = 5;
        THROWS_ERROR(resume(toyOptions()), "other training data");
    }
};

QTEST_APPLESS_MAIN(TestTraining)
#include "tst_training.moc"
