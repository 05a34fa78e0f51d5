// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

namespace engine {

struct Confusion {
    int tp = 0, fp = 0, tn = 0, fn = 0;
    bool operator==(const Confusion &) const = default;
};

/// A positive is predicted where score ≥ threshold.
Confusion confusion(const std::vector<double> &scores, const std::vector<bool> &labels, double threshold = 0.5);

/// Matthews correlation coefficient; 0 if any marginal is 0.
double mcc(const Confusion &c);

/// Precision and recall at every distinct score from the highest threshold to the lowest, then (1, 0) as the end point,
/// ordered by falling recall as in scikit-learn.
struct PrCurve {
    std::vector<double> precision, recall, threshold; ///< threshold has one element less
};
PrCurve prCurve(const std::vector<double> &scores, const std::vector<bool> &labels);

/// Σ (R_k − R_{k−1}) P_k. Not a number when there is no positive.
double averagePrecision(const std::vector<double> &scores, const std::vector<bool> &labels);

/// Trapezoid under the curve's points, as the paper reports it.
double aucPrTrapezoid(const std::vector<double> &scores, const std::vector<bool> &labels);
double rocAuc(const std::vector<double> &scores, const std::vector<bool> &labels);

struct MeanSd {
    double mean = 0, sd = 0; ///< sd of the sample, n − 1; 0 for one value
    bool operator==(const MeanSd &) const = default;
};
MeanSd meanSd(const std::vector<double> &values);

}
