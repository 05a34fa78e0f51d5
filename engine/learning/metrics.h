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

/// Precision and recall where a positive is predicted at score ≥ threshold, one point per distinct score, thresholds rising and
/// so recall falling; then the end point, precision 1 and recall 0. Order and points are scikit-learn's. Recall, and all that is
/// computed from it, is not a number when there is no positive.
struct PrCurve {
    std::vector<double> precision, recall, threshold; ///< threshold has one element less
};
PrCurve prCurve(const std::vector<double> &scores, const std::vector<bool> &labels);

/// Average precision, Σ (R_k − R_{k−1}) P_k.
double averagePrecision(const std::vector<double> &scores, const std::vector<bool> &labels);

/// Trapezoid under the curve's points, as the paper reports it.
double aucPrTrapezoid(const std::vector<double> &scores, const std::vector<bool> &labels);

/// The chance that a positive scores above a negative, ties counting half. Not a number without one of each.
double rocAuc(const std::vector<double> &scores, const std::vector<bool> &labels);

/// Mean and standard deviation of the sample (n − 1; 0 for one value).
struct MeanSd {
    double mean = 0, sd = 0;
    bool operator==(const MeanSd &) const = default;
};

/// Values that are not numbers (the average precision of a fold without a positive) are left out; not a number when none is left.
MeanSd meanSd(const std::vector<double> &values);

}
