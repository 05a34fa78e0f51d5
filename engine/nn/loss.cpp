// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nn/loss.h"

#include <cmath>

namespace engine {

double sigmoid(double z)
{
    const double e = std::exp(-std::abs(z));
    return z >= 0.0 ? 1.0 / (1.0 + e) : e / (1.0 + e);
}

double binaryCrossEntropy(ConstMatrixRef z, const Vector &y, MatrixRef dz)
{
    const auto n = z.rows();
    double sum = 0.0;
    for (Eigen::Index i = 0; i < n; ++i) {
        // −y ln σ(z) − (1 − y) ln(1 − σ(z)) = max(z, 0) − z y + ln(1 + exp(−|z|))
        sum += std::max(z(i, 0), 0.0) - z(i, 0) * y(i) + std::log1p(std::exp(-std::abs(z(i, 0))));
        dz(i, 0) = (sigmoid(z(i, 0)) - y(i)) / double(n);
    }
    return sum / double(n);
}

double l2Penalty(double lambda, const Matrix &W, Matrix &dW)
{
    if (lambda == 0.0)
        return 0.0;
    dW += 2.0 * lambda * W;
    return lambda * W.squaredNorm();
}

}
