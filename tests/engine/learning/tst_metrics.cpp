// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/learning/metrics.h"

#include "tests/support/shared.h"

#include <cmath>

using namespace engine;

namespace {
std::vector<bool> labelsFrom(const nlohmann::json &list)
{
    std::vector<bool> labels;
    for (const int x : list)
        labels.push_back(x != 0);
    return labels;
}
}

class TestMetrics : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void agreesWithTheReference()
    {
        NEEDS_SHARED("golden/learn/metrics_50.json");
        const auto json = sharedJson("golden/learn/metrics_50.json");
        const auto labels = labelsFrom(json["label"]);
        const std::vector<double> scores = json["score"];
        COMPARE_NEAR(averagePrecision(scores, labels), json["average_precision"].get<double>(), 1e-10);
        COMPARE_NEAR(aucPrTrapezoid(scores, labels), json["auc_pr_trapezoid"].get<double>(), 1e-10);
        COMPARE_NEAR(rocAuc(scores, labels), json["roc_auc"].get<double>(), 1e-10);
        const Confusion c = confusion(scores, labels);
        const auto &expected = json["confusion"];
        QCOMPARE(c, (Confusion{expected["tp"], expected["fp"], expected["tn"], expected["fn"]}));
        COMPARE_NEAR(mcc(c), json["mcc"].get<double>(), 1e-10);

        const PrCurve curve = prCurve(scores, labels);
        QCOMPARE(curve.precision.size(), json["precision"].size());
        QCOMPARE(curve.threshold.size(), json["thresholds"].size());
        for (std::size_t i = 0; i < curve.precision.size(); ++i) {
            COMPARE_NEAR(curve.precision[i], json["precision"][i].get<double>(), 1e-10);
            COMPARE_NEAR(curve.recall[i], json["recall"][i].get<double>(), 1e-10);
        }
        for (std::size_t i = 0; i < curve.threshold.size(); ++i)
            QCOMPARE(curve.threshold[i], json["thresholds"][i].get<double>());
    }

    void aConstantScoreAgreesWithTheReference()
    {
        NEEDS_SHARED("golden/learn/metrics_50.json");
        const auto json = sharedJson("golden/learn/metrics_50.json");
        const auto &constant = json["constant_score"];
        const auto labels = labelsFrom(json["label"]);
        const std::vector<double> scores = constant["score"];
        COMPARE_NEAR(averagePrecision(scores, labels), constant["average_precision"].get<double>(), 1e-10);
        COMPARE_NEAR(aucPrTrapezoid(scores, labels), constant["auc_pr_trapezoid"].get<double>(), 1e-10);
        COMPARE_NEAR(mcc(confusion(scores, labels)), constant["mcc"].get<double>(), 1e-10);
    }

    void tiedScoresAgreeWithTheReference()
    {
        NEEDS_SHARED("golden/crystal/logreg.json");
        const auto json = sharedJson("golden/crystal/logreg.json")["tied_scores"];
        const auto labels = labelsFrom(json["y"]);
        const std::vector<double> scores = json["score"];
        COMPARE_NEAR(averagePrecision(scores, labels), json["average_precision"].get<double>(), 1e-8);
        COMPARE_NEAR(aucPrTrapezoid(scores, labels), json["auc_pr_trapezoid"].get<double>(), 1e-8);
        const PrCurve curve = prCurve(scores, labels);
        QCOMPARE(curve.precision.size(), json["precision"].size());
        for (std::size_t i = 0; i < curve.precision.size(); ++i) {
            COMPARE_NEAR(curve.precision[i], json["precision"][i].get<double>(), 1e-8);
            COMPARE_NEAR(curve.recall[i], json["recall"][i].get<double>(), 1e-8);
        }
    }

    void theOrderOfSamplesDoesNotMatter()
    {
        const std::vector<double> scores = {0.9, 0.5, 0.5, 0.1, 0.5}, reversed(scores.rbegin(), scores.rend());
        const std::vector<bool> labels = {true, false, true, false, true},
                                reversedLabels(labels.rbegin(), labels.rend());
        QCOMPARE(averagePrecision(scores, labels), averagePrecision(reversed, reversedLabels));
        QCOMPARE(rocAuc(scores, labels), rocAuc(reversed, reversedLabels));
    }

    void perfectRankingHasFullMarks()
    {
        const std::vector<double> scores = {0.1, 0.2, 0.8, 0.9};
        const std::vector<bool> labels = {false, false, true, true};
        QCOMPARE(averagePrecision(scores, labels), 1.0);
        QCOMPARE(aucPrTrapezoid(scores, labels), 1.0);
        QCOMPARE(rocAuc(scores, labels), 1.0);
        QCOMPARE(mcc(confusion(scores, labels)), 1.0);
    }

    void aScoreAtTheThresholdIsPositive() { QCOMPARE(confusion({0.5}, {true}), (Confusion{.tp = 1})); }

    void mccIsZeroWhenAMarginalIs()
    {
        QCOMPARE(mcc({.tp = 3, .fp = 2}), 0.0);
        QCOMPARE(mcc({.tn = 3, .fn = 2}), 0.0);
        QCOMPARE(mcc({}), 0.0);
    }

    void withoutPositivesThereIsNoAveragePrecision()
    {
        QVERIFY(std::isnan(averagePrecision({0.1, 0.2}, {false, false})));
        QVERIFY(std::isnan(aucPrTrapezoid({0.1, 0.2}, {false, false})));
        QVERIFY(std::isnan(rocAuc({0.1, 0.2}, {false, false})));
        QVERIFY(std::isnan(rocAuc({0.1, 0.2}, {true, true})));
        QVERIFY(std::isnan(averagePrecision({}, {})));
        QCOMPARE(averagePrecision({0.1, 0.2}, {true, true}), 1.0);
    }

    void meanAndSpreadAreTheSamples()
    {
        QCOMPARE(meanSd({1.0, 2.0, 6.0}).mean, 3.0);
        COMPARE_NEAR(meanSd({1.0, 2.0, 6.0}).sd, std::sqrt((4.0 + 1.0 + 9.0) / 2.0), 1e-15);
        QCOMPARE(meanSd({4.0}), (MeanSd{4.0, 0.0}));
        QCOMPARE(meanSd({std::nan(""), 4.0}), (MeanSd{4.0, 0.0}));
        QVERIFY(std::isnan(meanSd({}).mean));
    }
};

QTEST_APPLESS_MAIN(TestMetrics)
#include "tst_metrics.moc"
