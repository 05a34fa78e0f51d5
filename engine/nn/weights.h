// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/matrix.h"

#include <string>
#include <string_view>
#include <vector>

namespace engine {

struct NamedArray {
    std::string name; ///< "dense_1/kernel"
    Matrix array;     ///< a bias is 1 × n

    bool operator==(const NamedArray &other) const; ///< false for different shapes, too
};

/// What a network is, apart from its options. The order is the network's own and never changes.
using Weights = std::vector<NamedArray>;

/// Throws Error when there is none of that name.
const Matrix &arrayOf(const Weights &weights, std::string_view name);

/// Arrays of the same names and shapes, all zero.
Weights zerosLike(const Weights &weights);

/// Throws Error that names the first array that `given` lacks, has too many, or has in another shape than `expected`.
void checkSameShapes(const Weights &given, const Weights &expected);

}
