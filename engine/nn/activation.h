// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/matrix.h"

#include <optional>
#include <string_view>

namespace engine {

/// What a layer does to each of its sums. Softplus2 is softplus shifted to pass through zero, ln(1 + eˣ) − ln 2, as in MEGNet.
enum class Activation { Linear, Relu, Sigmoid, Tanh, Softplus2 };

/// By the name stored networks give it ("linear", "relu", "sigmoid", "tanh", "softplus2"); nothing for any other.
std::optional<Activation> activationNamed(std::string_view name);

/// Y ← f(Y)
void activate(Activation f, Eigen::Ref<Matrix> Y);

/// dY ← dY · f′(X), from the outputs Y = f(X): every one of these functions tells its slope by its value.
void activateBackward(Activation f, const Eigen::Ref<const Matrix> &Y, Eigen::Ref<Matrix> dY);

}
