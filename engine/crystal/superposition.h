// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/crystal/structure.h"

#include <optional>
#include <vector>

namespace engine {

inline constexpr double sameOccupancy = 1e-8; ///< occupancies and atomic fractions this close are equal

/// Indices of the sites of equal content in two structures, which alone may be paired.
struct SiteClass {
    std::vector<int> a, b;
};

/// Same species, each occupancy equal. Nothing when the sites of the two structures cannot be paired one to one.
std::optional<std::vector<SiteClass>> siteClasses(const Structure &a, const Structure &b);

/// Two crystals laid on one lattice, up to the choice of the origin.
class Superposition {
public:
    /// a, b: fractional coordinates on `lattice`, in the order of the structures the classes were made of; of equal number.
    /// siteTolerance in units of (V/N)^(1/3).
    Superposition(const std::vector<SiteClass> &classes, std::vector<Vector3> a, std::vector<Vector3> b,
                  const Lattice &lattice, double siteTolerance);

    const std::vector<Vector3> &a() const { return m_a; }
    const std::vector<Vector3> &b() const { return m_b; }

    /// Every site of b, moved by `shift`, has a partner of equal content in a within the box that siteTolerance allows.
    bool isPromising(const Vector3 &shift) const;

    /// Displacements of the sites of b from their partners in the assignment of least squares, their mean taken off, in units of
    /// (V/N)^(1/3). Nothing when no assignment keeps all pairs within their boxes.
    std::optional<std::vector<double>> displacements(const Vector3 &shift) const;

private:
    Vector3 shortest_A(const Vector3 &lllDifference) const;

    const std::vector<SiteClass> &m_classes;
    std::vector<Vector3> m_a, m_b;
    double m_sitesPerLength; ///< (N/V)^(1/3) in 1/Å
    Vector3 m_box;
    Lattice m_lll; ///< LLL-reduced, in which nearest images are found
    Matrix3 m_toLll;
    Vector3 m_lllBox;
};

}
