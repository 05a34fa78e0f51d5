// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/matrix.h"
#include "engine/crystal/structure.h"

#include <vector>

namespace engine {

/// Groups of sites that are the same by symmetry. Sites of one orbit have exactly equal features, so graphs, networks and
/// pooling work on orbits and weigh them by multiplicity.
struct Orbits {
    std::vector<int> orbitOfSite;   ///< N_sites
    std::vector<int> representative; ///< N_orbits, a site of each
    std::vector<int> multiplicity;  ///< N_orbits, number of sites in each

    int count() const { return int(multiplicity.size()); }
    int sites() const { return int(orbitOfSite.size()); }
    bool operator==(const Orbits &) const = default;
};

/// A crystal as a graph network sees it. Bonds run from the representative site of every orbit to all its neighbours, given by
/// their orbits; a mean over all directed bonds of the cell is the mean over these with weight multiplicity(centre).
struct Graph {
    Orbits orbits;
    std::vector<std::vector<std::pair<int, double>>> species; ///< per orbit: (Z, occupancy), each element once
    std::vector<int> firstBond;   ///< N_orbits + 1: bonds of orbit i are firstBond[i] … firstBond[i + 1] − 1
    std::vector<int> neighbour;   ///< N_bonds, orbit at the other end
    std::vector<double> distance_A; ///< N_bonds

    /// Directed bonds of the whole cell, images counted one by one.
    long bondsOfCell() const;
};

struct GraphOptions {
    double cutoff_A = 5.0;
    bool operator==(const GraphOptions &) const = default;
};

/// Throws Error when no two sites are within the cutoff ("cutoff too small"), or when the structure has no site.
Graph buildGraph(const Structure &structure, const GraphOptions &options = {});

}
