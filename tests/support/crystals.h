// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/crystal/composition.h"
#include "engine/crystal/element.h"
#include "engine/crystal/neighbours.h"
#include "engine/crystal/read.h"
#include "engine/project/archive.h"
#include "tests/support/shared.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

/// Questions to crystals that somebody typed.

inline double volumePerAtom_A3(const engine::Structure &s)
{
    return s.lattice.volume_A3() / engine::atoms(engine::compositionOf(s));
}

/// Largest difference of an amount, in atoms per atom.
inline double difference(const engine::Composition &a, const engine::Composition &b)
{
    double largest = 0;
    const engine::Composition x = engine::normalised(a), y = engine::normalised(b);
    for (int Z = 1; Z <= engine::largestZ; ++Z) {
        const auto in = [Z](const engine::Composition &c) { return c.contains(Z) ? c.at(Z) : 0.0; };
        largest = std::max(largest, std::abs(in(x)-in(y)));
    }
    return largest;
}

/// The first pair of sites that can be filled together and lie within 0.6 of the sum of their covalent radii; empty when there is none.
inline QString tooClose(const engine::Structure &s)
{
    const auto radius_A = [&](std::size_t site) {
        return *engine::element(s.sites[site].occupants[0].species.Z).covalentRadius_A;
    };
    const auto around = engine::neighbours(s, 3.5);
    for (std::size_t i = 0; i < s.sites.size(); ++i)
        for (const engine::Neighbour &n : around[i]) {
            const auto k = std::size_t(n.index);
            // Two places of which never more than one is filled may be close.
            if (s.sites[i].occupancy() + s.sites[k].occupancy() < 1 + 1e-6)
                continue;
            if (n.distance_A <= 0.6 * (radius_A(i) + radius_A(k)))
                return QStringLiteral("%1: %2-%3 %4 Å")
                    .arg(QString::fromStdString(s.id), QString::fromStdString(s.sites[i].label),
                         QString::fromStdString(s.sites[k].label))
                    .arg(n.distance_A);
        }
    return {};
}

/// The formula of a file that is not worth reading yet; empty when it has none.
inline engine::Composition formulaLine(std::string_view cif)
{
    static constexpr std::string_view tag = "_chemical_formula_sum";
    const std::size_t at = cif.find(tag);
    if (at == std::string_view::npos)
        return {};
    std::string text(cif.substr(at + tag.size(), cif.find('\n', at) - at - tag.size()));
    std::erase_if(text, [](char c) { return c == '\'' || c == '"' || c == '\r'; });
    return engine::parseFormula(text);
}

/// Crystals of the Materials Project (reference data) of the given reduced formulas; every formula is a key.
inline std::map<std::string, std::vector<engine::Structure>> computedCrystals(const std::set<std::string> &formulas)
{
    std::map<std::string, std::vector<engine::Structure>> result;
    for (const std::string &formula : formulas)
        result[formula];
    const auto add = [&result](const engine::File &file) {
        if (const auto found = result.find(engine::reducedFormula(formulaLine(file.bytes))); found != result.end())
            std::ranges::move(engine::readStructures(file).structures, std::back_inserter(found->second));
    };
    engine::visitFiles(sharedPath("data/mp/cgcnn_mp"), add, {},
                       [](std::string_view name) { return engine::endingOf(name) == "cif"; });
    return result;
}
