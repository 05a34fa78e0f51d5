// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/learning/logistic.h"

#include "engine/learning/training_loop.h"
#include "engine/nn/loss.h"

#include <Eigen/Cholesky>

#include <cmath>

namespace engine {

namespace {
enum { Coefficients, Intercept, Mean, Scale }; // order of the arrays

constexpr int maxIterations = 200;
constexpr double smallestDecrease = 1e-14; ///< relative; below, the objective is as low as its rounding lets it be

/// ½ |w|² + C Σ (ln(1 + e^z) − t z);  Z has a last column of ones for the intercept, t is 0 or 1.
double objective(const Matrix &Z, const Vector &t, double C, const Vector &w)
{
    double sum = 0.5 * w.head(w.size() - 1).squaredNorm();
    const Vector z = Z * w;
    for (Eigen::Index i = 0; i < z.size(); ++i)
        sum += C * (std::max(z(i), 0.0) + std::log1p(std::exp(-std::abs(z(i)))) - t(i) * z(i));
    return sum;
}

/// Newton's method with step halving: the objective is convex, so it cannot end anywhere else.
Vector minimise(const Matrix &Z, const Vector &t, double C)
{
    Vector w = Vector::Zero(Z.cols()), penalty = Vector::Ones(Z.cols());
    penalty(Z.cols() - 1) = 0.0;
    double value = objective(Z, t, C, w);
    for (int iteration = 0; iteration < maxIterations; ++iteration) {
        // gradient = w + C Zᵀ(p − t),  H = 1 + C Zᵀ p(1 − p) Z
        const Vector p = (Z * w).unaryExpr(&sigmoid);
        const Vector gradient = penalty.cwiseProduct(w) + C * (Z.transpose() * (p - t));
        Eigen::MatrixXd H = C * (Z.transpose() * p.cwiseProduct((1.0 - p.array()).matrix()).asDiagonal() * Z);
        H.diagonal() += penalty;
        const Vector direction = -H.ldlt().solve(gradient);
        double step = 1.0;
        double next = objective(Z, t, C, w + direction);
        while (!(next <= value) && step > 1e-10) {
            step /= 2.0;
            next = objective(Z, t, C, w + step * direction);
        }
        if (!(next <= value))
            break;
        w += step * direction;
        const double decrease = value - next;
        value = next;
        if (decrease <= smallestDecrease * std::abs(value))
            break;
    }
    return w;
}
}

Logistic::Logistic(const TrainingOptions &options, int features, const Rng &)
    : m_options(options), m_weights{{"coefficients", Matrix::Zero(features, 1)},
                                    {"intercept", Matrix::Zero(1, 1)},
                                    {"mean", Matrix::Zero(1, features)},
                                    {"scale", Matrix::Ones(1, features)}}
{
}

Checkpoint Logistic::train(const Batch &training, const TrainingRun &run)
{
    checkBothKinds(training);
    const Matrix means = meanRows(training);
    RowVector mean = means.colwise().mean();
    RowVector scale = ((means.rowwise() - mean).colwise().squaredNorm() / double(means.rows())).cwiseSqrt();
    // A constant column tells nothing: its standardised values are 0, and so is its coefficient.
    scale = (scale.array() > 1e-12 * mean.array().abs()).select(scale, 1.0);
    m_weights[Mean].array = mean;
    m_weights[Scale].array = scale;

    Matrix Z(means.rows(), means.cols() + 1);
    Z.leftCols(means.cols()) = (means.rowwise() - mean).array().rowwise() / scale.array();
    Z.rightCols(1).setOnes();
    const Vector w = minimise(Z, training.labels, m_options.inverseRegularisation);
    m_weights[Coefficients].array = w.head(means.cols());
    m_weights[Intercept].array(0, 0) = w(means.cols());

    const Matrix z = logits(means);
    Matrix dz(z.rows(), 1);
    EpochRecord record{.epoch = 1, .loss = binaryCrossEntropy(z, training.labels, dz)};
    scoreValidation(*this, run.validation, record);
    if (run.onEpoch)
        run.onEpoch(record);
    return {.epoch = m_options.epochs,
            .weights = m_weights,
            .rng = run.rng.state(),
            .history = {record},
            .bestEpoch = 1,
            .bestWeights = m_weights};
}

Vector Logistic::logits(const Matrix &means) const
{
    const RowVector mean = m_weights[Mean].array, scale = m_weights[Scale].array;
    const Matrix standardised = (means.rowwise() - mean).array().rowwise() / scale.array();
    return ((standardised * m_weights[Coefficients].array).array() + m_weights[Intercept].array(0, 0)).matrix();
}

Vector Logistic::predict(const Batch &batch) const
{
    return logits(meanRows(batch)).unaryExpr(&sigmoid);
}

void Logistic::setWeights(const Weights &weights)
{
    checkSameShapes(weights, m_weights);
    m_weights = weights;
}

}
