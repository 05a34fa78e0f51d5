// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/matrix.h"

#include <array>

namespace engine {

/// Three lattice vectors. Rows of `vectors` are a, b, c in Å, so that cartesian = fractional · vectors.
struct Lattice {
    Matrix3 vectors = Matrix3::Identity();

    /// From lengths in Å and angles in degrees: a along x, b in the xy plane, right-handed.
    /// Throws Error when a length is not positive or the angles enclose no volume.
    static Lattice fromParameters(double a, double b, double c, double alpha, double beta, double gamma);

    std::array<double, 6> parameters() const; ///< a, b, c in Å; alpha, beta, gamma in degrees
    double volume_A3() const;                 ///< always positive
    std::array<double, 3>
    planeSpacings_A() const; ///< distance between opposite faces of the cell: 1/|a*|, 1/|b*|, 1/|c*|

    Vector3 cartesian(const Vector3 &fractional) const { return vectors.transpose() * fractional; }
    Vector3 fractional(const Vector3 &cartesian) const;

    bool operator==(const Lattice &) const = default;
};

/// The same place in the cell at the origin: every component in [0, 1).
Vector3 wrapped(const Vector3 &fractional);

/// From one place to the nearest image of another, as far as components go: every one in [−½, ½].
inline Vector3 nearestImage(const Vector3 &difference)
{
    return difference.array() - difference.array().round();
}

}
