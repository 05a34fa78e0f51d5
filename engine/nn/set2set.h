// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/nn/pooling.h"
#include "engine/nn/weights.h"

namespace engine {

/// Parameters of a Set2Set readout over rows of F numbers with h memory cells. Gates stand in the order input, forget, cell, output.
struct Set2SetWeights {
    const Matrix &memoryKernel;    ///< F × h, W_m
    const Matrix &memoryBias;      ///< 1 × h, b_m
    const Matrix &recurrentKernel; ///< 2h × 4h, R
    const Matrix &recurrentBias;   ///< 1 × 4h, b_r
};

/// Gradients, shaped as above. Those of the forget gate are zero.
struct Set2SetGradients {
    Matrix &memoryKernel, &memoryBias, &recurrentKernel, &recurrentBias;
};

/// Set2Set readout (Vinyals et al. 2016, eqs. 3–7) as published graph networks use it: the cell state is zero at the start of
/// every step, so the forget gate has no effect, and gates are hard sigmoids. q* has 2h numbers per structure.
///
/// Keeps what `backward` needs and the buffers of both, so that training allocates nothing once the largest batch was seen.
class Set2Set {
public:
    /// q (N_structures × 2h) after `steps` ≥ 1 steps. X is N_rows × F.
    void forward(ConstMatrixRef X, const Segments &segments, const Set2SetWeights &weights, int steps, MatrixRef q);

    /// Gradients of the last `forward`, with the same X, segments and weights; dq is N_structures × 2h. Overwrites g and dX.
    void backward(ConstMatrixRef X, const Segments &segments, const Set2SetWeights &weights, ConstMatrixRef dq,
                  const Set2SetGradients &g, MatrixRef dX);

private:
    struct Step {
        Matrix input, cell, output; ///< gates; N_structures × h, one row in the first step
        Matrix tanhState;           ///< tanh of the cell state
        Matrix h;                   ///< o tanh(c)
        Matrix u;                   ///< h W_mᵀ: the energy of a row x is x · u
        Vector attention;           ///< N_rows, sums to 1 in every structure
        Matrix p;                   ///< Σ a x; N_structures × F
        Matrix r;                   ///< Σ a m = p W_m + b_m
    };
    std::vector<Step> m_steps;
    Matrix m_z; ///< input, cell and output gate before their activation: N_structures × 3h
    Matrix m_dh, m_dr, m_dp, m_du;
    Vector m_da;
};

/// The readout alone. Throws Error when the shapes do not fit each other.
Matrix set2set(const Matrix &X, const Segments &segments, const Set2SetWeights &weights, int steps);

}
