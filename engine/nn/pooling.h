// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/nn/dense.h"

#include <vector>

namespace engine {

/// Which rows of a matrix belong to which structure: structure s owns rows first[s] … first[s + 1] − 1, at least one.
/// A row of weight w counts as w equal rows would (an orbit of w sites).
struct Segments {
    std::vector<int> first = {0}; ///< N_structures + 1
    Vector weight;                ///< N_rows, ≥ 0, with a positive sum in every structure

    int count() const { return int(first.size()) - 1; }
    int rows() const { return first.back(); }
    int size(int s) const { return first[s + 1] - first[s]; }

    /// One structure that owns all the rows.
    static Segments single(Vector weight);
};

/// q_s = Σ w x / Σ w over the rows of structure s; X is N_rows × F, q N_structures × F.
void meanPoolForward(ConstMatrixRef X, const Segments &segments, MatrixRef q);

/// dx = w dq_s / Σ w
void meanPoolBackward(const Segments &segments, ConstMatrixRef dq, MatrixRef dX);

}
