// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/learning/metrics.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

namespace engine {

namespace {
constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();

/// How many positives and negatives have each distinct score, from the lowest score to the highest.
struct Level {
    double score;
    long positives, negatives;
};

std::vector<Level> levels(const std::vector<double> &scores, const std::vector<bool> &labels)
{
    assert(scores.size() == labels.size() && "one label per score");
    std::vector<std::size_t> order(scores.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return scores[a] < scores[b]; });
    std::vector<Level> result;
    for (const std::size_t i : order) {
        if (result.empty() || scores[i] > result.back().score)
            result.push_back({scores[i], 0, 0});
        ++(labels[i] ? result.back().positives : result.back().negatives);
    }
    return result;
}
}

Confusion confusion(const std::vector<double> &scores, const std::vector<bool> &labels, double threshold)
{
    assert(scores.size() == labels.size() && "one label per score");
    Confusion c;
    for (std::size_t i = 0; i < scores.size(); ++i) {
        const bool predicted = scores[i] >= threshold;
        ++(labels[i] ? (predicted ? c.tp : c.fn) : (predicted ? c.fp : c.tn));
    }
    return c;
}

double mcc(const Confusion &c)
{
    // MCC = (TP TN − FP FN) / √((TP + FP)(TP + FN)(TN + FP)(TN + FN))
    const double tp = c.tp, fp = c.fp, tn = c.tn, fn = c.fn;
    const double marginals = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn);
    return marginals > 0.0 ? (tp * tn - fp * fn) / std::sqrt(marginals) : 0.0;
}

PrCurve prCurve(const std::vector<double> &scores, const std::vector<bool> &labels)
{
    const double positives = double(std::count(labels.begin(), labels.end(), true));
    PrCurve curve;
    double tp = positives, predicted = double(scores.size());
    for (const Level &level : levels(scores, labels)) {
        curve.threshold.push_back(level.score);
        curve.precision.push_back(tp / predicted);
        curve.recall.push_back(positives > 0.0 ? tp / positives : notANumber);
        tp -= double(level.positives);
        predicted -= double(level.positives + level.negatives);
    }
    curve.precision.push_back(1.0);
    curve.recall.push_back(positives > 0.0 ? 0.0 : notANumber);
    return curve;
}

double averagePrecision(const std::vector<double> &scores, const std::vector<bool> &labels)
{
    const auto [P, R, thresholds] = prCurve(scores, labels);
    double sum = R.back(); // 0, or not a number
    for (std::size_t k = 0; k + 1 < R.size(); ++k)
        sum += (R[k] - R[k + 1]) * P[k];
    return sum;
}

double aucPrTrapezoid(const std::vector<double> &scores, const std::vector<bool> &labels)
{
    const auto [P, R, thresholds] = prCurve(scores, labels);
    double sum = R.back();
    for (std::size_t k = 0; k + 1 < R.size(); ++k)
        sum += (R[k] - R[k + 1]) * (P[k] + P[k + 1]) / 2.0;
    return sum;
}

double rocAuc(const std::vector<double> &scores, const std::vector<bool> &labels)
{
    double below = 0.0, pairsWon = 0.0, positives = 0.0; // negatives below the level; pairs with the positive above
    for (const Level &level : levels(scores, labels)) {
        pairsWon += double(level.positives) * (below + double(level.negatives) / 2.0);
        below += double(level.negatives);
        positives += double(level.positives);
    }
    return positives > 0.0 && below > 0.0 ? pairsWon / (positives * below) : notANumber;
}

MeanSd meanSd(const std::vector<double> &values)
{
    double n = 0.0, sum = 0.0, squares = 0.0;
    for (const double v : values)
        if (!std::isnan(v))
            sum += v, ++n;
    if (n == 0.0)
        return {notANumber, notANumber};
    const double mean = sum / n;
    for (const double v : values)
        if (!std::isnan(v))
            squares += (v - mean) * (v - mean);
    return {mean, n > 1.0 ? std::sqrt(squares / (n - 1.0)) : 0.0};
}

}
