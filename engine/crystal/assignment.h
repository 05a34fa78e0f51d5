// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/matrix.h"

#include <optional>
#include <vector>

namespace engine {

/// The cheapest way to give every row a column of its own: the Hungarian method with shortest augmenting paths
/// (Jonker and Volgenant 1987), O(n³). cost: n × n; infinity forbids a pair. Result: the column of every row, or nothing when the
/// allowed pairs leave some row without a column.
std::optional<std::vector<int>> cheapestAssignment(const Matrix &cost);

}
