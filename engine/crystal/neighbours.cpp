// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/crystal/neighbours.h"

#include "engine/core/error.h"
#include "engine/core/text.h"

#include <Eigen/Geometry>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace engine {

namespace {

constexpr double distanceSquaredSlack_A2 = 1e-8; // a neighbour at exactly the radius counts
constexpr double sameAtom_A = 1e-8;
constexpr double mostNeighbours = 3e7; // of a call; real crystals of 100,000 sites stay below it
constexpr double largestCoordinate = 1e6;

/// The lattice in the Cartesian frame in which a = (a1, a2, a3), b = (0, b2, b3), c = (0, 0, c3): along the first axis only
/// multiples of a count, so that the images inside a sphere can be counted off axis by axis, without trying others.
struct TriangularFrame {
    double a1, a2, a3, b2, b3, c3;

    explicit TriangularFrame(const Matrix3 &vectors)
    {
        const Vector3 a = vectors.row(0), b = vectors.row(1), c = vectors.row(2);
        c3 = c.norm();
        const Vector3 q3 = c / c3;
        b3 = b.dot(q3);
        const Vector3 q2 = (b - b3 * q3).normalized();
        b2 = b.dot(q2);
        a3 = a.dot(q3);
        a2 = a.dot(q2);
        a1 = (a - a3 * q3 - a2 * q2).norm();
    }
};

int floorInt(double x)
{
    const int n = int(x);
    return n - (x < n);
}

int ceilInt(double x)
{
    return -floorInt(-x);
}

/// Sites sorted into bins of the wrapped cell, about half a radius wide. Small cells have one bin.
class Bins {
public:
    Bins(const Structure &structure, double radius_A) : m_sites(structure.sites.size())
    {
        const Matrix3 &L = structure.lattice.vectors;
        const double volume_A3 = std::abs(L.determinant());
        const double most = std::cbrt(double(structure.sites.size())); // empty bins cost time too
        for (int k = 0; k < 3; ++k) {
            const Vector3 u = L.row((k + 1) % 3), v = L.row((k + 2) % 3);
            const double spacing_A = volume_A3 / u.cross(v).norm();
            m_reach[k] = radius_A / spacing_A + 1e-9;
            m_count[k] = int(std::clamp(2.0 / m_reach[k], 1.0, 2.0 * most));
        }
        m_content.resize(std::size_t(m_count[0]) * m_count[1] * m_count[2]);
        for (std::size_t i = 0; i < m_sites; ++i) {
            std::array<int, 3> bin;
            for (int k = 0; k < 3; ++k)
                bin[k] = std::min(int(wrapped(structure.sites[i].fractional[k]) * m_count[k]), m_count[k] - 1);
            m_content[index(bin)].push_back(int(i));
        }
    }

    /// Ascending indices of all sites with an image that may be within the radius of the position.
    void candidates(const Vector3 &fractional, std::vector<int> &sites) const
    {
        sites.clear();
        std::array<int, 3> first, last;
        for (int k = 0; k < 3; ++k) {
            const double f = wrapped(fractional[k]);
            const double low = (f - m_reach[k]) * m_count[k], high = (f + m_reach[k]) * m_count[k];
            const bool all = high - low + 1 >= m_count[k]; // each bin once, whatever the number of images
            first[k] = all ? 0 : floorInt(low);
            last[k] = all ? m_count[k] - 1 : floorInt(high);
        }
        for (int a = first[0]; a <= last[0]; ++a)
            for (int b = first[1]; b <= last[1]; ++b)
                for (int c = first[2]; c <= last[2]; ++c) {
                    const auto &content = m_content[index({modulo(a, 0), modulo(b, 1), modulo(c, 2)})];
                    sites.insert(sites.end(), content.begin(), content.end());
                }
        if (m_content.size() > 1)
            std::sort(sites.begin(), sites.end());
    }

private:
    static double wrapped(double x) { return x - std::floor(x); }
    int modulo(int bin, int axis) const { return ((bin % m_count[axis]) + m_count[axis]) % m_count[axis]; }
    std::size_t index(const std::array<int, 3> &bin) const
    {
        return (std::size_t(bin[0]) * m_count[1] + bin[1]) * m_count[2] + bin[2];
    }

