// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nn/weights.h"

#include "engine/core/error.h"

#include <algorithm>

namespace engine {

namespace {
std::string shape(const Matrix &array)
{
    return std::to_string(array.rows()) + " × " + std::to_string(array.cols());
}

bool sameShape(const Matrix &a, const Matrix &b)
{
    return a.rows() == b.rows() && a.cols() == b.cols();
}
}

bool NamedArray::operator==(const NamedArray &other) const
{
    return name == other.name && sameShape(array, other.array) && array == other.array;
}

const Matrix &arrayOf(const Weights &weights, std::string_view name)
{
    const auto found =
        std::find_if(weights.begin(), weights.end(), [&](const NamedArray &w) { return w.name == name; });
    if (found == weights.end())
        throw Error("the network has no array named \"" + std::string(name) + "\"");
    return found->array;
}

Weights zerosLike(const Weights &weights)
{
    Weights zeros;
    zeros.reserve(weights.size());
    for (const auto &[name, array] : weights)
        zeros.push_back({name, Matrix::Zero(array.rows(), array.cols())});
    return zeros;
}

void checkSameShapes(const Weights &given, const Weights &expected)
{
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const auto &[name, array] = expected[i];
        if (i >= given.size() || given[i].name != name)
            throw Error("the weights do not belong to this network: \"" + name + "\" is missing");
        if (!sameShape(given[i].array, array))
            throw Error("the weights do not belong to this network: \"" + name + "\" is " + shape(given[i].array) +
                        " instead of " + shape(array));
    }
    if (given.size() > expected.size())
        throw Error("the weights do not belong to this network: it has no \"" + given[expected.size()].name + "\"");
}

}
