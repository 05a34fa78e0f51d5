// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/crystal/structure.h"

namespace engine {

/// The Niggli-reduced basis of the same lattice (Grosse-Kunstleve et al. 2004, tolerance 1e-5 · V^(1/3)).
struct ReducedLattice {
    Lattice lattice;
    Eigen::Matrix3i transformation; ///< reduced.vectors = transformation · given.vectors, determinant ±1
};
ReducedLattice niggli(const Lattice &lattice);

/// The same crystal in its Niggli cell.
Structure niggliCell(const Structure &structure);

/// The smallest cell of the crystal; sites that become one are averaged. Two sites are translates when they have the same
/// content (occupancies equal to three decimals) and lie within `tolerance_A` per fractional component (crystal.md section 2).
Structure primitiveCell(const Structure &structure, double tolerance_A = 0.25);

}
