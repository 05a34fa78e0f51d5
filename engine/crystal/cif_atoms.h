// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/crystal/cif.h"
#include "engine/crystal/composition.h"
#include "engine/crystal/expand.h"

#include <optional>
#include <string_view>
#include <vector>

namespace engine {

struct CifAtoms {
    std::vector<AtomRow> rows;       ///< of occupancy above 0
    bool hasOxidationStates = false; ///< of all rows
    bool lacksHydrogens = false;     ///< the file says that atoms carry hydrogens without giving their positions
};

/// The atom list of a block (crystal.md sections 1.5 to 1.8). Left out, with a warning: dummy atoms, vacancies, hydrogen atoms
/// without coordinates. Cartesian coordinates are converted with the file's matrix or, without one, a along x and b in the xy
/// plane. `header` is the composition of the file's formula, if it has one: it tells carbon labelled "CA1" from calcium.
/// Throws Error with the line for rows that cannot be read, and for a block without atoms.
CifAtoms readAtoms(const CifBlock &block, const Lattice &lattice, const std::optional<Composition> &header,
                   std::vector<Warning> &warnings);

/// The element a label or type symbol starts with: its first two letters, else the first. 0 when there is none.
int elementOfLabel(std::string_view label, const std::optional<Composition> &header = {});

}
