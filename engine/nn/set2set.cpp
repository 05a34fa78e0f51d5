// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nn/set2set.h"

#include "engine/core/error.h"

#include <cassert>
#include <cmath>

// The memories m = x W_m + b_m enter linearly only, so the N_rows × h matrix of them is never built:
//     m · h = x · (W_m h) + const,   Σ a m = (Σ a x) W_m + b_m,
// and the constant cancels in the softmax, like its gradient. In the first step q = 0, so the gates are the same for all
// structures: they are one row, which is where this file says `shared`.

namespace engine {

namespace {
/// Keras' hard sigmoid, clip(0.2 z + 0.5, 0, 1), and its slope where it is not clipped.
constexpr double hardSlope = 0.2;
auto hardSigmoid(const auto &z)
{
    return (hardSlope * z.array() + 0.5).cwiseMax(0.0).cwiseMin(1.0).matrix();
}

/// Gradient before the gate: dz = 0.2 dy where 0 < y < 1.
auto hardSigmoidGradient(const auto &y, const auto &dy)
{
    return (y.array() > 0.0 && y.array() < 1.0).select(hardSlope * dy.array(), 0.0);
}

/// a = w exp(e − max e) / Σ w exp(e − max e) in every structure; a row of weight 0 stays out of the maximum.
void attend(const Segments &segments, Vector &a)
{
    for (int s = 0; s < segments.count(); ++s) {
        auto e = a.segment(segments.first[s], segments.size(s)).array();
        const auto w = segments.weight.segment(segments.first[s], segments.size(s)).array();
        const double highest = (w > 0.0).select(e, -HUGE_VAL).maxCoeff();
        e = (w > 0.0).select(w * (e - highest).exp(), 0.0);
        e /= e.sum();
    }
}
}

void Set2Set::forward(ConstMatrixRef X, const Segments &segments, const Set2SetWeights &weights, int steps, MatrixRef q)
{
    const auto &[Wm, bm, R, br] = weights;
    const auto h = Wm.cols(), n = Eigen::Index(segments.count());
    assert(steps >= 1 && "the readout needs a first step");
    m_steps.resize(steps);

    for (int t = 0; t < steps; ++t) {
        const bool shared = t == 0;
        Step &step = m_steps[t];

        // z = q R + b_r, without the forget gate's columns h … 2h
        m_z.resize(shared ? 1 : n, 3 * h);
        auto zInput = m_z.leftCols(h), zRest = m_z.rightCols(2 * h);
        zInput.rowwise() = br.row(0).head(h);
        zRest.rowwise() = br.row(0).tail(2 * h);
        if (!shared) {
            const Step &before = m_steps[t - 1];
            const auto top = R.topRows(h), bottom = R.bottomRows(h);
            if (t == 1) {
                zInput.rowwise() += before.h.row(0) * top.leftCols(h);
                zRest.rowwise() += before.h.row(0) * top.rightCols(2 * h);
            } else {
                zInput.noalias() += before.h * top.leftCols(h);
                zRest.noalias() += before.h * top.rightCols(2 * h);
            }
            zInput.noalias() += before.r * bottom.leftCols(h);
            zRest.noalias() += before.r * bottom.rightCols(2 * h);
        }

        // c = i tanh(z_c),  h = o tanh(c)
        step.input = hardSigmoid(m_z.leftCols(h));
        step.cell = m_z.middleCols(h, h).array().tanh().matrix();
        step.output = hardSigmoid(m_z.rightCols(h));
        step.tanhState = step.input.cwiseProduct(step.cell).array().tanh().matrix();
        step.h = step.output.cwiseProduct(step.tanhState);

        // e = x · u,  a = softmax of e,  p = Σ a x,  r = p W_m + b_m
        step.u.noalias() = step.h * Wm.transpose();
        step.attention.resize(X.rows());
        step.p.resize(n, X.cols());
        for (int s = 0; s < n; ++s)
            step.attention.segment(segments.first[s], segments.size(s)).noalias() =
                X.middleRows(segments.first[s], segments.size(s)) * step.u.row(shared ? 0 : s).transpose();
        attend(segments, step.attention);
        for (int s = 0; s < n; ++s)
            step.p.row(s).noalias() = step.attention.segment(segments.first[s], segments.size(s)).transpose() *
                                      X.middleRows(segments.first[s], segments.size(s));
        step.r.noalias() = step.p * Wm;
        step.r.rowwise() += bm.row(0);
    }

    const Step &last = m_steps.back();
    if (steps == 1)
        q.leftCols(h).rowwise() = last.h.row(0);
    else
        q.leftCols(h) = last.h;
    q.rightCols(h) = last.r;
}

void Set2Set::backward(ConstMatrixRef X, const Segments &segments, const Set2SetWeights &weights, ConstMatrixRef dq,
                       const Set2SetGradients &g, MatrixRef dX)
{
    const auto &[Wm, bm, R, br] = weights;
    const auto h = Wm.cols(), n = Eigen::Index(segments.count());
    const int steps = int(m_steps.size());

    g.memoryKernel.setZero();
    g.memoryBias.setZero();
    g.recurrentKernel.setZero();
    g.recurrentBias.setZero();
    dX.setZero();
    m_da.resize(X.rows());

    m_dh = dq.leftCols(h);
    m_dr = dq.rightCols(h);
    for (int t = steps - 1; t >= 0; --t) {
        const bool shared = t == 0;
        const Step &step = m_steps[t];

        // r = p W_m + b_m
        m_dp.noalias() = m_dr * Wm.transpose();
        g.memoryKernel.noalias() += step.p.transpose() * m_dr;
        g.memoryBias.row(0) += m_dr.colwise().sum();

        // p = Σ a x;  softmax: de = a (da − Σ a da);  e = x · u
        m_du.resize(n, X.cols());
        for (int s = 0; s < n; ++s) {
            const auto first = segments.first[s];
            const auto x = X.middleRows(first, segments.size(s));
            const auto a = step.attention.segment(first, segments.size(s));
            auto de = m_da.segment(first, segments.size(s));
            de.noalias() = x * m_dp.row(s).transpose();
            const double mean = a.dot(de);
            de.array() = a.array() * (de.array() - mean);
            m_du.row(s).noalias() = de.transpose() * x;
            auto dx = dX.middleRows(first, segments.size(s));
            dx.noalias() += a * m_dp.row(s);
            dx.noalias() += de * step.u.row(shared ? 0 : s);
        }

        // One row of gates served all structures in the first step: its gradient is the sum over them.
        if (shared) {
            m_du = m_du.colwise().sum().eval();
            m_dh = m_dh.colwise().sum().eval();
        }

        // u = h W_mᵀ
        m_dh.noalias() += m_du * Wm;
        g.memoryKernel.noalias() += m_du.transpose() * step.h;

        // h = o tanh(c),  c = i tanh(z_c)
        m_z.resize(m_dh.rows(), 3 * h);
        const auto dc = (m_dh.array() * step.output.array() * (1.0 - step.tanhState.array().square())).eval();
        m_z.leftCols(h) = hardSigmoidGradient(step.input, dc * step.cell.array());
        m_z.middleCols(h, h) = dc * step.input.array() * (1.0 - step.cell.array().square());
        m_z.rightCols(h) = hardSigmoidGradient(step.output, m_dh.array() * step.tanhState.array());
        const auto dzInput = m_z.leftCols(h), dzRest = m_z.rightCols(2 * h);

        const RowVector sum = m_z.colwise().sum();
        g.recurrentBias.row(0).head(h) += sum.head(h);
        g.recurrentBias.row(0).tail(2 * h) += sum.tail(2 * h);
        if (shared)
            break;

        // z = [h, r] R + b_r
        const Step &before = m_steps[t - 1];
        const auto top = R.topRows(h), bottom = R.bottomRows(h);
        auto dTop = g.recurrentKernel.topRows(h), dBottom = g.recurrentKernel.bottomRows(h);
        m_dr.noalias() = dzInput * bottom.leftCols(h).transpose();
        m_dr.noalias() += dzRest * bottom.rightCols(2 * h).transpose();
        dBottom.leftCols(h).noalias() += before.r.transpose() * dzInput;
        dBottom.rightCols(2 * h).noalias() += before.r.transpose() * dzRest;
        if (t == 1) { // h is shared: the gradients of all structures add up before the products
            dTop.leftCols(h).noalias() += before.h.transpose() * sum.head(h);
            dTop.rightCols(2 * h).noalias() += before.h.transpose() * sum.tail(2 * h);
            m_dh.noalias() = sum.head(h) * top.leftCols(h).transpose();
            m_dh.noalias() += sum.tail(2 * h) * top.rightCols(2 * h).transpose();
        } else {
            dTop.leftCols(h).noalias() += before.h.transpose() * dzInput;
            dTop.rightCols(2 * h).noalias() += before.h.transpose() * dzRest;
            m_dh.noalias() = dzInput * top.leftCols(h).transpose();
            m_dh.noalias() += dzRest * top.rightCols(2 * h).transpose();
        }
    }
}

Matrix set2set(const Matrix &X, const Segments &segments, const Set2SetWeights &weights, int steps)
{
    const auto &[Wm, bm, R, br] = weights;
    const auto h = Wm.cols();
    if (steps < 1)
        throw Error("Set2Set: the number of steps must be at least 1");
    if (Wm.rows() != X.cols() || bm.rows() != 1 || bm.cols() != h || R.rows() != 2 * h || R.cols() != 4 * h ||
        br.rows() != 1 || br.cols() != 4 * h)
        throw Error("Set2Set: the shapes of rows and weights do not fit each other");
    if (segments.rows() != X.rows() || segments.weight.size() != X.rows())
        throw Error("Set2Set: there is not one weight per row");
    Matrix q(segments.count(), 2 * h);
    Set2Set().forward(X, segments, weights, steps, q);
    return q;
}

}
