// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/crystal/reduce.h"

#include <Eigen/LU>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

namespace engine {

namespace {
/// What a translation must preserve: species, and occupancies to three decimals.
using Content = std::vector<std::pair<Species, long>>;

Content contentOf(const Site &site)
{
    Content content;
    for (const Occupant &o : site.occupants)
        content.emplace_back(o.species, std::lround(1000 * o.occupancy));
    return content;
}

using Indices = std::vector<std::size_t>;

/// A translation (numerators / order) of the crystal that is none of its cell: going `order` times leads home.
struct Translation {
    Eigen::Vector3i numerators;
    int order = 1;
    Indices image;         ///< site i is moved onto site image[i]
    double residual_A = 0; ///< largest distance between the two

    Vector3 vector() const { return numerators.cast<double>() / order; }
};

/// Finds the sites near a place: sites of one content lie in bins, about one site to each.
class Finder {
public:
    Finder(const Structure &structure, double tolerance_A) : m_structure(structure)
    {
        const auto lengths = structure.lattice.parameters();
        for (int k = 0; k < 3; ++k)
            m_tolerance[k] = tolerance_A / lengths[std::size_t(k)];

        std::map<Content, Indices> byContent;
        m_group.resize(structure.sites.size());
        for (std::size_t i = 0; i < structure.sites.size(); ++i)
            byContent[contentOf(structure.sites[i])].push_back(i);
        for (auto &[content, members] : byContent) {
            for (const std::size_t i : members)
                m_group[i] = m_groups.size();
            const int perAxis = std::max(1, int(std::cbrt(double(members.size()))));
            Group group{members, perAxis, std::vector<Indices>(std::size_t(perAxis * perAxis * perAxis))};
            for (const std::size_t i : members) {
                const Vector3 bin = wrapped(structure.sites[i].fractional) * perAxis;
                group.bins[group.index(int(bin[0]), int(bin[1]), int(bin[2]))].push_back(i);
            }
            m_groups.push_back(std::move(group));
        }
    }

    /// How many times smaller the cell might be.
    int commonDivisor() const
    {
        std::size_t divisor = 0;
        for (const Group &group : m_groups)
            divisor = std::gcd(divisor, group.members.size());
        return int(divisor);
    }

    const Indices &smallestGroup() const
    {
        return std::ranges::min_element(m_groups, {}, [](const Group &g) { return g.members.size(); })->members;
    }

    const Vector3 &tolerance() const { return m_tolerance; }

    /// The nearest site with the content of site i within `times` the tolerance of where the translation takes it.
    std::optional<std::size_t> at(std::size_t i, const Vector3 &translation, double times) const
    {
        const Group &group = m_groups[m_group[i]];
        const Vector3 place = wrapped(m_structure.sites[i].fractional + translation);
        // Bins that the reach touches, each once; the index takes them modulo the number of bins.
        std::array<int, 3> first, last;
        for (std::size_t k = 0; k < 3; ++k) {
            const double x = place[int(k)], reach = std::min(times * m_tolerance[int(k)], 1.0);
            first[k] = int(std::floor((x - reach) * group.perAxis));
            last[k] = std::min(int(std::floor((x + reach) * group.perAxis)), first[k] + group.perAxis - 1);
        }
        std::optional<std::size_t> nearest;
        double least = std::numeric_limits<double>::infinity();
        for (int a = first[0]; a <= last[0]; ++a)
            for (int b = first[1]; b <= last[1]; ++b)
                for (int c = first[2]; c <= last[2]; ++c)
                    for (const std::size_t j : group.bins[group.index(a, b, c)]) {
                        const Vector3 d = nearestImage(m_structure.sites[j].fractional - place);
                        const double distance = m_structure.lattice.cartesian(d).squaredNorm();
                        if (distance < least && (d.array().abs() <= times * m_tolerance.array()).all()) {
                            least = distance;
                            nearest = j;
                        }
                    }
        return nearest;
    }

private:
    struct Group {
        Indices members;
        int perAxis;
        std::vector<Indices> bins;

        std::size_t index(int a, int b, int c) const
        {
            const auto within = [this](int x) { return (x % perAxis + perAxis) % perAxis; };
            return std::size_t((within(a) * perAxis + within(b)) * perAxis + within(c));
        }
    };

