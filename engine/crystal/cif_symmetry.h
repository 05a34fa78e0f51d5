// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/crystal/cif.h"
#include "engine/crystal/structure.h"

#include <array>
#include <optional>
#include <vector>

namespace engine {

/// Cell parameters in Å and degrees, as far as they are given.
using PartialCell = std::array<std::optional<double>, 6>;

struct CifSymmetry {
    SpaceGroup group;                          ///< as read
    std::vector<SymmetryOperation> operations; ///< the identity first, no two alike modulo the lattice
};

/// The symmetry of a block (crystal.md section 1.4): its own operations, else its Hall or Hermann–Mauguin symbol, else its number, else P1.
/// Magnetic operations are read without time reversal, superspace operations as far as they act on x1, x2, x3.
/// What is ambiguous, missing or contradictory becomes a warning. Throws Error, with the line, for an operation that cannot be
/// read and for a symbol that is unknown when there is nothing else.
CifSymmetry readSymmetry(const CifBlock &block, const PartialCell &cell, std::vector<Warning> &warnings);

/// Fills in the angles that are missing and fixed by the operations, such as the 90° of an orthorhombic cell; returns how many.
int completeAngles(PartialCell &cell, const std::vector<SymmetryOperation> &operations);

/// Whether the operations map the lattice onto itself, lengths and angles within 1 %.
bool fitsLattice(const std::array<double, 6> &parameters, const std::vector<SymmetryOperation> &operations);

}
