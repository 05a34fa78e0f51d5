// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/progress.h"
#include "engine/crystal/structure.h"

#include <optional>
#include <string>
#include <vector>

namespace engine {

/// How much two descriptions of one crystal may differ. The defaults are those of pymatgen's StructureMatcher.
struct MatchOptions {
    double lengthTolerance = 0.2;        ///< of the edges of the reduced cells, relative, after scaling to equal volume
    double siteTolerance = 0.3;          ///< of the displacement of a site, in units of (V/N_sites)^(1/3)
    double angleTolerance_deg = 5.0;     ///< of the angles of the reduced cells
    bool compareOxidationStates = false; ///< false: charges are stripped on both sides, so that Li matches Li+

    bool operator==(const MatchOptions &) const = default;
};

/// The best superposition of two crystals. Lengths are in units of (V/N_sites)^(1/3).
struct Match {
    double rms;     ///< smallest root mean square displacement over all mappings of the lattices and origins
    double largest; ///< largest displacement in that superposition
    bool fits; ///< in some superposition, not necessarily this one, the largest displacement is below siteTolerance
};

/// Compares two crystals whatever their cells, origins, volumes and site orders (crystal.md section 3). Nothing when compositions,
/// site counts or lattices differ, or no superposition brings every site near one of equal content. Disordered sites are equal
/// when all their occupancies are, within 1e-8. Throws Error for a tolerance that is not positive.
std::optional<Match> match(const Structure &a, const Structure &b, const MatchOptions &options = {});

/// Whether the two are the same crystal: match() exists and fits. Stops at the first superposition that does.
bool fit(const Structure &a, const Structure &b, const MatchOptions &options = {});

/// Connected components of the graph whose edges are the fitting pairs; only those of two and more, by index in `structures`,
/// ascending. `fit` is not transitive, so members may be linked through others only; the result does not depend on the order.
std::vector<std::vector<std::size_t>> duplicateGroups(const std::vector<Structure> &structures,
                                                      const MatchOptions &options = {}, const Progress &progress = {});

/// Which member of a group of duplicates stays in the database.
enum class KeepRule {
    Paper,       ///< of two the higher value, of more the lower median (McHaffie et al., archived code)
    LowerMedian, ///< always position (n − 1) div 2 of the ascending values
};

/// Index of the member that stays. `values` (such as conductivities) and `ids` belong together and are not empty; equal values
/// rank by id, smaller first.
std::size_t keptDuplicate(const std::vector<double> &values, const std::vector<std::string> &ids, KeepRule rule);

}
