// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/matrix.h"
#include "engine/core/rng.h"

namespace engine {

// Layers read and write the first rows of buffers that live as long as the network, so a training step allocates nothing here.
using MatrixRef = Eigen::Ref<Matrix>;
using ConstMatrixRef = const Eigen::Ref<const Matrix> &;

/// Y = X W + b; X is N × in, W in × out, b 1 × out.
void denseForward(ConstMatrixRef X, const Matrix &W, const Matrix &b, MatrixRef Y);

/// Gradients of the parameters: dW = Xᵀ dY, db = Σ rows of dY.
void denseBackward(ConstMatrixRef X, ConstMatrixRef dY, Matrix &dW, Matrix &db);

/// Gradient of the input: dX = dY Wᵀ.
void denseBackwardInput(const Matrix &W, ConstMatrixRef dY, MatrixRef dX);

/// Y ← max(Y, 0), then inverted dropout: every unit of every row is set to 0 with probability `dropout`, the others are divided by
/// 1 − dropout. Without a generator there is no dropout, as in use.
void reluForward(MatrixRef Y, double dropout, Rng *rng);

/// dY becomes the gradient before relu and dropout. Y as it left reluForward with that probability (0 if it had no generator).
/// A dropped unit and one that relu cut both have Y = 0, and both pass no gradient.
void reluBackward(ConstMatrixRef Y, double dropout, MatrixRef dY);

}
