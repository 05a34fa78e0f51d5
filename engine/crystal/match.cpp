// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/crystal/match.h"

#include "engine/core/error.h"
#include "engine/core/parallel.h"
#include "engine/crystal/lattice_mapping.h"
#include "engine/crystal/reduce.h"
#include "engine/crystal/superposition.h"

#include <Eigen/LU>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <map>
#include <numeric>
#include <tuple>

namespace engine {

namespace {

constexpr double perfect = 1e-5; // a superposition that needs no better one, in units of (V/N)^(1/3)

/// Fraction of all atoms, for every species.
std::map<Species, double> fractions(const Structure &structure)
{
    std::map<Species, double> amounts;
    double sum = 0;
    for (const Site &site : structure.sites)
        for (const Occupant &o : site.occupants) {
            amounts[o.species] += o.occupancy;
            sum += o.occupancy;
        }
    for (auto &[species, amount] : amounts)
        amount /= sum;
    return amounts;
}

bool equalFractions(const std::map<Species, double> &a, const std::map<Species, double> &b)
{
    return std::ranges::equal(a, b, [](const auto &p, const auto &q) {
        return p.first == q.first && std::abs(p.second - q.second) <= sameOccupancy;
    });
}

Structure withoutOxidationStates(Structure structure)
{
    for (Site &site : structure.sites) {
        Site bare = site;
        bare.occupants.clear();
        for (Occupant o : site.occupants) {
            o.species.oxidationState.reset();
            bare.add(o);
        }
        site = bare;
    }
    structure.hasOxidationStates = false;
    return structure;
}

Structure comparable(const Structure &structure, const MatchOptions &options)
{
    return options.compareOxidationStates ? structure : withoutOxidationStates(structure);
}

Structure reduced(const Structure &structure)
{
    return niggliCell(primitiveCell(structure));
}

void check(const MatchOptions &options)
{
    const auto demand = [](double value, const char *name) {
        if (!(value > 0) || !std::isfinite(value))
            throw Error(std::string("The ") + name + " of the duplicate test is not a positive number.");
    };
    demand(options.lengthTolerance, "length tolerance");
    demand(options.siteTolerance, "site tolerance");
    demand(options.angleTolerance_deg, "angle tolerance");
}

/// The lattice with the averaged six parameters; nothing when such angles enclose no volume.
std::optional<Lattice> average(const Lattice &a, const Lattice &b)
{
    const auto p = a.parameters(), q = b.parameters();
    try {
        return Lattice::fromParameters((p[0] + q[0]) / 2, (p[1] + q[1]) / 2, (p[2] + q[2]) / 2, (p[3] + q[3]) / 2,
                                       (p[4] + q[4]) / 2, (p[5] + q[5]) / 2);
    } catch (const Error &) {
        return {};
    }
}

std::vector<Vector3> positions(const Structure &structure)
{
    std::vector<Vector3> result;
    for (const Site &site : structure.sites)
        result.push_back(site.fractional);
    return result;
}

/// Compares primitive Niggli cells of equal composition.
std::optional<Match> matchReduced(const Structure &a, const Structure &b, const MatchOptions &options, bool firstFit)
{
    if (a.sites.size() != b.sites.size() || a.sites.empty())
        return {};
    const auto classes = siteClasses(a, b);
    if (!classes)
        return {};

    // Both lattices at the geometric mean of the two volumes.
    const double ratio = std::cbrt(std::sqrt(b.lattice.volume_A3() / a.lattice.volume_A3()));
    const Lattice latticeA{a.lattice.vectors * ratio}, latticeB{b.lattice.vectors / ratio};

    // The class with the fewest members gives the origins: one site of b upon each of its partners in a.
    const SiteClass &anchor = *std::ranges::min_element(*classes, {}, [](const SiteClass &c) { return c.a.size(); });
    const std::vector<Vector3> fromA = positions(a), fromB = positions(b);

    std::optional<Match> best;
    bool fits = false;
    for (const Eigen::Matrix3i &mapping :
         latticeMappings(latticeA, latticeB, options.lengthTolerance, options.angleTolerance_deg)) {
        const Matrix3 m = mapping.cast<double>();
        const auto common = average(Lattice{m * latticeA.vectors}, latticeB);
        if (!common)
            continue;
        const Matrix3 toMapped = m.inverse().transpose(); // f · vectors = f' · m · vectors
        std::vector<Vector3> mapped;
        for (const Vector3 &f : fromA)
            mapped.push_back(toMapped * f);
        const Superposition superposition(*classes, std::move(mapped), fromB, *common, options.siteTolerance);
        for (const int i : anchor.a) {
            const Vector3 shift = superposition.a()[i] - superposition.b()[anchor.b.front()];
            if (!superposition.isPromising(shift))
                continue;
            const auto lengths = superposition.displacements(shift);
            if (!lengths)
                continue;
            const double largest = *std::ranges::max_element(*lengths);
            const double rms = std::sqrt(std::inner_product(lengths->begin(), lengths->end(), lengths->begin(), 0.0) /
                                         double(lengths->size()));
            fits = fits || largest < options.siteTolerance;
            if (!best || rms < best->rms)
                best = Match{rms, largest, false};
            if (fits && (firstFit || best->rms < perfect))
                return Match{best->rms, best->largest, true};
        }
    }
    if (best)
        best->fits = fits;
    return best;
}

std::optional<Match> matchAny(const Structure &a, const Structure &b, const MatchOptions &options, bool firstFit)
{
    check(options);
    const Structure p = comparable(a, options), q = comparable(b, options);
    if (p.sites.empty() || q.sites.empty() || !equalFractions(fractions(p), fractions(q)))
        return {};
    return matchReduced(reduced(p), reduced(q), options, firstFit);
}

}

std::optional<Match> match(const Structure &a, const Structure &b, const MatchOptions &options)
{
    return matchAny(a, b, options, false);
}

bool fit(const Structure &a, const Structure &b, const MatchOptions &options)
{
    const auto found = matchAny(a, b, options, true);
    return found && found->fits;
}

std::vector<std::vector<std::size_t>> duplicateGroups(const std::vector<Structure> &structures,
                                                      const MatchOptions &options, const Progress &progress)
{
    check(options);
    const std::size_t n = structures.size();
    std::vector<std::map<Species, double>> contents(n);
    std::map<std::vector<Species>, std::vector<std::size_t>> sameSpecies;
    for (std::size_t i = 0; i < n; ++i) {
        contents[i] = fractions(comparable(structures[i], options));
        std::vector<Species> key;
        for (const auto &[species, fraction] : contents[i])
            key.push_back(species);
        if (!key.empty())
            sameSpecies[key].push_back(i);
    }

    // Only structures of equal composition are reduced and compared, each once.
    std::vector<std::pair<std::size_t, std::size_t>> pairs;
    std::map<std::size_t, Structure> cells;
    for (const auto &[key, members] : sameSpecies)
        for (std::size_t p = 0; p < members.size(); ++p)
            for (std::size_t q = p + 1; q < members.size(); ++q)
                if (equalFractions(contents[members[p]], contents[members[q]])) {
                    pairs.emplace_back(members[p], members[q]);
                    cells[members[p]];
                    cells[members[q]];
                }
    std::vector<std::pair<const std::size_t, Structure> *> toReduce;
    for (auto &cell : cells)
        toReduce.push_back(&cell);
    parallelFor(
        toReduce.size(),
        [&](std::size_t k) { toReduce[k]->second = reduced(comparable(structures[toReduce[k]->first], options)); },
        progress.part(0, 0.3), "Reducing cells");
    std::vector<char> fits(pairs.size());
    parallelFor(
        pairs.size(),
        [&](std::size_t k) {
            const auto found = matchReduced(cells.at(pairs[k].first), cells.at(pairs[k].second), options, true);
            fits[k] = found && found->fits;
        },
        progress.part(0.3, 1), "Comparing structures");

    std::vector<std::size_t> parent(n);
    std::iota(parent.begin(), parent.end(), std::size_t{0});
    const auto root = [&](std::size_t i) {
        while (parent[i] != i)
            i = parent[i] = parent[parent[i]];
        return i;
    };
    for (std::size_t k = 0; k < pairs.size(); ++k)
        if (fits[k]) {
            const auto [low, high] = std::minmax({root(pairs[k].first), root(pairs[k].second)});
            parent[high] = low;
        }
    std::map<std::size_t, std::vector<std::size_t>> components;
    for (std::size_t i = 0; i < n; ++i)
        components[root(i)].push_back(i);
    std::vector<std::vector<std::size_t>> groups;
    for (auto &[first, members] : components)
        if (members.size() > 1)
            groups.push_back(std::move(members));
    return groups;
}

std::size_t keptDuplicate(const std::vector<double> &values, const std::vector<std::string> &ids, KeepRule rule)
{
    assert(!values.empty() && values.size() == ids.size() && "every member of a group has a value and an id");
    const auto before = [&](std::size_t p, std::size_t q) {
        return std::tie(values[p], ids[p]) < std::tie(values[q], ids[q]);
    };
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, before);
    const bool higherOfTwo = rule == KeepRule::Paper && order.size() == 2 && values[order[0]] < values[order[1]];
    return higherOfTwo ? order[1] : order[(order.size() - 1) / 2];
}

}
