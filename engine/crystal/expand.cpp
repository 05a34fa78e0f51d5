// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/crystal/expand.h"

#include "engine/crystal/read_parts.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <tuple>
#include <unordered_map>

namespace engine {

namespace {

constexpr std::size_t largestNumberOfSites = 1000000;
constexpr double samePosition = 1e-4; // fractional, per component: as the peer's site tolerance

/// Finds positions again in constant time: a periodic grid of boxes, much wider than the tolerance.
class PositionIndex {
public:
    void add(const Vector3 &position, int id)
    {
        m_boxes[key(box(position[0]), box(position[1]), box(position[2]))].push_back({position, id});
    }

    /// The smallest id that is accepted and lies within the tolerance, or −1.
    template <class Accept>
    int find(const Vector3 &position, const Accept &accept) const
    {
        int first[3], second[3];
        for (int i = 0; i < 3; ++i) {
            first[i] = box(position[i] - samePosition);
            second[i] = box(position[i] + samePosition);
        }
        int best = -1;
        for (int corner = 0; corner < 8; ++corner) {
            int at[3];
            bool isRepeat = false;
            for (int i = 0; i < 3; ++i) {
                at[i] = corner >> i & 1 ? second[i] : first[i];
                isRepeat |= (corner >> i & 1) && second[i] == first[i];
            }
            if (isRepeat)
                continue;
            const auto found = m_boxes.find(key(at[0], at[1], at[2]));
            if (found == m_boxes.end())
                continue;
            for (const auto &[other, id] : found->second) {
                if ((nearestImage(position - other).array().abs() < samePosition).all() && (best < 0 || id < best) &&
                    accept(id))
                    best = id;
            }
        }
        return best;
    }

private:
    static constexpr int boxes = 1024;

    static int box(double coordinate)
    {
        const double w = coordinate - std::floor(coordinate);
        return std::min(int(w * boxes), boxes - 1);
    }
    static std::uint32_t key(int x, int y, int z) { return std::uint32_t((x * boxes + y) * boxes + z); }

    std::unordered_map<std::uint32_t, std::vector<std::pair<Vector3, int>>> m_boxes;
};

std::tuple<const Species &, double, double> partsOf(const Occupant &occupant)
{
    return {occupant.species, occupant.occupancy, occupant.occupancy_su};
}

/// Standard uncertainties of an image: su'ᵢ² = Σ Rᵢⱼ² suⱼ²
Vector3 uncertainty(const SymmetryOperation &operation, const Vector3 &su)
{
    const Matrix3 squares = operation.rotation.cast<double>().array().square();
    return (squares * su.cwiseAbs2()).cwiseSqrt();
}

}

std::vector<Site> expandRows(const std::vector<AtomRow> &rows, const std::vector<SymmetryOperation> &operations,
                             double largestOccupancySum, std::vector<Warning> &warnings)
{
    // Rows to sites of the asymmetric unit.
    std::vector<Site> units;
    std::vector<int> lines;
    PositionIndex unitIndex;
    int repeated = 0;
    Warning repetition;
    for (std::size_t r = 0; r < rows.size(); ++r) {
        const AtomRow &row = rows[r];
        int unit = -1;
        for (const SymmetryOperation &operation : operations) {
            unit = unitIndex.find(operation(row.fractional), [](int) { return true; });
            if (unit >= 0)
                break;
        }
        if (unit < 0) {
            unit = int(units.size());
            unitIndex.add(row.fractional, unit);
            Site site{.fractional = row.fractional, .label = row.label};
            site.disorderGroup = row.disorderGroup;
            site.fractional_su = row.fractional_su;
            site.row = int(r);
            units.push_back(std::move(site));
            lines.push_back(row.line);
        }
        // A full atom that is there already: some files list images of their atoms beside the operations.
        if (const auto same = std::ranges::find(units[unit].occupants, row.species, &Occupant::species);
            same != units[unit].occupants.end() && same->occupancy == 1 && row.occupancy == 1) {
            if (repeated++ == 0)
                repetition = {row.label, row.line};
            continue;
        }
        addOccupant(units[unit], {row.species, row.occupancy, row.occupancy_su});
    }

    if (repeated > 0)
        warnings.push_back({"atoms that are listed twice, or again as images of others, count once (" +
                                repetition.text +
                                (repeated > 1 ? " and " + std::to_string(repeated - 1) + " more)" : ")"),
                            repetition.line});

    // Sites with equal content share one number.
    const auto before = [](const std::vector<Occupant> &one, const std::vector<Occupant> &other) {
        return std::ranges::lexicographical_compare(one, other, {}, &partsOf, &partsOf);
    };
    std::map<std::vector<Occupant>, std::size_t, decltype(before)> numbers(before);
    std::vector<std::size_t> content(units.size());
    for (std::size_t u = 0; u < units.size(); ++u)
        content[u] = numbers.try_emplace(units[u].occupants, u).first->second;

    std::vector<Site> sites;
    std::vector<std::size_t> siteContent;
    PositionIndex siteIndex;
    for (std::size_t u = 0; u < units.size(); ++u) {
        limitOccupancy(units[u], largestOccupancySum, lines[u], warnings);
        for (const SymmetryOperation &operation : operations) {
            const Vector3 image = wrapped(operation(units[u].fractional));
            if (siteIndex.find(image, [&](int site) { return siteContent[site] == content[u]; }) >= 0)
                continue;
            if (sites.size() == largestNumberOfSites)
                throw errorAt(
                    lines[u],
                    "over a million atoms in the cell; if the file lists all of them, its symmetry should be P1");
            siteIndex.add(image, int(sites.size()));
            Site &site = sites.emplace_back(units[u]);
            site.fractional = image;
            site.fractional_su = uncertainty(operation, units[u].fractional_su);
            siteContent.push_back(content[u]);
        }
    }
    return sites;
}

}
