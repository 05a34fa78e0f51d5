// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/matrix.h"

namespace engine {

/// How far structures lie from those a model was trained on, in units of the training set's own spread. With principal components
/// of the training means and λ_i the sample variance along component i,
///     D(a, b) = √( Σ_i (a_i − b_i)² / √λ_i ),    d = min over training samples of D / s,
/// where s is the mean D of training samples to their centroid. Divided by the standard deviation, not by the variance: this is not
/// a Mahalanobis distance. Components with λ_i ≤ 1e-12 λ_1 are left out.
class TrainingDistance {
public:
    /// One row per training sample. Throws Error for fewer than two rows and when all rows are equal.
    explicit TrainingDistance(const Matrix &trainingMeans);

    struct Nearest {
        int index;     ///< row of trainingMeans
        double scaled; ///< d, 0 for a training sample
    };

    /// Throws Error when the query has another number of features.
    Nearest nearest(const RowVector &mean) const;

    /// D to the centroid of the training samples, over s.
    double toCentroid(const RowVector &mean) const;

    const Vector &variances() const { return m_variances; } ///< λ of the components in use, falling

private:
    RowVector coordinates(const RowVector &mean) const;

    RowVector m_centroid;
    Vector m_variances;
    Matrix m_axes;     ///< N_features × N_components, each divided by λ^(1/4), so that D is the Euclidean distance
    Matrix m_training; ///< N_training × N_components
    double m_scale = 1.0;
};

}