    const Structure &m_structure;
    Vector3 m_tolerance;
    std::vector<std::size_t> m_group;
    std::vector<Group> m_groups;
};

/// The translation, with the sites' own scatter averaged out; nothing when some site has no partner.
std::optional<Vector3> refined(const Structure &structure, const Finder &finder, const Vector3 &translation)
{
    Vector3 sum = Vector3::Zero();
    for (std::size_t i = 0; i < structure.sites.size(); ++i) {
        const auto j = finder.at(i, translation, 2); // both ends of the first guess are scattered
        if (!j)
            return {};
        sum += nearestImage(structure.sites[*j].fractional - structure.sites[i].fractional - translation);
    }
    return translation + sum / double(structure.sites.size());
}

/// Whether the image is a permutation all cycles of which are that long, as those of a translation are.
bool isCyclic(const Indices &image, int order)
{
    std::vector<bool> seen(image.size());
    for (std::size_t i = 0; i < image.size(); ++i) {
        if (seen[i])
            continue;
        std::size_t j = i;
        for (int n = 0; n < order; ++n, j = image[j]) {
            if (seen[j])
                return false;
            seen[j] = true;
        }
        if (j != i)
            return false;
    }
    return true;
}

std::optional<Translation> exactTranslation(const Structure &structure, const Finder &finder,
                                            const Eigen::Vector3i &numerators, int order)
{
    Translation t{numerators, order, Indices(structure.sites.size())};
    for (std::size_t i = 0; i < structure.sites.size(); ++i) {
        const auto j = finder.at(i, t.vector(), 1);
        if (!j)
            return {};
        t.image[i] = *j;
        const Vector3 d = nearestImage(structure.sites[*j].fractional - structure.sites[i].fractional - t.vector());
        t.residual_A = std::max(t.residual_A, structure.lattice.cartesian(d).norm());
    }
    return isCyclic(t.image, order) ? std::optional(t) : std::nullopt;
}

constexpr double exact_A = 1e-3;

/// The translation that fits best; the first one that fits exactly will do, as exact ones never exclude each other.
std::optional<Translation> bestTranslation(const Structure &structure, double tolerance_A)
{
    const Finder finder(structure, tolerance_A);
    const int divisor = finder.commonDivisor();
    std::optional<Translation> best;
    if (divisor < 2)
        return best;
    // Every translation takes the first site of the smallest group to another one of it.
    const Indices &group = finder.smallestGroup();
    for (std::size_t g = 1; g < group.size(); ++g) {
        const auto guess =
            refined(structure, finder,
                    nearestImage(structure.sites[group[g]].fractional - structure.sites[group[0]].fractional));
        for (int order = 2; guess && order <= divisor; ++order) {
            if (divisor % order != 0)
                continue;
            const Eigen::Vector3i numerators = (*guess * order).array().round().cast<int>();
            const Vector3 off = *guess - numerators.cast<double>() / order;
            if (std::gcd(std::gcd(numerators[0], numerators[1]), std::gcd(numerators[2], order)) > 1 ||
                (off.array().abs() > finder.tolerance().array()).any())
                continue;
            auto t = exactTranslation(structure, finder, numerators, order);
            if (t && t->residual_A < exact_A)
                return t;
            if (t && (!best || t->residual_A < best->residual_A))
                best = std::move(t);
        }
    }
    return best;
}

/// Rows that span the lattice of the cell and one more translation, in units of the cell: the Hermite normal form of the unit
/// vectors times the order, with the numerators as a fourth row, over the order.
Matrix3 basisWith(const Translation &t)
{
    Eigen::Matrix<long, 4, 3> rows;
    rows.topRows<3>() = t.order * Eigen::Matrix<long, 3, 3>::Identity();
    rows.row(3) = t.numerators.cast<long>().transpose();
    for (int k = 0; k < 3; ++k)
        for (int i = k + 1; i < 4; ++i)
            while (rows(i, k) != 0) { // Euclid
                rows.row(k) -= rows(k, k) / rows(i, k) * rows.row(i);
                rows.row(k).swap(rows.row(i));
            }
    return rows.topRows<3>().cast<double>() / t.order;
}

Site merged(const Structure &structure, const Translation &t, std::size_t first)
{
    Site site = structure.sites[first];
    Vector3 drift = Vector3::Zero();
    std::size_t j = t.image[first];
    for (int n = 1; n < t.order; ++n, j = t.image[j]) {
        const Site &other = structure.sites[j];
        drift += nearestImage(other.fractional - n * t.vector() - structure.sites[first].fractional);
        for (std::size_t o = 0; o < site.occupants.size(); ++o)
            site.occupants[o].occupancy += other.occupants[o].occupancy;
    }
    site.fractional += drift / t.order;
    for (Occupant &o : site.occupants)
        o.occupancy /= t.order;
    if (t.residual_A > exact_A)
        site.row = -1; // averaged, it may no longer be an exact image of its row
    return site;
}

Structure reducedBy(const Structure &structure, const Translation &t)
{
    const Matrix3 basis = basisWith(t);
    // f · given = f' · basis · given,  so  f' = (basis⁻¹)ᵀ f
    const Matrix3 Q = basis.inverse().transpose();
    Structure result = structure;
    result.lattice.vectors = basis * structure.lattice.vectors;
    result.operations.clear();
    result.cell_su = {};
    result.sites.clear();
    std::vector<bool> isMerged(structure.sites.size());
    for (std::size_t i = 0; i < structure.sites.size(); ++i) {
        if (isMerged[i])
            continue;
        for (std::size_t j = i; !isMerged[j]; j = t.image[j])
            isMerged[j] = true;
        Site site = merged(structure, t, i);
        site.fractional = wrapped(Q * site.fractional);
        site.fractional_su = (Q.cwiseAbs2() * site.fractional_su.cwiseAbs2()).cwiseSqrt();
        result.sites.push_back(std::move(site));
    }
    return result;
}
}

Structure primitiveCell(const Structure &structure, double tolerance_A)
{
    Structure result = structure;
    // Reduced after every step: components along the vectors of a skewed cell would make the tolerance arbitrarily small.
    while (const auto translation = bestTranslation(result, tolerance_A))
        result = niggliCell(reducedBy(result, *translation));
    return result;
}

}