    std::size_t m_sites;
    std::array<double, 3> m_reach; ///< the radius in fractions of the cell, between lattice planes
    std::array<int, 3> m_count;
    std::vector<std::vector<int>> m_content;
};

/// Refuses what would not fit into memory: cells that no crystal has, from a damaged file.
void checkSize(const Structure &structure, const TriangularFrame &frame, double radius_A, std::size_t centres)
{
    for (std::size_t i = 0; i < structure.sites.size(); ++i)
        for (int k = 0; k < 3; ++k)
            if (!(std::abs(structure.sites[i].fractional[k]) <= largestCoordinate))
                throw Error("site " + std::to_string(i + 1) + " (" + structure.sites[i].label +
                            "): fractional coordinate " + shortest(structure.sites[i].fractional[k]) +
                            " is out of range");
    double images = 1.0, inside = double(structure.sites.size());
    for (const double spacing_A : {frame.a1, frame.b2, frame.c3}) {
        images *= std::max(2 * radius_A / spacing_A, 1.0);
        inside *= 2 * radius_A / spacing_A;
    }
    if (!(std::max(images, inside) * double(centres) <= mostNeighbours)) // not-a-number included
        throw Error("too many neighbours within " + shortest(radius_A) + " Å for a cell of " +
                    shortest(std::abs(structure.lattice.vectors.determinant())) + " Å³ with " +
                    std::to_string(structure.sites.size()) + " sites: check the cell's lengths and angles");
}

}

std::vector<std::vector<Neighbour>> neighbours(const Structure &structure, double radius_A,
                                               const std::vector<int> &centres)
{
    const std::size_t nCentres = centres.empty() ? structure.sites.size() : centres.size();
    std::vector<std::vector<Neighbour>> result(nCentres);
    if (structure.sites.empty())
        return result;

    const TriangularFrame L(structure.lattice.vectors);
    checkSize(structure, L, radius_A, nCentres);
    const Bins bins(structure, radius_A);
    const double limit = radius_A * radius_A + distanceSquaredSlack_A2;
    const double R = std::sqrt(limit);

    std::vector<int> candidates;
    std::vector<Neighbour> found;
    for (std::size_t k = 0; k < nCentres; ++k) {
        const int i = centres.empty() ? int(k) : centres[k];
        const Vector3 centre = structure.sites[i].fractional;
        bins.candidates(centre, candidates);
        found.clear();
        for (const int j : candidates) {
            // x = (Δ + n) · L, first axis first: each bound leaves what the sphere has left for the next axis.
            const Vector3 delta = structure.sites[j].fractional - centre;
            const int lastA = floorInt(R / L.a1 - delta[0]);
            for (int na = ceilInt(-R / L.a1 - delta[0]); na <= lastA; ++na) {
                const double s1 = delta[0] + na;
                const double x1 = s1 * L.a1;
                const double rest1 = std::max(limit - x1 * x1, 0.0);
                const double half1 = std::sqrt(rest1);
                const double y = s1 * L.a2;
                const int lastB = floorInt((half1 - y) / L.b2 - delta[1]);
                for (int nb = ceilInt((-half1 - y) / L.b2 - delta[1]); nb <= lastB; ++nb) {
                    const double s2 = delta[1] + nb;
                    const double x2 = s2 * L.b2 + y;
                    const double half2 = std::sqrt(std::max(rest1 - x2 * x2, 0.0));
                    const double z = s1 * L.a3 + s2 * L.b3;
                    const int lastC = floorInt((half2 - z) / L.c3 - delta[2]);
                    for (int nc = ceilInt((-half2 - z) / L.c3 - delta[2]); nc <= lastC; ++nc) {
                        const double x3 = (delta[2] + nc) * L.c3 + z;
                        const double d2 = x1 * x1 + x2 * x2 + x3 * x3;
                        if (d2 < limit && (i != j || d2 > sameAtom_A * sameAtom_A))
                            found.push_back({j, {na, nb, nc}, std::sqrt(d2)});
                    }
                }
            }
        }
        result[k] = found;
    }
    return result;
}

}
