// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/crystal/simplify.h"

#include "engine/core/error.h"
#include "engine/core/text.h"
#include "engine/crystal/element.h"
#include "engine/crystal/oxidation.h"

#include <array>
#include <string>
#include <utility>

namespace engine {

namespace {
constexpr int cationZ = 13, anionZ = 16, neutralZ = 12; // Al, S, Mg

constexpr std::array<std::pair<Simplification, std::string_view>, 4> names{{{Simplification::CAMN, "camn"},
                                                                            {Simplification::CAN, "can"},
                                                                            {Simplification::CAMNS, "camns"},
                                                                            {Simplification::CANS, "cans"}}};

void replaceByKind(Structure &structure, int mobileZ)
{
    structure = withOxidationStates(structure);
    for (Site &site : structure.sites) {
        const auto occupants = std::exchange(site.occupants, {});
        for (Occupant o : occupants) {
            const double state = *o.species.oxidationState;
            if (o.species.Z != mobileZ)
                o.species.Z = state > 0 ? cationZ : state < 0 ? anionZ : neutralZ;
            o.species.oxidationState.reset();
            site.add(o);
        }
    }
    structure.hasOxidationStates = false;
}

void removeMobile(Structure &structure, int mobileZ)
{
    for (Site &site : structure.sites)
        std::erase_if(site.occupants, [&](const Occupant &o) { return o.species.Z == mobileZ; });
    std::erase_if(structure.sites, [](const Site &site) { return site.occupants.empty(); });
}
}

std::string_view toText(Simplification simplification)
{
    return names[std::size_t(simplification)].second;
}

Simplification parseSimplification(std::string_view text)
{
    const std::string wanted = lowered(trimmed(text));
    for (const auto &[simplification, name] : names)
        if (name == wanted)
            return simplification;
    throw Error("\"" + std::string(text) + "\" is no simplification; it is one of camn, can, camns, cans");
}

Structure simplify(const Structure &structure, Simplification simplification, int mobileZ)
{
    Structure result = structure;
    if (simplification == Simplification::CAMNS || simplification == Simplification::CANS)
        replaceByKind(result, mobileZ);
    if (simplification == Simplification::CAN || simplification == Simplification::CANS)
        removeMobile(result, mobileZ);
    if (result.sites.empty())
        throw Error((structure.id.empty() ? "the structure" : structure.id) + ": nothing is left without " +
                    symbolOf(mobileZ) + "; use camn or camns, or leave it out");
    return result;
}

}
