// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/learning/model.h"

namespace engine {

/// Logistic regression on the mean row over atoms, standardised with the training part's means and standard deviations. Minimises
///     ½ |w|² + C Σ ln(1 + exp(−y (x · w + b))),  y = ±1,
/// to convergence (C is options.inverseRegularisation; the intercept b is free), so the result depends on neither start nor chance.
class Logistic : public Model {
public:
    Logistic(const TrainingOptions &options, int features, const Rng &rng);

    /// Leaves one record, whose loss is the mean cross-entropy.
    Checkpoint train(const Batch &training, const TrainingRun &run) override;
    Vector predict(const Batch &batch) const override;
    Weights weights() const override { return m_weights; } ///< coefficients, intercept, mean, scale
    void setWeights(const Weights &weights) override;

private:
    Vector logits(const Matrix &means) const;

    TrainingOptions m_options;
    Weights m_weights;
};

}
