// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/learning/cross_validation.h"

#include "engine/core/parallel.h"
#include "engine/learning/ensemble.h"
#include "tests/support/toy_dataset.h"

#include <cmath>
#include <map>

using namespace engine;

namespace {
std::vector<bool> labelsOf(const Dataset &dataset)
{
    std::vector<bool> labels;
    for (const Sample &s : dataset.samples)
        labels.push_back(s.isSuperionic);
    return labels;
}

bool same(const CrossValidation &a, const CrossValidation &b)
{
    return a.folds == b.folds && a.aucPr == b.aucPr && a.mcc == b.mcc && a.meanControl == b.meanControl &&
           a.shuffledControl == b.shuffledControl && a.predictions == b.predictions && a.epochs == b.epochs;
}

struct Threads {
    explicit Threads(int n) { setThreadCount(n); }
    ~Threads() { setThreadCount(0); }
};
}

class TestCrossValidation : public QObject {
    Q_OBJECT

    const Dataset m_dataset = toyDataset(60, 4, Rng(1));
    const std::vector<Fold> m_folds = stratifiedKFold(labelsOf(m_dataset), 3, Rng(2));

    TrainingOptions options() const
    {
        TrainingOptions o = toyOptions();
        o.dropoutInitial = 0.1;
        return o;
    }

private Q_SLOTS:
    void aLearnableSetBeatsItsControls()
    {
        TrainingOptions o = options();
        o.epochs = 60;
        const CrossValidation cv = crossValidate(m_dataset, m_folds, o, Rng(3), {});
        QVERIFY(cv.aucPr.mean > 0.95);
        QVERIFY(cv.mcc.mean > 0.8);
        // A third of the samples is positive, in every fold: a constant score has just that precision, and no correlation.
        COMPARE_NEAR(cv.meanControl.aucPr, 20.0 / 60.0, 0.02);
        QCOMPARE(cv.meanControl.mcc, 0.0);
        QVERIFY(cv.shuffledControl.aucPr < 0.75);
        QVERIFY(std::abs(cv.shuffledControl.mcc) < 0.5);
    }

    void everySampleIsPredictedByTheFoldThatDidNotSeeIt()
    {
        const CrossValidation cv = crossValidate(m_dataset, m_folds, options(), Rng(3), {});
        QCOMPARE(cv.predictions.size(), m_dataset.size());
        std::map<std::string, int> foldOf;
        for (const FoldPrediction &p : cv.predictions) {
            QVERIFY(p.p >= 0.0 && p.p <= 1.0);
            foldOf[p.id] = p.fold;
        }
        for (int f = 0; f < 3; ++f)
            for (const std::size_t i : m_folds[f].validation)
                QCOMPARE(foldOf.at(m_dataset.samples[i].id), f);
    }

    void scoresAreThoseOfThePredictions()
    {
        const CrossValidation cv = crossValidate(m_dataset, m_folds, options(), Rng(3), {});
        for (int f = 0; f < 3; ++f) {
            std::vector<double> scores;
            std::vector<bool> labels;
            for (const FoldPrediction &p : cv.predictions) {
                if (p.fold == f) {
                    scores.push_back(p.p);
                    labels.push_back(p.label);
                }
            }
            const FoldScore &score = cv.folds[f];
            QCOMPARE(score.n, int(labels.size()));
            QCOMPARE(score.aucPr, averagePrecision(scores, labels));
            QCOMPARE(score.aucPrTrapezoid, aucPrTrapezoid(scores, labels));
            QCOMPARE(score.mcc, mcc(confusion(scores, labels)));
            QCOMPARE(int(cv.epochs[f].size()), options().epochs);
            QCOMPARE(cv.epochs[f].back().aucPr, score.aucPr); // the last epoch's, not the best's
            QVERIFY(score.bestEpoch >= 1 && score.bestEpoch <= options().epochs);
        }
    }

