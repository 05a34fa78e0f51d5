// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/matrix.h"
#include "engine/core/rng.h"
#include "tests/support/shared.h"

#include <functional>

/// A list of rows, or a list of numbers as one row.
inline engine::Matrix matrixFrom(const nlohmann::json &rows)
{
    const bool isList = !rows.at(0).is_array();
    const auto &first = isList ? rows : rows.at(0);
    engine::Matrix m(isList ? 1 : rows.size(), first.size());
    for (Eigen::Index i = 0; i < m.rows(); ++i)
        for (Eigen::Index k = 0; k < m.cols(); ++k)
            m(i, k) = (isList ? rows : rows.at(i)).at(k).get<double>();
    return m;
}

inline engine::Matrix randomMatrix(int rows, int cols, engine::Rng &rng)
{
    engine::Matrix m(rows, cols);
    for (double &x : m.reshaped())
        x = rng.normal();
    return m;
}

/// Largest |a − b| / max(1, |b|) over the elements; infinite for different shapes.
inline double largestDifference(const engine::Matrix &a, const engine::Matrix &b)
{
    if (a.rows() != b.rows() || a.cols() != b.cols())
        return std::numeric_limits<double>::infinity();
    return ((a - b).array().abs() / b.array().abs().max(1.0)).maxCoeff();
}

/// Gradient of f with respect to every element of x by central differences. Puts x back as it was.
inline engine::Matrix finiteDifferences(engine::Matrix &x, const std::function<double()> &f, double step = 1e-5)
{
    engine::Matrix gradient(x.rows(), x.cols());
    for (Eigen::Index i = 0; i < x.rows(); ++i) {
        for (Eigen::Index k = 0; k < x.cols(); ++k) {
            const double was = x(i, k);
            x(i, k) = was + step;
            const double above = f();
            x(i, k) = was - step;
            const double below = f();
            x(i, k) = was;
            gradient(i, k) = (above - below) / (2.0 * step);
        }
    }
    return gradient;
}

/// Every element agrees to the tolerance, relative for elements above 1.
#define COMPARE_MATRIX(actual, expected, tolerance)                                                                    \
    do {                                                                                                               \
        const double d_ = largestDifference(actual, expected), t_ = (tolerance);                                       \
        QVERIFY2(d_ <= t_, qPrintable(QStringLiteral("%1: differs by %2, allowed %3").arg(#actual).arg(d_).arg(t_)));  \
    } while (false)
