// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/features/graph.h"

#include "engine/core/error.h"
#include "engine/core/text.h"
#include "engine/crystal/neighbours.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <numeric>
#include <tuple>

namespace engine {

namespace {

constexpr double sameOccupancy = 1e-11;

/// Numbers for distances: equal ones have the same.
class Lengths {
public:
    Lengths(const GraphOptions &options, std::size_t n)
        : m_same_A(options.sameLength_A), m_scale(double(n) / (options.cutoff_A + 1e-3)), m_newest(n + 2, -1)
    {
    }

    int of(double d)
    {
        const int home = int(d * m_scale);
        // An equal distance may lie just across a border.
        const int first = std::max(int((d - m_same_A) * m_scale), 0),
                  last = std::min(int((d + m_same_A) * m_scale), int(m_newest.size()) - 1);
        for (int bucket = first; bucket <= last; ++bucket)
            for (int i = m_newest[bucket]; i >= 0; i = m_older[i])
                if (std::abs(m_values[i] - d) <= m_same_A)
                    return i;
        m_older.push_back(m_newest[home]);
        m_newest[home] = int(m_values.size());
        m_values.push_back(d);
        return m_newest[home];
    }

    const std::vector<double> &values() const { return m_values; }

private:
    double m_same_A;
    double m_scale;
    std::vector<int> m_newest; ///< per bucket of distances
    std::vector<int> m_older;  ///< per length, the one before it in its bucket
    std::vector<double> m_values;
};

/// All directed bonds of the cell, site by site.
struct SiteBonds {
    std::vector<int> first; ///< N_sites + 1
    std::vector<int> site;
    std::vector<int> length;
    std::vector<double> lengths_A; ///< ascending
};

SiteBonds siteBonds(const Structure &structure, const GraphOptions &options)
{
    const auto all = neighbours(structure, options.cutoff_A);
    SiteBonds bonds;
    bonds.first = {0};
    for (const auto &list : all)
        bonds.first.push_back(bonds.first.back() + int(list.size()));
    bonds.site.reserve(bonds.first.back());
    bonds.length.reserve(bonds.first.back());
    Lengths lengths(options, std::size_t(bonds.first.back()));
    for (const auto &list : all)
        for (const Neighbour &n : list) {
            bonds.site.push_back(n.index);
            bonds.length.push_back(lengths.of(n.distance_A));
        }

    std::vector<int> order(lengths.values().size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&](int a, int b) { return lengths.values()[a] < lengths.values()[b]; });
    std::vector<int> rank(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        rank[order[i]] = int(i);
        bonds.lengths_A.push_back(lengths.values()[order[i]]);
    }
    for (int &length : bonds.length)
        length = rank[length];
    return bonds;
}

/// (Z, occupancy) of a site, each element once; charges and isotopes do not matter to a graph network.
std::vector<std::pair<int, double>> content(const Site &site)
{
    std::map<int, double> amounts;
    for (const Occupant &occupant : site.occupants)
        amounts[occupant.species.Z] += occupant.occupancy;
    return {amounts.begin(), amounts.end()};
}

/// The finaliser of SplitMix64: every bit of the result depends on every bit of x.
std::uint64_t scrambled(std::uint64_t x)
{
    x += 0x9e3779b97f4a7c15;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
}

/// Replaces every key by the number of its group, counted in the order of first appearance; returns the number of groups.
template <class Key>
int numbered(const std::vector<Key> &keys, std::vector<int> &group)
{
    std::map<Key, int> numbers;
    for (std::size_t i = 0; i < keys.size(); ++i)
        group[i] = numbers.try_emplace(keys[i], int(numbers.size())).first->second;
    return int(numbers.size());
}

/// Colour refinement: sites of one colour are told apart by the colours and distances of their neighbours, until nothing changes.
std::vector<int> coloursOfSites(const Structure &structure, const SiteBonds &bonds)
{
    const std::size_t n = structure.sites.size();
    std::vector<int> colour(n);
    std::vector<std::vector<std::pair<int, std::int64_t>>> contents(n);
    for (std::size_t i = 0; i < n; ++i)
        for (const auto &[Z, occupancy] : content(structure.sites[i]))
            contents[i].emplace_back(Z, std::llround(occupancy / sameOccupancy));
    int colours = numbered(contents, colour);

    // The multiset of (colour, length) is compared by a sum of scrambled 64-bit words: among 10⁴ sites two different multisets
    // have equal sums with a probability below 10⁻¹¹.
    std::vector<std::pair<int, std::uint64_t>> environments(n);
    for (int before = 0; before < colours && colours < int(n);) {
        before = colours;
        for (std::size_t i = 0; i < n; ++i) {
            std::uint64_t sum = 0;
            for (int b = bonds.first[i]; b < bonds.first[i + 1]; ++b)
                sum += scrambled(std::uint64_t(colour[bonds.site[b]]) << 32 | std::uint64_t(bonds.length[b]));
            environments[i] = {colour[i], sum};
        }
        colours = numbered(environments, colour);
    }
    return colour;
}

Orbits orbitsOf(const std::vector<int> &colourOfSite)
{
    Orbits orbits;
    orbits.orbitOfSite = colourOfSite; // numbered in the order of first appearance
    for (int i = 0; i < int(colourOfSite.size()); ++i) {
        if (colourOfSite[i] == orbits.count()) {
            orbits.representative.push_back(i);
            orbits.multiplicity.push_back(0);
        }
        ++orbits.multiplicity[colourOfSite[i]];
    }
    return orbits;
}

}

long Graph::bondsOfSite(int orbit) const
{
    return std::accumulate(count.begin() + firstBond[orbit], count.begin() + firstBond[orbit + 1], 0L);
}

long Graph::bondsOfCell() const
{
    long sum = 0;
    for (int i = 0; i < orbits.count(); ++i)
        sum += orbits.multiplicity[i] * bondsOfSite(i);
    return sum;
}

Graph buildGraph(const Structure &structure, const GraphOptions &options)
{
    if (structure.sites.empty())
        throw Error("the structure has no sites");
    SiteBonds bonds = siteBonds(structure, options);
    if (bonds.site.empty())
        throw Error("no two sites are within " + shortest(options.cutoff_A) +
                    " Å: the cutoff is too small for this structure");

    std::vector<int> orbitOfSite(structure.sites.size());
    if (options.mergeEqualSites)
        orbitOfSite = coloursOfSites(structure, bonds);
    else
        std::iota(orbitOfSite.begin(), orbitOfSite.end(), 0);

    Graph graph;
    graph.orbits = orbitsOf(orbitOfSite);
    graph.lengths_A = std::move(bonds.lengths_A);
    graph.firstBond = {0};
    std::vector<std::pair<int, int>> ends; // (orbit, length)
    for (const int site : graph.orbits.representative) {
        graph.species.push_back(content(structure.sites[site]));
        ends.clear();
        for (int b = bonds.first[site]; b < bonds.first[site + 1]; ++b)
            ends.emplace_back(orbitOfSite[bonds.site[b]], bonds.length[b]);
        std::sort(ends.begin(), ends.end());
        for (std::size_t b = 0; b < ends.size(); ++b) {
            if (b > 0 && ends[b] == ends[b - 1]) {
                ++graph.count.back();
                continue;
            }
            graph.neighbour.push_back(ends[b].first);
            graph.length.push_back(ends[b].second);
            graph.distance_A.push_back(graph.lengths_A[ends[b].second]);
            graph.count.push_back(1);
        }
        graph.firstBond.push_back(graph.bonds());
    }
    return graph;
}

}
