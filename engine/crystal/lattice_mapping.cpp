// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/crystal/lattice_mapping.h"

#include <Eigen/Geometry>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace engine {

namespace {

/// A lattice vector that may become one of the basis.
struct Candidate {
    Eigen::Vector3i indices;
    Vector3 cartesian;
    double length_A;
};

double angle_deg(const Candidate &p, const Candidate &q)
{
    const double cosine = p.cartesian.dot(q.cartesian) / (p.length_A * q.length_A);
    return std::acos(std::clamp(cosine, -1.0, 1.0)) * 180 / std::numbers::pi;
}

/// For each of a, b, c of `onto`: the vectors of `from` that are about as long.
std::array<std::vector<Candidate>, 3> candidates(const Lattice &from, const std::array<double, 6> &onto,
                                                 double lengthTolerance)
{
    const double radius = std::max({onto[0], onto[1], onto[2]}) * (1 + lengthTolerance);
    const auto spacings = from.planeSpacings_A();
    const std::array<int, 3> n{int(radius / spacings[0]), int(radius / spacings[1]), int(radius / spacings[2])};
    std::array<std::vector<Candidate>, 3> result;
    for (int i = -n[0]; i <= n[0]; ++i)
        for (int j = -n[1]; j <= n[1]; ++j)
            for (int k = -n[2]; k <= n[2]; ++k) {
                const Vector3 v = from.cartesian(Vector3(i, j, k));
                const double length = v.norm();
                for (int axis = 0; axis < 3; ++axis)
                    if (length < onto[axis] * (1 + lengthTolerance) && length > onto[axis] / (1 + lengthTolerance))
                        result[axis].push_back({Eigen::Vector3i(i, j, k), v, length});
            }
    return result;
}

}

std::vector<Eigen::Matrix3i> latticeMappings(const Lattice &from, const Lattice &onto, double lengthTolerance,
                                             double angleTolerance_deg)
{
    const auto target = onto.parameters();
    const auto [as, bs, cs] = candidates(from, target, lengthTolerance);
    const auto near = [&](const Candidate &p, const Candidate &q, double angle) {
        return std::abs(angle_deg(p, q) - angle) < angleTolerance_deg;
    };
    std::vector<Eigen::Matrix3i> mappings;
    for (const Candidate &a : as) {
        std::vector<const Candidate *> fitting; // c at the right angle to this a
        for (const Candidate &c : cs)
            if (near(a, c, target[4]))
                fitting.push_back(&c);
        for (const Candidate &b : bs) {
            if (!near(a, b, target[5]))
                continue;
            const Eigen::Vector3i normal = a.indices.cross(b.indices);
            for (const Candidate *c : fitting) {
                if (std::abs(normal.dot(c->indices)) != 1 || !near(b, *c, target[3]))
                    continue;
                Eigen::Matrix3i mapping;
                mapping << a.indices.transpose(), b.indices.transpose(), c->indices.transpose();
                mappings.push_back(mapping);
            }
        }
    }
    return mappings;
}

Eigen::Matrix3i lllTransformation(const Lattice &lattice)
{
    Matrix3 basis = lattice.vectors;
    Eigen::Matrix3i transformation = Eigen::Matrix3i::Identity();
    Matrix3 orthogonal = Matrix3::Zero(); // b*_i = b_i − Σ_{j<i} µ_ij b*_j
    Matrix3 mu = Matrix3::Zero();         // µ_ij = b_i · b*_j / |b*_j|²
    const auto orthogonalise = [&] {
        for (int i = 0; i < 3; ++i) {
            orthogonal.row(i) = basis.row(i);
            for (int j = 0; j < i; ++j) {
                mu(i, j) = basis.row(i).dot(orthogonal.row(j)) / orthogonal.row(j).squaredNorm();
                orthogonal.row(i) -= mu(i, j) * orthogonal.row(j);
            }
        }
    };
    orthogonalise();
    for (int k = 1; k < 3;) {
        for (int j = k - 1; j >= 0; --j) {
            const double q = std::round(mu(k, j));
            if (q == 0)
                continue;
            basis.row(k) -= q * basis.row(j);
            transformation.row(k) -= int(q) * transformation.row(j);
            orthogonalise();
        }
        // Lovász: |b*_k|² ≥ (δ − µ²) |b*_{k−1}|²
        const double m = mu(k, k - 1);
        if (orthogonal.row(k).squaredNorm() >= (0.75 - m * m) * orthogonal.row(k - 1).squaredNorm()) {
            ++k;
        } else {
            basis.row(k).swap(basis.row(k - 1));
            transformation.row(k).swap(transformation.row(k - 1));
            orthogonalise();
            k = std::max(k - 1, 1);
        }
    }
    return transformation;
}

}
