// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/matrix.h"
#include "engine/crystal/structure.h"

#include <utility>
#include <vector>

namespace engine {

/// Groups of sites that are the same by symmetry. Sites of one orbit have exactly equal features, so graphs, networks and
/// pooling work on orbits and weigh them by multiplicity.
struct Orbits {
    std::vector<int> orbitOfSite;    ///< N_sites
    std::vector<int> representative; ///< N_orbits, a site of each
    std::vector<int> multiplicity;   ///< N_orbits, number of sites in each

    int count() const { return int(multiplicity.size()); }
    int sites() const { return int(orbitOfSite.size()); }
    bool operator==(const Orbits &) const = default;
};

/// A crystal as a graph network sees it. Bonds run from the representative site of every orbit to all its neighbours, given by
/// their orbits; bonds of one centre that end in the same orbit at the same distance are one, with a count. A mean over all directed
/// bonds of the cell is the mean over these with weight multiplicity(centre) · count.
struct Graph {
    Orbits orbits;
    std::vector<std::vector<std::pair<int, double>>> species; ///< per orbit: (Z, occupancy), each element once
    std::vector<int> firstBond;     ///< N_orbits + 1: bonds of orbit i are firstBond[i] … firstBond[i + 1] − 1
    std::vector<int> neighbour;     ///< N_bonds, orbit at the other end
    std::vector<double> distance_A; ///< N_bonds
    std::vector<int> count;         ///< N_bonds, how many equal bonds of the representative this one stands for
    std::vector<int> length;        ///< N_bonds, index into lengths_A
    std::vector<double>
        lengths_A; ///< the different distances, ascending: what depends on them alone is computed once for each

    int bonds() const { return int(neighbour.size()); } ///< N_bonds
    /// Directed bonds of orbit i's representative, images counted one by one.
    long bondsOfSite(int orbit) const;
    /// Directed bonds of the whole cell, images counted one by one.
    long bondsOfCell() const;
    bool operator==(const Graph &) const = default;
};

struct GraphOptions {
    double cutoff_A = 5.0;
    bool mergeEqualSites =
        true; ///< false: every site is an orbit of its own (slower, the same features; for comparison)
    /// Distances that differ by no more are one. The default is above rounding (1e-14 Å) and moves features by less than 1e-10 of their
    /// size. Coordinates printed with a few digits want 1e-4: symmetric sites of a P1 file then meet in one orbit.
    double sameLength_A = 1e-11;
    bool operator==(const GraphOptions &) const = default;
};

/// Sites are put into one orbit when their environments within the cutoff are the same to all depths: equal content and equal lists
/// of (orbit, distance) over their neighbours, distances equal to sameLength_A. That is all a graph network sees; the file's symmetry is
/// not consulted, so a coordinate slightly off a special position never makes unequal sites one.
/// Throws Error when no two sites are within the cutoff ("cutoff too small"), or when the structure has no site.
Graph buildGraph(const Structure &structure, const GraphOptions &options = {});

}
