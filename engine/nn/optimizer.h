// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/nn/weights.h"

namespace engine {

/// Learning rate at update s = 0, 1, …: triangles between `low` and `high` of half-width S updates, each half as high as the one
/// before ("triangular2", Smith 2017).
double triangular2(long s, double S, double low, double high);

enum class OptimizerKind {
    Adam, ///< Kingma and Ba 2015, β₁ 0.9, β₂ 0.999, ε 1e-7; weight decay decoupled (Loshchilov and Hutter 2019)
    Lamb, ///< You et al. 2020, β₁ 0.9, β₂ 0.999, ε 1e-6; the trust ratio is taken per array, no array is exempt
};

struct OptimizerOptions {
    OptimizerKind kind = OptimizerKind::Adam;
    double learningRate = 1e-3;
    double learningRateMax = 0.0;   ///< above learningRate: triangular2 between the two
    double scheduleHalfWidth = 1.0; ///< S of triangular2, in updates
    double weightDecay = 0.0;
    bool lookahead = false; ///< Zhang et al. 2019, k = 6, α = 0.5, moments kept
};

/// Moments, slow weights and counter of one training.
class Optimizer {
public:
    Optimizer(const OptimizerOptions &options, const Weights &initial);

    /// One update of the weights. Gradients have their order and shapes.
    void step(Weights &weights, const Weights &gradients);

    /// All that the next step depends on beside the weights: "m/…", "v/…", "slow/…" and "updates".
    Weights state() const;

    /// Throws Error when the arrays are not those of `state()` for these options and weights.
    void setState(const Weights &state);

private:
    OptimizerOptions m_options;
    long m_updates = 0;
    Weights m_moment1, m_moment2, m_slow; ///< slow weights with lookahead only
};

}
