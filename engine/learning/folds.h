// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/rng.h"

#include <cstddef>
#include <string>
#include <vector>

namespace engine {

/// One way to divide a dataset; the indices are positions in it, ascending.
struct Fold {
    std::string name;
    std::vector<std::size_t> training, validation;
    bool operator==(const Fold &) const = default;
};

/// k folds with the share of positives as even as can be, after shuffling each class.
/// Throws Error when k < 2 or a class has fewer than k members.
std::vector<Fold> stratifiedKFold(const std::vector<bool> &labels, int k, Rng rng);

}
