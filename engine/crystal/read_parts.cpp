// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/crystal/read_parts.h"

#include "engine/core/text.h"
#include "engine/crystal/element.h"
#include "engine/crystal/neighbours.h"

#include <Eigen/LU>

#include <algorithm>
#include <cmath>

namespace engine {

Error errorAt(int line, const std::string &text)
{
    return Error(line > 0 ? "line " + std::to_string(line) + ": " + text : text);
}

Error errorOf(const Reject &reject)
{
    std::string_view reason = reject.reason;
    if (reason.starts_with("line ")) {
        const auto colon = reason.find(": ");
        if (colon != reason.npos && parseInteger(reason.substr(5, colon - 5)))
            return Error(reject.name + ":" + std::string(reason.substr(5, colon - 5)) + ": " +
                         std::string(reason.substr(colon + 2)));
    }
    return Error(reject.name + ": " + std::string(reason));
}

ReadResult needStructures(ReadResult result)
{
    if (result.structures.empty())
        throw errorOf(result.rejects.front());
    return result;
}

Reject rejectOf(std::string name, const Error &error)
{
    constexpr std::size_t longest = 500;
    std::string reason = error.what();
    if (reason.size() > longest) {
        std::size_t end = longest;
        while ((static_cast<unsigned char>(reason[end]) & 0xC0) == 0x80)
            --end; // not within a character
        reason.resize(end);
        reason += "…";
    }
    return {std::move(name), std::move(reason)};
}

std::string DistinctIds::operator()(const std::string &id)
{
    std::string candidate = id;
    while (!m_given.try_emplace(candidate, 1).second)
        candidate = id + "-" + std::to_string(++m_given[id]);
    return candidate;
}

bool isNearTheCell(const Vector3 &fractional)
{
    return (fractional.array().abs() < 1000).all(); // not maxCoeff, which may pass over a NaN
}

std::optional<Measured> parseMeasured(std::string_view text)
{
    const auto open = text.find('(');
    std::string number(text.substr(0, open));
    std::string_view digits;
    if (open != text.npos) {
        const auto close = text.find(')', open);
        digits = text.substr(open + 1, close == text.npos ? close : close - open - 1);
        if (close != text.npos)
            number += text.substr(close + 1); // an exponent may follow: "1.5(2)e-3"
    }
    const auto value = parseDouble(number);
    if (!value)
        return {};
    Measured result{*value, 0};
    if (digits.empty())
        return result;
    const auto su = parseDouble(digits);
    if (!su || *su < 0)
        return {};
    // The uncertainty counts in the last place of the mantissa: 0.42E-3(15) is (0.42 ± 0.15)·10⁻³.
    const std::string mantissa = number.substr(0, number.find_first_of("eE"));
    const auto point = mantissa.find('.');
    const bool hasOwnPoint = digits.find('.') != digits.npos; // "5.43(0.02)"
    double scale = 1;
    if (mantissa.size() < number.size())
        scale = parseDouble("1" + number.substr(mantissa.size())).value_or(1);
    if (point != mantissa.npos && !hasOwnPoint)
        scale *= std::pow(10.0, -double(mantissa.size() - point - 1));
    result.su = *su * scale;
    if (!std::isfinite(result.su))
        return {};
    return result;
}

std::optional<double> chargeOf(std::string_view symbol)
{
    const auto sign = symbol.find_first_of("+-");
    if (sign == symbol.npos || symbol.find_first_of("+-", sign + 1) != symbol.npos)
        return {};
    const auto digit = std::min(symbol.find_first_of("0123456789"), sign);
    const std::string_view before = symbol.substr(digit, sign - digit), after = symbol.substr(sign + 1);
    if (!before.empty() && !after.empty())
        return {};
    double amount = 1;
    if (const std::string_view digits = before.empty() ? after : before; !digits.empty()) {
        const auto value = parseDouble(digits);
        if (!value || !isPossibleState(*value))
            return {};
        amount = *value;
    }
    return symbol[sign] == '-' ? -amount : amount;
}

Species parseSpecies(std::string_view symbol)
{
    const auto letters = std::min(symbol.find_first_of("0123456789+-."), symbol.size());
    const auto Z = atomicNumber(symbol.substr(0, letters));
    const auto charge = chargeOf(symbol);
    if (!Z || (letters < symbol.size() && !charge))
        throw Error("\"" + std::string(symbol.substr(0, 40)) + "\" is no element");
    return {*Z, charge};
}

void addOccupant(Site &site, const Occupant &occupant)
{
    auto place = std::ranges::lower_bound(site.occupants, occupant.species, {}, &Occupant::species);
    if (place != site.occupants.end() && place->species == occupant.species) {
        place->occupancy += occupant.occupancy;
        place->occupancy_su = std::hypot(place->occupancy_su, occupant.occupancy_su);
    } else {
        site.occupants.insert(place, occupant);
    }
}

void limitOccupancy(Site &site, double largestSum, int line, std::vector<Warning> &warnings)
{
    double sum = 0;
    for (const Occupant &occupant : site.occupants) {
        if (!(occupant.occupancy >= 0))
            throw errorAt(line, "site " + site.label + " has the negative occupancy " + shortest(occupant.occupancy));
        sum += occupant.occupancy;
    }
    if (sum <= 1 + 1e-8)
        return;
    std::string name = site.label, members;
    if (line == 0) // a label such as "Li" does not tell which
        name += " at " + shortest(site.fractional[0]) + " " + shortest(site.fractional[1]) + " " +
                shortest(site.fractional[2]);
    for (const Occupant &occupant : site.occupants)
        members += (members.empty() ? "" : " + ") + symbolOf(occupant.species.Z) + " " + fixed(occupant.occupancy, 4);
    const std::string what = "the occupancies of site " + name + " (" + members + ") add up to " + fixed(sum, 4);
    if (sum > std::max(largestSum, 1.0))
        throw errorAt(line, what + "; give each species its share, or a position of its own");
    for (Occupant &occupant : site.occupants) {
        occupant.occupancy /= sum;
        occupant.occupancy_su /= sum;
    }
    warnings.push_back({what + "; they were divided by that", line});
}

Lattice latticeOfVectors(const Matrix3 &vectors)
{
    const double volume = std::abs(vectors.determinant());
    const Vector3 lengths = vectors.rowwise().norm();
    if (!(lengths.maxCoeff() < 10000))
        throw Error("a lattice vector is longer than 10000 Å");
    if (!(volume > 1e-6 * lengths.prod()))
        throw Error("the lattice vectors lie in one plane and enclose no volume");
    return {vectors};
}

void noteOverlaps(Structure &structure, const std::vector<AtomRow> &rows)
{
    constexpr double closest_A = 0.5; // H–H is 0.74 Å
    int pairs = 0;
    Warning first;
    double atoms = 0;
    for (const Site &site : structure.sites)
        atoms += site.occupancy();
    // Denser than any matter on Earth's surface: most atoms would be named, each with many others.
    if (const double volume_A3 = structure.lattice.volume_A3(); volume_A3 < atoms) {
        structure.warnings.push_back({fixed(atoms, 0) + " atoms do not fit into a cell of " + fixed(volume_A3, 2) +
                                          " Å³; is the cell in Å, and are all symmetry operations right?",
                                      rows.front().line});
        return;
    }
    const auto around = neighbours(structure, closest_A);
    for (std::size_t i = 0; i < around.size(); ++i)
        for (const Neighbour &neighbour : around[i]) {
            const Site &one = structure.sites[i], &other = structure.sites[neighbour.index];
            // A pair is found from both ends, those of a site and its own images too; occupancies have roundings.
            const bool isSecond = std::pair(neighbour.index, neighbour.image) < std::pair(int(i), std::array<int, 3>{});
            if (isSecond || one.occupancy() + other.occupancy() < 1.05 || pairs++ > 0)
                continue;
            first = {one.label + " and " + other.label + " lie " + fixed(neighbour.distance_A, 2) +
                         " Å apart and cannot both be there",
                     rows[std::max(one.row, other.row)].line};
        }
    if (pairs == 0)
        return;
    first.text += " (" + std::to_string(pairs) + (pairs == 1 ? " such pair" : " such pairs") +
                  "); is a position beside its mirror or axis, the symmetry wrong, or the cell not in Å?";
    structure.warnings.push_back(std::move(first));
}

void setSites(Structure &structure, const std::vector<AtomRow> &rows, double largestOccupancySum)
{
    if (rows.empty())
        throw Error("no atoms");
    for (const AtomRow &row : rows)
        if (!isNearTheCell(row.fractional))
            throw errorAt(row.line, row.label + " lies over 1000 cells away");
    structure.sites = expandRows(rows, {SymmetryOperation{}}, largestOccupancySum, structure.warnings);
    noteOverlaps(structure, rows);
    for (Site &site : structure.sites)
        site.row = -1; // whether any sites are equal by symmetry is not known
    structure.hasOxidationStates =
        std::ranges::all_of(rows, [](const AtomRow &row) { return row.species.oxidationState.has_value(); });
}

}
