// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/crystal/superposition.h"

#include "engine/crystal/assignment.h"
#include "engine/crystal/lattice_mapping.h"

#include <Eigen/LU>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace engine {

namespace {

bool equalContent(const Site &a, const Site &b)
{
    return std::ranges::equal(a.occupants, b.occupants, [](const Occupant &p, const Occupant &q) {
        return p.species == q.species && std::abs(p.occupancy - q.occupancy) <= sameOccupancy;
    });
}

/// Half the edges, in fractional coordinates, of the box in which the partner of a site is looked for:
/// stol / (π n) · |reciprocal vector| with n = (N/V)^(1/3), where the reciprocal vector carries 2π.
Vector3 searchBox(const Lattice &lattice, double siteTolerance, double sitesPerLength)
{
    const auto d = lattice.planeSpacings_A();
    return 2 * siteTolerance / sitesPerLength * Vector3(1 / d[0], 1 / d[1], 1 / d[2]);
}

bool isInside(const Vector3 &difference, const Vector3 &box)
{
    return (nearestImage(difference).array().abs() <= box.array()).all();
}

}

std::optional<std::vector<SiteClass>> siteClasses(const Structure &a, const Structure &b)
{
    std::vector<SiteClass> classes;
    for (int i = 0; i < int(a.sites.size()); ++i) {
        const auto at = std::ranges::find_if(
            classes, [&](const SiteClass &c) { return equalContent(a.sites[c.a.front()], a.sites[i]); });
        if (at == classes.end())
            classes.push_back({{i}, {}});
        else
            at->a.push_back(i);
    }
    for (int j = 0; j < int(b.sites.size()); ++j) {
        const auto at = std::ranges::find_if(
            classes, [&](const SiteClass &c) { return equalContent(a.sites[c.a.front()], b.sites[j]); });
        if (at == classes.end())
            return {};
        at->b.push_back(j);
    }
    if (std::ranges::any_of(classes, [](const SiteClass &c) { return c.a.size() != c.b.size(); }))
        return {};
    return classes;
}

Superposition::Superposition(const std::vector<SiteClass> &classes, std::vector<Vector3> a, std::vector<Vector3> b,
                             const Lattice &lattice, double siteTolerance)
    : m_classes(classes), m_a(std::move(a)), m_b(std::move(b))
{
    m_sitesPerLength = std::cbrt(double(m_a.size()) / lattice.volume_A3());
    m_box = searchBox(lattice, siteTolerance, m_sitesPerLength);
    // f · vectors = f' · (m · vectors), so f' = f · m⁻¹
    const Matrix3 m = lllTransformation(lattice).cast<double>();
    m_lll.vectors = m * lattice.vectors;
    m_toLll = m.inverse().transpose();
    m_lllBox = searchBox(m_lll, siteTolerance, m_sitesPerLength);
}

bool Superposition::isPromising(const Vector3 &shift) const
{
    return std::ranges::all_of(m_classes, [&](const SiteClass &c) {
        return std::ranges::all_of(c.b, [&](int j) {
            return std::ranges::any_of(c.a, [&](int i) { return isInside(m_a[i] - m_b[j] - shift, m_box); });
        });
    });
}

Vector3 Superposition::shortest_A(const Vector3 &difference) const
{
    const Vector3 centre = nearestImage(difference);
    Vector3 best = m_lll.cartesian(centre);
    for (int i = -1; i <= 1; ++i)
        for (int j = -1; j <= 1; ++j)
            for (int k = -1; k <= 1; ++k)
                if (const Vector3 v = m_lll.cartesian(centre + Vector3(i, j, k)); v.squaredNorm() < best.squaredNorm())
                    best = v;
    return best;
}

std::optional<std::vector<double>> Superposition::displacements(const Vector3 &shift) const
{
    std::vector<Vector3> vectors;
    for (const SiteClass &c : m_classes) {
        const std::size_t n = c.a.size();
        Matrix cost = Matrix::Constant(n, n, std::numeric_limits<double>::infinity());
        std::vector<Vector3> between(n * n);
        for (std::size_t q = 0; q < n; ++q)
            for (std::size_t p = 0; p < n; ++p) {
                const Vector3 d = m_toLll * (m_a[c.a[p]] - m_b[c.b[q]] - shift);
                if (!isInside(d, m_lllBox))
                    continue;
                between[q * n + p] = shortest_A(d);
                cost(q, p) = between[q * n + p].squaredNorm();
            }
        const auto partner = cheapestAssignment(cost);
        if (!partner)
            return {};
        for (std::size_t q = 0; q < n; ++q)
            vectors.push_back(between[q * n + (*partner)[q]]);
    }
    const Vector3 sum = std::accumulate(vectors.begin(), vectors.end(), Vector3(Vector3::Zero()));
    const Vector3 mean = sum / double(vectors.size());
    std::vector<double> lengths;
    for (const Vector3 &v : vectors)
        lengths.push_back((v - mean).norm() * m_sitesPerLength);
    return lengths;
}

}
