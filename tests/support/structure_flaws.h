// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/crystal/element.h"
#include "engine/crystal/structure.h"

#include <cmath>
#include <string>

/// What no structure may be, whatever it was read from; empty for a sound one.
inline std::string flawOf(const engine::Structure &structure)
{
    if (structure.id.empty())
        return "no id";
    if (!structure.lattice.vectors.allFinite() || !std::isnormal(structure.lattice.volume_A3()))
        return "the lattice is not finite or flat";
    if (structure.sites.empty())
        return "no sites";
    for (const engine::Site &site : structure.sites) {
        if (!site.fractional.allFinite() || (site.fractional.array() < 0).any() || (site.fractional.array() >= 1).any())
            return site.label + ": not in the cell";
        if (!site.fractional_su.allFinite() || (site.fractional_su.array() < 0).any())
            return site.label + ": an uncertainty is no number";
        if (site.occupants.empty())
            return site.label + ": nothing on the site";
        if (!(site.occupancy() <= 1 + 1e-8))
            return site.label + ": occupancies above 1";
        for (const engine::Occupant &occupant : site.occupants) {
            if (occupant.species.Z < 1 || occupant.species.Z > engine::largestZ)
                return site.label + ": no element";
            if (!(occupant.occupancy > 0) || !std::isfinite(occupant.occupancy_su))
                return site.label + ": the occupancy is not above 0";
            if (std::abs(occupant.species.oxidationState.value_or(0)) > 20)
                return site.label + ": an impossible oxidation state";
        }
    }
    return {};
}
