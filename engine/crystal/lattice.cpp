// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/crystal/lattice.h"

#include "engine/core/error.h"
#include "engine/core/text.h"

#include <Eigen/Geometry>
#include <Eigen/LU>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

namespace engine {

namespace {
constexpr double degree = std::numbers::pi / 180;

/// cos of an angle in degrees, exact for the right angles and hexagonal angles that most cells have.
double cosDegrees(double angle)
{
    if (angle == 90)
        return 0;
    if (angle == 60 || angle == 120)
        return angle == 60 ? 0.5 : -0.5;
    return std::cos(angle * degree);
}

double angleBetween(const Vector3 &u, const Vector3 &v)
{
    return std::atan2(u.cross(v).norm(), u.dot(v)) / degree;
}
}

Lattice Lattice::fromParameters(double a, double b, double c, double alpha, double beta, double gamma)
{
    const std::string cell = "the cell " + joined({shortest(a), shortest(b), shortest(c)}, ", ") + " Å, " +
                             joined({shortest(alpha), shortest(beta), shortest(gamma)}, ", ") + "°";
    for (const double length : {a, b, c})
        if (!(length > 0) || !std::isfinite(length))
            throw Error(cell + " has a length that is not positive");
    for (const double angle : {alpha, beta, gamma})
        if (!(angle > 0 && angle < 180))
            throw Error(cell + " has an angle that is not between 0° and 180°");

    // a = (a, 0, 0),  b = b (cos γ, sin γ, 0),  c = c (cos β, (cos α − cos β cos γ) / sin γ, √(1 − …))
    const double cosGamma = cosDegrees(gamma);
    const double sinGamma = std::sqrt(1 - cosGamma * cosGamma);
    const double cx = cosDegrees(beta);
    const double cy = (cosDegrees(alpha) - cx * cosGamma) / sinGamma;
    const double cz2 = 1 - cx * cx - cy * cy;
    if (!(cz2 > 1e-9))
        throw Error(cell + " encloses no volume: its angles do not fit together");
    Lattice lattice;
    lattice.vectors << a, 0, 0, b * cosGamma, b * sinGamma, 0, c * cx, c * cy, c * std::sqrt(cz2);
    if (!lattice.vectors.allFinite() || !std::isnormal(lattice.volume_A3()))
        throw Error(cell + " is too large or too small to compute with");
    return lattice;
}

std::array<double, 6> Lattice::parameters() const
{
    const Vector3 a = vectors.row(0), b = vectors.row(1), c = vectors.row(2);
    return {a.norm(), b.norm(), c.norm(), angleBetween(b, c), angleBetween(a, c), angleBetween(a, b)};
}

double Lattice::volume_A3() const
{
    return std::abs(vectors.determinant());
}

std::array<double, 3> Lattice::planeSpacings_A() const
{
    const Vector3 a = vectors.row(0), b = vectors.row(1), c = vectors.row(2);
    const double V = volume_A3();
    return {V / b.cross(c).norm(), V / c.cross(a).norm(), V / a.cross(b).norm()};
}

Vector3 Lattice::fractional(const Vector3 &cartesian) const
{
    return vectors.transpose().inverse() * cartesian;
}

Vector3 wrapped(const Vector3 &fractional)
{
    const Vector3 w = fractional.array() - fractional.array().floor();
    return (w.array() < 1).select(w, 0); // −1e-20 − ⌊−1e-20⌋ rounds to 1
}

}
