// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nn/activation.h"

namespace engine {

std::optional<Activation> activationNamed(std::string_view name)
{
    if (name == "linear")
        return Activation::Linear;
    if (name == "relu")
        return Activation::Relu;
    if (name == "sigmoid")
        return Activation::Sigmoid;
    if (name == "tanh")
        return Activation::Tanh;
    if (name == "softplus2")
        return Activation::Softplus2;
    return {};
}

void activate(Activation f, Eigen::Ref<Matrix> Y)
{
    auto y = Y.array();
    switch (f) {
    case Activation::Linear:
        break;
    case Activation::Relu:
        y = y.max(0.0);
        break;
    case Activation::Sigmoid:
        y = 1.0 / (1.0 + (-y).exp());
        break;
    case Activation::Tanh:
        y = y.tanh();
        break;
    case Activation::Softplus2:
        // max(x, 0) + ln(½ e^−|x| + ½): no overflow, and exactly 0 at 0
        y = y.max(0.0) + (0.5 * (-y.abs()).exp() + 0.5).log();
        break;
    }
}

void activateBackward(Activation f, const Eigen::Ref<const Matrix> &Y, Eigen::Ref<Matrix> dY)
{
    const auto y = Y.array();
    auto dy = dY.array();
    switch (f) {
    case Activation::Linear:
        break;
    case Activation::Relu:
        dy = (y > 0.0).select(dy, 0.0);
        break;
    case Activation::Sigmoid:
        dy *= y * (1.0 - y);
        break;
    case Activation::Tanh:
        dy *= 1.0 - y.square();
        break;
    case Activation::Softplus2:
        // f′(x) = 1 / (1 + e^−x), and e^y = (1 + e^x) / 2
        dy *= 1.0 - 0.5 * (-y).exp();
        break;
    }
}

}
