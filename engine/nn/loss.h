// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/nn/dense.h"

namespace engine {

/// 1 / (1 + exp(−z)), without overflow.
double sigmoid(double z);

/// Mean over the rows of  −y ln σ(z) − (1 − y) ln(1 − σ(z)),  from the logits z themselves, so that a confident mistake costs what
/// it should. z and dz are N × 1, y has N elements, 0 or 1; dz becomes (σ(z) − y) / N.
double binaryCrossEntropy(ConstMatrixRef z, const Vector &y, MatrixRef dz);

/// λ Σ W², factor 1; adds its gradient 2 λ W to dW.
double l2Penalty(double lambda, const Matrix &W, Matrix &dW);

}
