// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/crystal/element.h"
#include "engine/crystal/structure.h"

#include <nlohmann/json.hpp>

#include <algorithm>

/// A structure of the reference files: {"lattice": 3 rows in Å, "sites": [{"frac": [3], "species": {"Li": 1.0}}]}.
inline engine::Structure goldenStructure(const nlohmann::json &entry)
{
    engine::Structure structure;
    for (int r = 0; r < 3; ++r)
        for (int c = 0; c < 3; ++c)
            structure.lattice.vectors(r, c) = entry["lattice"][r][c].get<double>();
    for (const auto &s : entry["sites"]) {
        engine::Site site;
        for (int k = 0; k < 3; ++k)
            site.fractional[k] = s["frac"][k].get<double>();
        for (const auto &[symbol, occupancy] : s["species"].items())
            site.occupants.push_back({{*engine::atomicNumber(symbol), {}}, occupancy.get<double>()});
        std::sort(site.occupants.begin(), site.occupants.end(),
                  [](const auto &a, const auto &b) { return a.species < b.species; });
        structure.sites.push_back(site);
    }
    return structure;
}
