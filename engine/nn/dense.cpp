// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nn/dense.h"

namespace engine {

void denseForward(ConstMatrixRef X, const Matrix &W, const Matrix &b, MatrixRef Y)
{
    Y.noalias() = X * W;
    Y.rowwise() += b.row(0);
}

void denseBackward(ConstMatrixRef X, ConstMatrixRef dY, Matrix &dW, Matrix &db)
{
    dW.noalias() = X.transpose() * dY;
    db.row(0) = dY.colwise().sum();
}

void denseBackwardInput(const Matrix &W, ConstMatrixRef dY, MatrixRef dX)
{
    dX.noalias() = dY * W.transpose();
}

void reluForward(MatrixRef Y, double dropout, Rng *rng)
{
    Y = Y.cwiseMax(0.0);
    if (!rng || dropout == 0.0)
        return;
    const double scale = 1.0 / (1.0 - dropout);
    for (Eigen::Index i = 0; i < Y.rows(); ++i)
        for (Eigen::Index k = 0; k < Y.cols(); ++k)
            Y(i, k) *= rng->uniform() < dropout ? 0.0 : scale;
}

void reluBackward(ConstMatrixRef Y, double dropout, MatrixRef dY)
{
    const double scale = 1.0 / (1.0 - dropout);
    dY.array() = (Y.array() > 0.0).select(dY.array() * scale, 0.0);
}

}
