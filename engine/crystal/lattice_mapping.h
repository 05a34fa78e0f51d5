// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/crystal/lattice.h"

#include <vector>

namespace engine {

/// All integer bases m · from.vectors (|det m| = 1) that look like `onto`: every length within the factor
/// (1/(1 + lengthTolerance), 1 + lengthTolerance), every angle within angleTolerance_deg, of the corresponding one of `onto`.
std::vector<Eigen::Matrix3i> latticeMappings(const Lattice &from, const Lattice &onto, double lengthTolerance,
                                             double angleTolerance_deg);

/// A basis of short, nearly orthogonal vectors of the same lattice (Lenstra, Lenstra and Lovász 1982, δ = 3/4):
/// reduced.vectors = result · lattice.vectors.
Eigen::Matrix3i lllTransformation(const Lattice &lattice);

}
