// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/crystal/structure.h"

#include <array>
#include <vector>

namespace engine {

/// One neighbour of a site: the site `index` moved by `image` lattice vectors, at `distance_A`.
struct Neighbour {
    int index;
    std::array<int, 3> image;
    double distance_A;
};

/// All neighbours within the radius of every site in `centres` (all sites when empty): d² < radius² + 1e-8, periodic images of the
/// site itself included (except itself at distance ≤ 1e-8), different sites at the same position included. Positions need not be
/// wrapped. Result k belongs to centres[k]; neighbours are sorted by index, then image. Cell lists: O(N) for large cells.
std::vector<std::vector<Neighbour>> neighbours(const Structure &structure, double radius_A,
                                               const std::vector<int> &centres = {});

}
