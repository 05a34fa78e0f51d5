// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/crystal/reduce.h"

#include "engine/core/error.h"

#include <Eigen/LU>

#include <cmath>
#include <utility>

namespace engine {

namespace {
using Transformation = Eigen::Matrix<long long, 3, 3>;

/// The basis T · given, always computed from the given one, so that rounding does not pile up.
struct Basis {
    const Matrix3 &given;
    Transformation T = Transformation::Identity();
    Matrix3 vectors = given;

    void apply(const Transformation &step)
    {
        T = step * T;
        if ((T.array().abs() > 1'000'000'000).any())
            throw Error("the cell is too skewed to be reduced; choose shorter vectors");
        vectors = T.cast<double>() * given;
    }
};

/// Shortens vectors by whole multiples of one another while that helps. The method below moves by single vectors and would
/// need as many steps as the cell is skewed.
void shorten(Basis &basis)
{
    for (bool changed = true; changed;) {
        changed = false;
        for (int i = 0; i < 3; ++i)
            for (int j = 0; j < 3; ++j) {
                if (i == j)
                    continue;
                const Vector3 u = basis.vectors.row(i), v = basis.vectors.row(j);
                const double times = std::round(u.dot(v) / v.squaredNorm());
                if (times == 0 || !((u - times * v).squaredNorm() < u.squaredNorm() * (1 - 1e-9)))
                    continue;
                if (!(std::abs(times) < 1e9))
                    throw Error("the cell is too skewed to be reduced; choose shorter vectors");
                Transformation step = Transformation::Identity();
                step(i, j) = -static_cast<long long>(times);
                basis.apply(step);
                changed = true;
            }
    }
}

/// The six numbers that the conditions are about: A = a·a, B = b·b, C = c·c, ξ = 2 b·c, η = 2 a·c, ζ = 2 a·b.
struct Metric {
    double A, B, C, xi, eta, zeta;

    explicit Metric(const Matrix3 &vectors)
    {
        const Matrix3 G = vectors * vectors.transpose();
        A = G(0, 0), B = G(1, 1), C = G(2, 2);
        xi = 2 * G(1, 2), eta = 2 * G(0, 2), zeta = 2 * G(0, 1);
    }
};

/// The next transformation of Grosse-Kunstleve et al. 2004 (steps 1, 2 and 5 to 8), to be multiplied from the left, or
/// the identity when all conditions hold. Comparisons allow for eps.
Transformation nextStep(const Metric &m, double eps)
{
    const auto less = [eps](double x, double y) { return x < y - eps; };
    const auto same = [eps](double x, double y) { return std::abs(x - y) <= eps; };
    const auto sign = [](double x) { return x > 0 ? 1 : -1; };
    const auto &[A, B, C, xi, eta, zeta] = m;
    Transformation step;
    if (less(B, A) || (same(A, B) && less(std::abs(eta), std::abs(xi))))
        step << 0, -1, 0, -1, 0, 0, 0, 0, -1;
    else if (less(C, B) || (same(B, C) && less(std::abs(zeta), std::abs(eta))))
        step << -1, 0, 0, 0, 0, -1, 0, -1, 0;
    else if (less(B, std::abs(xi)) || (same(B, xi) && less(2 * eta, zeta)) || (same(B, -xi) && less(zeta, 0)))
        step << 1, 0, 0, 0, 1, 0, 0, -sign(xi), 1;
    else if (less(A, std::abs(eta)) || (same(A, eta) && less(2 * xi, zeta)) || (same(A, -eta) && less(zeta, 0)))
        step << 1, 0, 0, 0, 1, 0, -sign(eta), 0, 1;
    else if (less(A, std::abs(zeta)) || (same(A, zeta) && less(2 * xi, eta)) || (same(A, -zeta) && less(eta, 0)))
        step << 1, 0, 0, -sign(zeta), 1, 0, 0, 0, 1;
    else if (const double sum = xi + eta + zeta + A + B;
             less(sum, 0) || (same(sum, 0) && less(0, 2 * (A + eta) + zeta)))
        step << 1, 0, 0, 0, 1, 0, 1, 1, 1;
    else
        step.setIdentity();
    return step;
}

/// Steps 3 and 4: turns vectors round in pairs so that ξ, η, ζ are all positive or all not.
Transformation signStep(const Metric &m, double eps)
{
    const std::array products{m.xi, m.eta, m.zeta};
    std::array<int, 3> signs{};
    int negative = 0, zero = -1;
    for (int i = 0; i < 3; ++i) {
        signs[std::size_t(i)] = products[std::size_t(i)] > eps ? 1 : products[std::size_t(i)] < -eps ? -1 : 0;
        negative += signs[std::size_t(i)] < 0;
        if (signs[std::size_t(i)] == 0)
            zero = i;
    }
    const bool allPositive = zero < 0 && negative % 2 == 0;
    Transformation step = Transformation::Identity();
    for (int i = 0; i < 3; ++i)
        if (signs[std::size_t(i)] == (allPositive ? -1 : 1))
            step(i, i) = -1;
    // Turning one vector alone would change the hand; a product of zero does not mind its vector being turned too.
    if (step.diagonal().prod() < 0)
        step(zero, zero) = -1;
    return step;
}
}

ReducedLattice niggli(const Lattice &lattice)
{
    const double V = lattice.volume_A3();
    if (!std::isnormal(V))
        throw Error("the cell encloses no volume");
    const double eps = 1e-5 * std::cbrt(V);

    Basis basis{lattice.vectors};
    shorten(basis);
    // A few dozen steps at most. Should rounding ever send it round in circles, any basis on the circle will do: they are
    // equally short within eps.
    for (int i = 0; i < 1000; ++i) {
        basis.apply(signStep(Metric(basis.vectors), eps));
        const Transformation step = nextStep(Metric(basis.vectors), eps);
        if (step == Transformation::Identity())
            break;
        basis.apply(step);
    }
    return {Lattice{basis.vectors}, basis.T.cast<int>()};
}

Structure niggliCell(const Structure &structure)
{
    const ReducedLattice reduced = niggli(structure.lattice);
    Structure result = structure;
    result.lattice = reduced.lattice;
    result.cell_su = {};

    // f · given = f' · T · given,  so  f' = Q f  with  Q = (T⁻¹)ᵀ, whole numbers as T has determinant ±1
    const Matrix3 Q = reduced.transformation.cast<double>().inverse().transpose().array().round();
    for (Site &site : result.sites) {
        site.fractional = wrapped(Q * site.fractional);
        site.fractional_su = (Q.cwiseAbs2() * site.fractional_su.cwiseAbs2()).cwiseSqrt();
    }
    const Matrix3 inverse = Q.inverse().array().round();
    for (SymmetryOperation &operation : result.operations) {
        operation.rotation = (Q * operation.rotation.cast<double>() * inverse).array().round().cast<int>();
        operation.translation = wrapped(Q * operation.translation);
    }
    return result;
}

}
