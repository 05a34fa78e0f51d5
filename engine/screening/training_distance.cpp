// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/screening/training_distance.h"

#include "engine/core/error.h"

#include <Eigen/SVD>

#include <cmath>

namespace engine {

namespace {
constexpr double smallestVariance = 1e-12; ///< relative to the largest; below, a component is rounding noise
}

TrainingDistance::TrainingDistance(const Matrix &trainingMeans)
{
    const auto n = trainingMeans.rows();
    if (n < 2)
        throw Error("the distance to the training set needs at least two training samples");
    m_centroid = trainingMeans.colwise().mean();
    const Eigen::MatrixXd centred = trainingMeans.rowwise() - m_centroid;
    const Eigen::BDCSVD<Eigen::MatrixXd> svd(centred, Eigen::ComputeThinV);
    const Vector variances = svd.singularValues().cwiseAbs2() / double(n - 1);
    // Rows that are equal but for rounding have no directions either.
    const double rounding = 1e-24 * trainingMeans.cwiseAbs2().maxCoeff();
    if (!(variances(0) > rounding))
        throw Error("the distance to the training set needs training samples that differ");
    const auto kept = (variances.array() > smallestVariance * variances(0)).count();
    m_variances = variances.head(kept);
    m_axes = svd.matrixV().leftCols(kept) * m_variances.cwiseSqrt().cwiseSqrt().cwiseInverse().asDiagonal();
    // Row by row, as queries are: a training sample then has distance 0, and not its rounding.
    m_training.resize(n, kept);
    for (Eigen::Index i = 0; i < n; ++i)
        m_training.row(i) = coordinates(trainingMeans.row(i));
    m_scale = m_training.rowwise().norm().mean();
}

RowVector TrainingDistance::coordinates(const RowVector &mean) const
{
    if (mean.size() != m_centroid.size())
        throw Error("the structure has " + std::to_string(mean.size()) + " features, the training samples " +
                    std::to_string(m_centroid.size()));
    return (mean - m_centroid) * m_axes;
}

TrainingDistance::Nearest TrainingDistance::nearest(const RowVector &mean) const
{
    Eigen::Index index = 0;
    const double squared = (m_training.rowwise() - coordinates(mean)).rowwise().squaredNorm().minCoeff(&index);
    return {int(index), std::sqrt(squared) / m_scale};
}

double TrainingDistance::toCentroid(const RowVector &mean) const
{
    return coordinates(mean).norm() / m_scale;
}

}