    void theNumberOfThreadsDoesNotMatter_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("pooling");
        QTest::newRow("mean pooling") << "atomsets"
                                      << "mean";
        QTest::newRow("Set2Set") << "atomsets"
                                 << "set2set";
        QTest::newRow("logistic") << "logistic"
                                  << "mean";
    }

    void theNumberOfThreadsDoesNotMatter()
    {
        QFETCH(QString, model);
        QFETCH(QString, pooling);
        TrainingOptions o = options();
        o.model = model.toStdString();
        o.pooling = pooling.toStdString();
        const auto with = [&](int n) {
            const Threads threads(n);
            return crossValidate(m_dataset, m_folds, o, Rng(3), {});
        };
        const CrossValidation one = with(1);
        QVERIFY(same(with(2), one));
        QVERIFY(same(with(8), one));
    }

    void theSeedMatters()
    {
        QVERIFY(!same(crossValidate(m_dataset, m_folds, options(), Rng(3), {}),
                      crossValidate(m_dataset, m_folds, options(), Rng(4), {})));
    }

    void repeatsAreMoreFolds()
    {
        std::vector<Fold> folds = m_folds;
        for (const Fold &fold : stratifiedKFold(labelsOf(m_dataset), 3, Rng(20)))
            folds.push_back(fold);
        const CrossValidation cv = crossValidate(m_dataset, folds, options(), Rng(3), {});
        QCOMPARE(cv.folds.size(), 6u);
        QCOMPARE(cv.predictions.size(), 2 * m_dataset.size());
        QCOMPARE(cv.folds[0], crossValidate(m_dataset, m_folds, options(), Rng(3), {}).folds[0]);
    }

    void aFoldWithoutPositivesIsLeftOutOfTheAverage()
    {
        std::vector<Fold> folds = m_folds;
        std::erase_if(folds[1].validation, [&](std::size_t i) { return m_dataset.samples[i].isSuperionic; });
        const CrossValidation cv = crossValidate(m_dataset, folds, options(), Rng(3), {});
        QVERIFY(std::isnan(cv.folds[1].aucPr));
        COMPARE_NEAR(cv.aucPr.mean, (cv.folds[0].aucPr + cv.folds[2].aucPr) / 2.0, 1e-15);
        QCOMPARE(cv.folds[1].mcc, 0.0);
    }

    void everyEpochOfEveryFoldIsToldOnce()
    {
        std::vector<std::vector<EpochRecord>> told(3);
        const CrossValidation cv =
            crossValidate(m_dataset, m_folds, options(), Rng(3), {},
                          [&](std::size_t fold, const EpochRecord &r) { told[fold].push_back(r); });
        QVERIFY(told == cv.epochs);
    }

    void progressRisesToOne()
    {
        double last = 0.0;
        bool rises = true;
        const Threads threads(1);
        crossValidate(m_dataset, m_folds, options(), Rng(3),
                      {[&](double f, std::string_view) {
                           rises = rises && f >= last && f <= 1.0;
                           last = f;
                       },
                       {}});
        QVERIFY(rises);
        QCOMPARE(last, 1.0);
    }

    void aStopIsCancelled()
    {
        std::stop_source stop;
        int told = 0;
        QVERIFY_THROWS_EXCEPTION(Cancelled, crossValidate(m_dataset, m_folds, options(), Rng(3), {{}, stop.get_token()},
                                                          [&](std::size_t, const EpochRecord &) {
                                                              if (++told == 5)
                                                                  stop.request_stop();
                                                          }));
        QVERIFY(told < 3 * options().epochs);
    }

    void givenWeightsAreTheStart()
    {
        TrainingOptions o = options();
        o.learningRate = 1e-12; // hardly moves
        const CrossValidation own = crossValidate(m_dataset, m_folds, o, Rng(3), {});
        TrainingOptions longer = options();
        longer.epochs = 60;
        const Weights trained = trainEnsemble(m_dataset, 1, longer, 1, {}).members[0];
        const CrossValidation started = crossValidate(m_dataset, m_folds, o, Rng(3), {}, {}, &trained);
        QVERIFY(started.aucPr.mean > 0.95);
        QVERIFY(own.aucPr.mean < started.aucPr.mean);
        const Weights wrong = {{"kernel", Matrix::Zero(1, 1)}};
        THROWS_ERROR(crossValidate(m_dataset, m_folds, o, Rng(3), {}, {}, &wrong), "\"initial_0/kernel\" is missing");
    }

    void unusableFoldsAreErrors()
    {
        THROWS_ERROR(crossValidate(m_dataset, {}, options(), Rng(3), {}), "needs folds");
        std::vector<Fold> folds = m_folds;
        folds[1].validation.clear();
        THROWS_ERROR(crossValidate(m_dataset, folds, options(), Rng(3), {}), "fold 2: has no validation samples");
        folds[1].validation = {60};
        THROWS_ERROR(crossValidate(m_dataset, folds, options(), Rng(3), {}), "fold 2: there is no sample 60");
        TrainingOptions bad = options();
        bad.epochs = 0;
        THROWS_ERROR(crossValidate(m_dataset, m_folds, bad, Rng(3), {}), "epochs 0");
        folds = m_folds;
        folds[0].training = {1, 2};
        THROWS_ERROR(crossValidate(m_dataset, folds, options(), Rng(3), {}), "all 2 are not superionic");
    }
};

QTEST_APPLESS_MAIN(TestCrossValidation)
#include "tst_cross_validation.moc"
