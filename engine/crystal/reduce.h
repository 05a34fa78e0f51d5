// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/crystal/structure.h"

namespace engine {

/// The Niggli-reduced basis of the same lattice (Grosse-Kunstleve et al. 2004, doi:10.1107/S010876730302186X,
/// tolerance 1e-5 · V^(1/3)). Throws Error for a cell without volume or one too skewed to be reduced.
struct ReducedLattice {
    Lattice lattice;
    Eigen::Matrix3i transformation; ///< reduced.vectors = transformation · given.vectors, determinant 1
};
ReducedLattice niggli(const Lattice &lattice);

/// The same crystal in its Niggli cell, positions in [0, 1), symmetry operations in the new basis.
Structure niggliCell(const Structure &structure);

/// The smallest cell of the crystal, in its Niggli basis; the structure as it is when that is its cell already.
/// A translation is one of the crystal when it takes every site to one of the same content (occupancies equal to three
/// decimals), within `tolerance_A` along each cell vector. Sites that become one are averaged. They keep
/// the label of the first and, where the translation was exact, its row; the list of operations is left empty.
Structure primitiveCell(const Structure &structure, double tolerance_A = 0.25);

}
