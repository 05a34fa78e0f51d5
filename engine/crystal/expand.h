// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/crystal/structure.h"

#include <string>
#include <vector>

namespace engine {

/// One row of an atom list: a species at a position of the asymmetric unit.
struct AtomRow {
    std::string label;
    Species species;
    Vector3 fractional = Vector3::Zero();
    Vector3 fractional_su = Vector3::Zero();
    double occupancy = 1;
    double occupancy_su = 0;
    std::string disorderGroup;
    int line = 0;
};

/// All sites of the cell (crystal.md sections 1.9 to 1.11). A row one of whose images lies within 1e-4, in every component, of an
/// earlier row's position joins that row's site; then every operation is applied, positions are wrapped into [0, 1), and an image
/// is kept unless one with the same content is within 1e-4. Full atoms that are listed more than once count once. Site::row is the index of the row that opened the site.
/// Throws Error naming line and site for occupancies that add up to more than `largestOccupancySum`, and for over a million sites.
std::vector<Site> expandRows(const std::vector<AtomRow> &rows, const std::vector<SymmetryOperation> &operations,
                             double largestOccupancySum, std::vector<Warning> &warnings);

}
