// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nn/initialise.h"

#include <Eigen/QR>

#include <cmath>

namespace engine {

Matrix glorotUniform(int rows, int cols, Rng &rng)
{
    const double limit = std::sqrt(6.0 / (rows + cols));
    Matrix W(rows, cols);
    for (double &w : W.reshaped())
        w = limit * (2.0 * rng.uniform() - 1.0);
    return W;
}

Matrix orthogonal(int rows, int cols, Rng &rng)
{
    const int longer = std::max(rows, cols), shorter = std::min(rows, cols);
    Eigen::MatrixXd G(longer, shorter);
    for (double &g : G.reshaped())
        g = rng.normal();
    // G = Q R; with the signs of R's diagonal moved into Q, Q is uniform over the orthogonal matrices (Mezzadri 2007).
    const Eigen::HouseholderQR<Eigen::MatrixXd> qr(G);
    Eigen::MatrixXd Q = qr.householderQ() * Eigen::MatrixXd::Identity(longer, shorter);
    for (int k = 0; k < shorter; ++k)
        if (qr.matrixQR()(k, k) < 0.0)
            Q.col(k) *= -1.0;
    if (rows < cols)
        return Q.transpose();
    return Q;
}

}
