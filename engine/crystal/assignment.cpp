// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/crystal/assignment.h"

#include <cassert>
#include <cmath>
#include <limits>

namespace engine {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// When the cheapest columns of all rows differ, they are the answer: the usual case for two descriptions of one crystal.
std::optional<std::vector<int>> distinctMinima(const Matrix &cost)
{
    const int n = int(cost.rows());
    std::vector<int> columnOf(n);
    std::vector<char> taken(n, false);
    for (int row = 0; row < n; ++row) {
        Eigen::Index column = 0;
        if (!std::isfinite(cost.row(row).minCoeff(&column)) || taken[column])
            return {};
        taken[column] = true;
        columnOf[row] = int(column);
    }
    return columnOf;
}

}

std::optional<std::vector<int>> cheapestAssignment(const Matrix &cost)
{
    assert(cost.rows() == cost.cols() && "the cost matrix is square");
    if (auto easy = distinctMinima(cost))
        return easy;

    // Row and column potentials u, v with cost(i, j) − u_i − v_j ≥ 0, equal to 0 on assigned pairs. One row after the other is
    // added along the path of least reduced cost. Column n is the start of every path.
    const int n = int(cost.rows());
    std::vector<double> u(n, 0.0), v(n + 1, 0.0);
    std::vector<int> rowOf(n + 1, -1);
    for (int row = 0; row < n; ++row) {
        std::vector<double> distance(n, infinity);
        std::vector<int> previous(n, n);
        std::vector<char> done(n + 1, false);
        int column = n;
        rowOf[n] = row;
        while (rowOf[column] != -1) {
            done[column] = true;
            const int i = rowOf[column];
            int next = -1;
            for (int j = 0; j < n; ++j) {
                if (done[j])
                    continue;
                const double reduced = cost(i, j) - u[i] - v[j];
                if (reduced < distance[j]) {
                    distance[j] = reduced;
                    previous[j] = column;
                }
                if (distance[j] < infinity && (next == -1 || distance[j] < distance[next]))
                    next = j;
            }
            if (next == -1)
                return {};
            const double step = distance[next];
            for (int j = 0; j <= n; ++j) {
                if (done[j]) {
                    u[rowOf[j]] += step;
                    v[j] -= step;
                } else {
                    distance[j] -= step;
                }
            }
            column = next;
        }
        while (column != n) {
            rowOf[column] = rowOf[previous[column]];
            column = previous[column];
        }
    }
    std::vector<int> columnOf(n);
    for (int j = 0; j < n; ++j)
        columnOf[rowOf[j]] = j;
    return columnOf;
}

}
