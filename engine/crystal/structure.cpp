// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/crystal/structure.h"

#include <algorithm>
#include <cmath>

namespace engine {

double Site::occupancy() const
{
    double sum = 0;
    for (const Occupant &o : occupants)
        sum += o.occupancy;
    return sum;
}

double Site::occupancyOf(int Z) const
{
    double sum = 0;
    for (const Occupant &o : occupants)
        if (o.species.Z == Z)
            sum += o.occupancy;
    return sum;
}

bool Site::isDisordered() const
{
    return occupants.size() != 1 || std::abs(occupancy() - 1) > 1e-6;
}

void Site::add(const Occupant &occupant)
{
    const auto at = std::ranges::lower_bound(occupants, occupant.species, {}, &Occupant::species);
    if (at != occupants.end() && at->species == occupant.species) {
        at->occupancy += occupant.occupancy;
        at->occupancy_su = std::hypot(at->occupancy_su, occupant.occupancy_su);
    } else {
        occupants.insert(at, occupant);
    }
}

bool Structure::isOrdered() const
{
    return std::ranges::none_of(sites, &Site::isDisordered);
}

}
