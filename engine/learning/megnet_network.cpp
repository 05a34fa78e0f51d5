// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/learning/megnet_network.h"

#include <Eigen/QR>

#include <algorithm>
#include <cmath>

namespace engine {

namespace {

/// Hands out places in the flat parameter vector, in the published order.
struct Plan {
    std::vector<ParameterArray> arrays;
    std::size_t size = 0;

    std::size_t add(const std::string &name, int rows, int cols)
    {
        arrays.push_back({name, rows, cols, size});
        size += std::size_t(rows) * std::size_t(cols);
        return arrays.back().offset;
    }
};

template <class Mat>
using ConstMap = Eigen::Map<const Mat>;

template <class Mat, class Vec>
auto kernelOf(const Vec &p, std::size_t offset, int rows, int cols)
{
    return ConstMap<Mat>(p.data() + offset, rows, cols);
}

/// softplus2(x) = max(x, 0) + log(e^{−|x|}/2 + 1/2)
template <class Mat>
void softplus2(Mat &x)
{
    using Real = typename Mat::Scalar;
    const auto half = Real(0.5);
    x = x.array().max(Real(0)) + (half * (-x.array().abs()).exp() + half).log();
}

/// d softplus2/dx = 1 − e^{−y}/2 from its value y.
template <class Mat>
void timesSlope(Mat &dy, const Mat &y)
{
    using Real = typename Mat::Scalar;
    dy.array() *= Real(1) - Real(0.5) * (-y.array()).exp();
}

}

/// Lists the arrays in the published order: the one place that knows it.
static Plan planOf(const MegnetShape &s)
{
    Plan plan;
    const auto dense = [&](int n, int in, int out) {
        const auto name = "dense_" + std::to_string(n);
        plan.add(name + "/kernel", in, out);
        plan.add(name + "/bias", 1, out);
    };
    plan.add("embedding_1/embeddings", s.elements, s.embedding);
    dense(1, s.embedding, s.outer);
    dense(2, s.outer, s.inner);
    dense(3, s.gaussians, s.outer);
    dense(4, s.outer, s.inner);
    dense(5, 2, s.outer);
    dense(6, s.outer, s.inner);
    int next = 7;
    for (int k = 1; k <= s.blocks; ++k) {
        if (k > 1)
            for (int part = 0; part < 3; ++part) {
                dense(next++, s.inner, s.outer);
                dense(next++, s.outer, s.inner);
            }
        const auto block = "meg_net_layer_" + std::to_string(k) + "/phi_";
        for (const char kind : {'e', 'v', 'u'}) {
            const int widths[] = {(kind == 'e' ? 4 : 3) * s.inner, s.outer, s.outer, s.inner};
            for (int l = 0; l < 3; ++l) {
                const auto suffix = std::string("_") + kind + "_" + std::to_string(l);
                plan.add(block + kind + "/weight" + suffix, widths[l], widths[l + 1]);
                plan.add(block + kind + "/bias" + suffix, 1, widths[l + 1]);
            }
        }
    }
    const int h = s.set2setHidden;
    for (const int n : {1, 2}) {
        const auto name = "set2_set_" + std::to_string(n);
        plan.add(name + "/x_to_m_weight", s.inner, h);
        plan.add(name + "/x_to_m_bias", 1, h);
        plan.add(name + "/recurrent_kernel", 2 * h, 4 * h);
        plan.add(name + "/recurrent_bias", 1, 4 * h);
    }
    dense(next++, 4 * h + s.inner, 32);
    dense(next++, 32, 16);
    dense(next++, 16, 1);
    return plan;
}

std::vector<ParameterArray> parameterArrays(const MegnetShape &shape)
{
    return planOf(shape).arrays;
}

std::size_t parameterCount(const MegnetShape &shape)
{
    return planOf(shape).size;
}

template <class Real>
MegnetBatch<Real> makeBatch(const std::vector<const Graph *> &graphs)
{
    MegnetBatch<Real> batch;
    batch.graphs = int(graphs.size());
    batch.firstSpecies = {0};
    batch.firstBond = {0};
    for (int g = 0; g < batch.graphs; ++g) {
        const Graph &graph = *graphs[g];
        const int atomsBefore = int(batch.graphOfAtom.size());
        const int lengthsBefore = int(batch.lengths_A.size());
        batch.lengths_A.insert(batch.lengths_A.end(), graph.lengths_A.begin(), graph.lengths_A.end());
        for (int a = 0; a < graph.orbits.count(); ++a) {
            batch.graphOfAtom.push_back(g);
            batch.multiplicity.push_back(Real(graph.orbits.multiplicity[a]));
            for (const auto &[Z, occupancy] : graph.species[a]) {
                batch.Z.push_back(Z);
                batch.occupancy.push_back(Real(occupancy));
            }
            batch.firstSpecies.push_back(int(batch.Z.size()));
            for (int b = graph.firstBond[a]; b < graph.firstBond[a + 1]; ++b) {
                batch.neighbour.push_back(atomsBefore + graph.neighbour[b]);
                batch.count.push_back(Real(graph.count[b]));
                batch.length.push_back(lengthsBefore + graph.length[b]);
            }
            batch.firstBond.push_back(int(batch.neighbour.size()));
        }
    }
    return batch;
}

template MegnetBatch<float> makeBatch<float>(const std::vector<const Graph *> &);
template MegnetBatch<double> makeBatch<double>(const std::vector<const Graph *> &);

template <class Real>
MegnetNetwork<Real>::MegnetNetwork(const MegnetShape &shape, const std::vector<double> &centres_A, double width_A)
    : m_shape(shape),
      m_centres(Eigen::Map<const Eigen::VectorXd>(centres_A.data(), Eigen::Index(centres_A.size())).cast<Real>()),
      m_width(Real(width_A))
{
    const auto arrays = parameterArrays(shape);
    std::size_t next = 0;
    const auto dense = [&] {
        const auto &kernel = arrays[next++];
        const auto &bias = arrays[next++];
        return Dense{kernel.offset, bias.offset, kernel.rows, kernel.cols};
    };
    const auto pair = [&] {
        Pair p;
        p.first = dense();
        p.second = dense();
        return p;
    };
    m_embedding = arrays[next++].offset;
    m_preAtoms = pair();
    m_preBonds = pair();
    m_preState = pair();
    m_blocks.resize(std::size_t(shape.blocks));
    for (int k = 0; k < shape.blocks; ++k) {
        Block &block = m_blocks[k];
        if (k > 0) {
            block.atoms = pair();
            block.bonds = pair();
            block.state = pair();
        }
        for (auto *mlp : {block.e, block.v, block.u})
            for (int l = 0; l < 3; ++l)
                mlp[l] = dense();
    }
    for (Readout *r : {&m_readAtoms, &m_readBonds}) {
        r->toM = arrays[next++].offset;
        r->toMBias = arrays[next++].offset;
        r->recurrent = arrays[next++].offset;
        r->recurrentBias = arrays[next++].offset;
    }
    for (auto &layer : m_out)
        layer = dense();
}

namespace {

/// Y = X W + b
template <class Mat, class Vec, class Layer>
void dense(Mat &y, const Mat &x, const Layer &layer, const Vec &p)
{
    y.resize(x.rows(), layer.out);
    y.noalias() = x * kernelOf<Mat>(p, layer.kernel, layer.in, layer.out);
    y.rowwise() += kernelOf<Mat>(p, layer.bias, 1, layer.out).row(0);
}

/// dX = dY Wᵀ;  dW = Xᵀ dY;  db = Σ_rows dY
template <class Mat, class Vec, class Layer>
Mat denseBackward(const Mat &dy, const Mat &x, const Layer &layer, const Vec &p, Vec &gradient)
{
    Eigen::Map<Mat>(gradient.data() + layer.kernel, layer.in, layer.out).noalias() += x.transpose() * dy;
    Eigen::Map<Mat>(gradient.data() + layer.bias, 1, layer.out) += dy.colwise().sum();
    Mat dx(x.rows(), layer.in);
    dx.noalias() = dy * kernelOf<Mat>(p, layer.kernel, layer.in, layer.out).transpose();
    return dx;
}

template <class Mat, class Vec, class Pair>
const Mat &pairForward(Pair &pair, const Mat &x, const Vec &p)
{
    dense(pair.hidden, x, pair.first, p);
    softplus2(pair.hidden);
    dense(pair.out, pair.hidden, pair.second, p);
    softplus2(pair.out);
    return pair.out;
}

template <class Mat, class Vec, class Pair>
Mat pairBackward(const Pair &pair, Mat dy, const Mat &x, const Vec &p, Vec &gradient)
{
    timesSlope(dy, pair.out);
    Mat dHidden = denseBackward(dy, pair.hidden, pair.second, p, gradient);
    timesSlope(dHidden, pair.hidden);
    return denseBackward(dHidden, x, pair.first, p, gradient);
}

/// hs(t) = clip(0.2 t + 0.5, 0, 1)
template <class Mat>
Mat hardSigmoid(const Mat &t)
{
    using Real = typename Mat::Scalar;
    return (Real(0.2) * t.array() + Real(0.5)).max(Real(0)).min(Real(1));
}

template <class Mat>
Mat hardSigmoidSlope(const Mat &value)
{
    using Real = typename Mat::Scalar;
    return (value.array() > Real(0) && value.array() < Real(1)).template cast<Real>() * Real(0.2);
}

}

/// Set2Set readout (Vinyals et al. 2016) as published with MEGNet: the cell state is zero in every step. Rows of graph g are
/// first[g] … first[g + 1] − 1 and count `weights` times in the attention.
template <class Real>
void MegnetNetwork<Real>::readForward(Readout &r, const Mat &x, const std::vector<int> &first, const Vec &weights,
                                      const Vec &p)
{
    const int h = m_shape.set2setHidden;
    const auto nGraphs = Eigen::Index(first.size()) - 1;
    r.m.noalias() = x * kernelOf<Mat>(p, r.toM, m_shape.inner, h);
    r.m.rowwise() += kernelOf<Mat>(p, r.toMBias, 1, h).row(0);
    const auto R = kernelOf<Mat>(p, r.recurrent, 2 * h, 4 * h);
    const auto b = kernelOf<Mat>(p, r.recurrentBias, 1, 4 * h);

    r.q = Mat::Zero(nGraphs, 2 * h);
    r.steps.resize(std::size_t(m_shape.set2setSteps));
    for (Step &step : r.steps) {
        step.q = r.q;
        // z = q R + b: input, forget, cell, output gate;  c = i g;  h = o tanh(c)
        Mat z = step.q * R;
        z.rowwise() += b.row(0);
        step.i = hardSigmoid<Mat>(z.leftCols(h));
        step.g = z.middleCols(2 * h, h).array().tanh();
        step.o = hardSigmoid<Mat>(z.rightCols(h));
        step.tanhC = (step.i.array() * step.g.array()).tanh();
        step.h = step.o.array() * step.tanhC.array();
        // a = softmax(m · h);  q = [h, Σ a m]
        step.attention.resize(x.rows());
        for (Eigen::Index g = 0; g < nGraphs; ++g) {
            const auto n = first[g + 1] - first[g];
            r.q.row(g).head(h) = step.h.row(g);
            if (n == 0) {
                r.q.row(g).tail(h).setZero();
                continue;
            }
            auto a = step.attention.segment(first[g], n);
            const auto m = r.m.middleRows(first[g], n);
            a.noalias() = m * step.h.row(g).transpose();
            a = (a.array() - a.maxCoeff()).exp() * weights.segment(first[g], n).array();
            a /= a.sum();
            r.q.row(g).tail(h).noalias() = a.transpose() * m;
        }
    }
}

template <class Real>
auto MegnetNetwork<Real>::readBackward(const Readout &r, const Mat &x, const std::vector<int> &first, const Vec &p,
                                       const Mat &dqEnd, Vec &gradient) -> Mat
{
    const int h = m_shape.set2setHidden;
    const auto nGraphs = Eigen::Index(first.size()) - 1;
    const auto R = kernelOf<Mat>(p, r.recurrent, 2 * h, 4 * h);
    Eigen::Map<Mat> dR(gradient.data() + r.recurrent, 2 * h, 4 * h);
    Eigen::Map<Mat> db(gradient.data() + r.recurrentBias, 1, 4 * h);

    Mat dm = Mat::Zero(x.rows(), h);
    Mat dq = dqEnd;
    for (auto step = r.steps.rbegin(); step != r.steps.rend(); ++step) {
        Mat dh = dq.leftCols(h);
        for (Eigen::Index g = 0; g < nGraphs; ++g) {
            const auto n = first[g + 1] - first[g];
            if (n == 0)
                continue;
            const auto a = step->attention.segment(first[g], n);
            const auto m = r.m.middleRows(first[g], n);
            const auto dRead = dq.row(g).tail(h);
            // de = a (da − Σ a da),  da = m · dRead
            const Vec da = m * dRead.transpose();
            const Vec de = a.array() * (da.array() - a.dot(da));
            dm.middleRows(first[g], n).noalias() += a * dRead;
            dm.middleRows(first[g], n).noalias() += de * step->h.row(g);
            dh.row(g).noalias() += de.transpose() * m;
        }
        const Mat dc = dh.array() * step->o.array() * (Real(1) - step->tanhC.array().square());
        Mat dz = Mat::Zero(nGraphs, 4 * h); // the forget gate has no effect
        dz.leftCols(h) = dc.array() * step->g.array() * hardSigmoidSlope<Mat>(step->i).array();
        dz.middleCols(2 * h, h) = dc.array() * step->i.array() * (Real(1) - step->g.array().square());
        dz.rightCols(h) = dh.array() * step->tanhC.array() * hardSigmoidSlope<Mat>(step->o).array();
        dR.noalias() += step->q.transpose() * dz;
        db += dz.colwise().sum();
        dq.noalias() = dz * R.transpose();
    }
    Eigen::Map<Mat>(gradient.data() + r.toM, m_shape.inner, h).noalias() += x.transpose() * dm;
    Eigen::Map<Mat>(gradient.data() + r.toMBias, 1, h) += dm.colwise().sum();
    Mat dx(x.rows(), m_shape.inner);
    dx.noalias() = dm * kernelOf<Mat>(p, r.toM, m_shape.inner, h).transpose();
    return dx;
}

template <class Real>
void MegnetNetwork<Real>::forward(const MegnetBatch<Real> &batch, const Vec &p)
{
    const auto nAtoms = Eigen::Index(batch.graphOfAtom.size());
    const auto nBonds = Eigen::Index(batch.neighbour.size());
    const auto nGraphs = Eigen::Index(batch.graphs);
    const int w = m_shape.inner;

    m_centre.resize(std::size_t(nBonds));
    m_firstAtom.assign(std::size_t(nGraphs) + 1, int(nAtoms));
    m_firstBondOfGraph.assign(std::size_t(nGraphs) + 1, int(nBonds));
    m_atomWeight = Eigen::Map<const Vec>(batch.multiplicity.data(), nAtoms);
    m_bondWeight.resize(nBonds);
    m_bondsOfAtom.resize(nAtoms);
    m_atomsOfGraph = Vec::Zero(nGraphs);
    m_bondsOfGraph = Vec::Zero(nGraphs);
    for (Eigen::Index a = nAtoms - 1; a >= 0; --a) {
        const int g = batch.graphOfAtom[a];
        const int first = batch.firstBond[a], end = batch.firstBond[a + 1];
        m_firstAtom[g] = int(a);
        m_firstBondOfGraph[g] = first;
        std::fill(m_centre.begin() + first, m_centre.begin() + end, int(a));
        const Eigen::Map<const Vec> count(batch.count.data() + first, end - first);
        m_bondWeight.segment(first, end - first) = m_atomWeight(a) * count;
        m_bondsOfAtom(a) = count.sum();
        m_atomsOfGraph(g) += m_atomWeight(a);
        m_bondsOfGraph(g) += m_atomWeight(a) * m_bondsOfAtom(a);
    }

    // V0 = Σ occupancy · W(Z);  e_k = exp(−(d − c_k)²/width²);  u = (0, 0)
    const auto embedding = kernelOf<Mat>(p, m_embedding, m_shape.elements, m_shape.embedding);
    m_V0 = Mat::Zero(nAtoms, m_shape.embedding);
    for (Eigen::Index a = 0; a < nAtoms; ++a)
        for (int s = batch.firstSpecies[a]; s < batch.firstSpecies[a + 1]; ++s)
            m_V0.row(a) += batch.occupancy[s] * embedding.row(batch.Z[s]);
    const auto nLengths = Eigen::Index(batch.lengths_A.size());
    m_gauss.resize(nLengths, m_shape.gaussians);
    const Real scale = Real(1) / m_width;
    for (Eigen::Index l = 0; l < nLengths; ++l)
        m_gauss.row(l) = ((batch.lengths_A[l] - m_centres.array()) * scale).square().transpose();
    m_gauss = (-m_gauss.array()).exp();
    m_zeroState = Mat::Zero(nGraphs, 2);

    m_v.resize(m_blocks.size() + 1);
    m_e.resize(m_blocks.size() + 1);
    m_u.resize(m_blocks.size() + 1);
    m_v[0] = pairForward(m_preAtoms, m_V0, p);
    // once for every different length
    const Mat &ofLength = pairForward(m_preBonds, m_gauss, p);
    m_e[0].resize(nBonds, w);
    for (Eigen::Index b = 0; b < nBonds; ++b)
        m_e[0].row(b) = ofLength.row(batch.length[b]);
    m_u[0] = pairForward(m_preState, m_zeroState, p);

    for (std::size_t k = 0; k < m_blocks.size(); ++k) {
        Block &block = m_blocks[k];
        const Mat &v = k == 0 ? m_v[0] : pairForward(block.atoms, m_v[k], p);
        const Mat &e = k == 0 ? m_e[0] : pairForward(block.bonds, m_e[k], p);
        const Mat &u = k == 0 ? m_u[0] : pairForward(block.state, m_u[k], p);

        // e'' = MLP_e([v_i, v_j, e, u]); the first layer is split, so that atoms and states are multiplied once each
        const int outer = m_shape.outer;
        const auto W = kernelOf<Mat>(p, block.e[0].kernel, 4 * w, outer);
        const Mat atCentre = v * W.topRows(w);
        const Mat atNeighbour = v * W.middleRows(w, w);
        Mat ofGraph = u * W.bottomRows(w);
        ofGraph.rowwise() += kernelOf<Mat>(p, block.e[0].bias, 1, outer).row(0);
        block.e0.resize(nBonds, outer);
        block.e0.noalias() = e * W.middleRows(2 * w, w);
        for (Eigen::Index b = 0; b < nBonds; ++b) {
            const int i = m_centre[b];
            block.e0.row(b) +=
                atCentre.row(i) + atNeighbour.row(batch.neighbour[b]) + ofGraph.row(batch.graphOfAtom[i]);
        }
        softplus2(block.e0);
        dense(block.e1, block.e0, block.e[1], p);
        softplus2(block.e1);
        dense(block.e2, block.e1, block.e[2], p);

        // v'' = MLP_v([mean of e'' over the centre's bonds, v, u])
        block.vIn.resize(nAtoms, 3 * w);
        Mat bondMean = Mat::Zero(nGraphs, w);
        for (Eigen::Index a = 0; a < nAtoms; ++a) {
            const int first = batch.firstBond[a], n = batch.firstBond[a + 1] - first;
            const int g = batch.graphOfAtom[a];
            auto mean = block.vIn.row(a).head(w);
            mean.setZero();
            if (n > 0) {
                mean.noalias() =
                    Eigen::Map<const Vec>(batch.count.data() + first, n).transpose() * block.e2.middleRows(first, n);
                bondMean.row(g) += mean * (m_atomWeight(a) / m_bondsOfGraph(g));
                mean /= m_bondsOfAtom(a);
            }
            block.vIn.row(a).segment(w, w) = v.row(a);
            block.vIn.row(a).tail(w) = u.row(g);
        }
        dense(block.v0, block.vIn, block.v[0], p);
        softplus2(block.v0);
        dense(block.v1, block.v0, block.v[1], p);
        softplus2(block.v1);
        dense(block.v2, block.v1, block.v[2], p);

        // u'' = MLP_u([mean of e'' over bonds, mean of v'' over atoms, u])
        Mat atomMean = Mat::Zero(nGraphs, w);
        for (Eigen::Index a = 0; a < nAtoms; ++a) {
            const int g = batch.graphOfAtom[a];
            atomMean.row(g) += block.v2.row(a) * (m_atomWeight(a) / m_atomsOfGraph(g));
        }
        block.uIn.resize(nGraphs, 3 * w);
        block.uIn << bondMean, atomMean, u;
        dense(block.u0, block.uIn, block.u[0], p);
        softplus2(block.u0);
        dense(block.u1, block.u0, block.u[1], p);
        softplus2(block.u1);
        dense(block.u2, block.u1, block.u[2], p);

        // the skip adds to the value before the two dense layers
        m_v[k + 1] = m_v[k] + block.v2;
        m_e[k + 1] = m_e[k] + block.e2;
        m_u[k + 1] = m_u[k] + block.u2;
    }

    readForward(m_readAtoms, m_v.back(), m_firstAtom, m_atomWeight, p);
    readForward(m_readBonds, m_e.back(), m_firstBondOfGraph, m_bondWeight, p);
    m_z.resize(nGraphs, m_readAtoms.q.cols() + m_readBonds.q.cols() + w);
    m_z << m_readAtoms.q, m_readBonds.q, m_u.back();
    dense(m_y0, m_z, m_out[0], p);
    softplus2(m_y0);
    dense(m_y1, m_y0, m_out[1], p);
    softplus2(m_y1);
    dense(m_y2, m_y1, m_out[2], p);
}

template <class Real>
void MegnetNetwork<Real>::backward(const MegnetBatch<Real> &batch, const Vec &p, const Mat &dOutput, Vec &gradient)
{
    const auto nAtoms = Eigen::Index(batch.graphOfAtom.size());
    const auto nBonds = Eigen::Index(batch.neighbour.size());
    const auto nGraphs = Eigen::Index(batch.graphs);
    const int w = m_shape.inner;
    const int outer = m_shape.outer;
    const int h2 = 2 * m_shape.set2setHidden;

    Mat d = denseBackward(dOutput, m_y1, m_out[2], p, gradient);
    timesSlope(d, m_y1);
    d = denseBackward(d, m_y0, m_out[1], p, gradient);
    timesSlope(d, m_y0);
    const Mat dz = denseBackward(d, m_z, m_out[0], p, gradient);

    Mat dv = readBackward(m_readAtoms, m_v.back(), m_firstAtom, p, dz.leftCols(h2), gradient);
    Mat de = readBackward(m_readBonds, m_e.back(), m_firstBondOfGraph, p, dz.middleCols(h2, h2), gradient);
    Mat du = dz.rightCols(w);

    for (std::size_t k = m_blocks.size(); k-- > 0;) {
        const Block &block = m_blocks[k];
        const Mat &v = k == 0 ? m_v[0] : block.atoms.out;
        const Mat &e = k == 0 ? m_e[0] : block.bonds.out;
        const Mat &u = k == 0 ? m_u[0] : block.state.out;

        // u'' = MLP_u(uIn)
        d = denseBackward(du, block.u1, block.u[2], p, gradient);
        timesSlope(d, block.u1);
        d = denseBackward(d, block.u0, block.u[1], p, gradient);
        timesSlope(d, block.u0);
        const Mat duIn = denseBackward(d, block.uIn, block.u[0], p, gradient);
        Mat duBlock = duIn.rightCols(w);

        // v'' = MLP_v(vIn): receives from the skip and from the mean in uIn
        Mat dv2 = dv;
        for (Eigen::Index a = 0; a < nAtoms; ++a) {
            const int g = batch.graphOfAtom[a];
            dv2.row(a) += duIn.row(g).segment(w, w) * (m_atomWeight(a) / m_atomsOfGraph(g));
        }
        d = denseBackward(dv2, block.v1, block.v[2], p, gradient);
        timesSlope(d, block.v1);
        d = denseBackward(d, block.v0, block.v[1], p, gradient);
        timesSlope(d, block.v0);
        const Mat dvIn = denseBackward(d, block.vIn, block.v[0], p, gradient);
        Mat dvBlock = dvIn.middleCols(w, w);

        // e'' = MLP_e: receives from the skip, from the mean in vIn and from the mean in uIn
        Mat de2 = de;
        for (Eigen::Index a = 0; a < nAtoms; ++a) {
            const int g = batch.graphOfAtom[a];
            duBlock.row(g) += dvIn.row(a).tail(w);
            const int first = batch.firstBond[a], n = batch.firstBond[a + 1] - first;
            if (n == 0)
                continue;
            const Eigen::Matrix<Real, 1, Eigen::Dynamic> share =
                dvIn.row(a).head(w) / m_bondsOfAtom(a) + duIn.row(g).head(w) * (m_atomWeight(a) / m_bondsOfGraph(g));
            de2.middleRows(first, n).noalias() += Eigen::Map<const Vec>(batch.count.data() + first, n) * share;
        }
        d = denseBackward(de2, block.e1, block.e[2], p, gradient);
        timesSlope(d, block.e1);
        d = denseBackward(d, block.e0, block.e[1], p, gradient);
        timesSlope(d, block.e0);

        // first layer of MLP_e, split as in forward
        const auto W = kernelOf<Mat>(p, block.e[0].kernel, 4 * w, outer);
        Eigen::Map<Mat> dW(gradient.data() + block.e[0].kernel, 4 * w, outer);
        Mat dCentre = Mat::Zero(nAtoms, outer), dNeighbour = Mat::Zero(nAtoms, outer),
            dGraph = Mat::Zero(nGraphs, outer);
        for (Eigen::Index b = 0; b < nBonds; ++b) {
            dCentre.row(m_centre[b]) += d.row(b);
            dNeighbour.row(batch.neighbour[b]) += d.row(b);
        }
        for (Eigen::Index a = 0; a < nAtoms; ++a)
            dGraph.row(batch.graphOfAtom[a]) += dCentre.row(a);
        dW.topRows(w).noalias() += v.transpose() * dCentre;
        dW.middleRows(w, w).noalias() += v.transpose() * dNeighbour;
        dW.middleRows(2 * w, w).noalias() += e.transpose() * d;
        dW.bottomRows(w).noalias() += u.transpose() * dGraph;
        Eigen::Map<Mat>(gradient.data() + block.e[0].bias, 1, outer) += dGraph.colwise().sum();
        dvBlock.noalias() += dCentre * W.topRows(w).transpose();
        dvBlock.noalias() += dNeighbour * W.middleRows(w, w).transpose();
        Mat deBlock(nBonds, w);
        deBlock.noalias() = d * W.middleRows(2 * w, w).transpose();
        duBlock.noalias() += dGraph * W.bottomRows(w).transpose();

        if (k == 0) {
            dv += dvBlock;
            de += deBlock;
            du += duBlock;
        } else {
            dv += pairBackward(block.atoms, std::move(dvBlock), m_v[k], p, gradient);
            de += pairBackward(block.bonds, std::move(deBlock), m_e[k], p, gradient);
            du += pairBackward(block.state, std::move(duBlock), m_u[k], p, gradient);
        }
    }
    const Mat dV0 = pairBackward(m_preAtoms, std::move(dv), m_V0, p, gradient);
    Mat dOfLength = Mat::Zero(m_gauss.rows(), w);
    for (Eigen::Index b = 0; b < nBonds; ++b)
        dOfLength.row(batch.length[b]) += de.row(b);
    pairBackward(m_preBonds, std::move(dOfLength), m_gauss, p, gradient);
    pairBackward(m_preState, std::move(du), m_zeroState, p, gradient);
    Eigen::Map<Mat> dEmbedding(gradient.data() + m_embedding, m_shape.elements, m_shape.embedding);
    for (Eigen::Index a = 0; a < nAtoms; ++a)
        for (int s = batch.firstSpecies[a]; s < batch.firstSpecies[a + 1]; ++s)
            dEmbedding.row(batch.Z[s]) += batch.occupancy[s] * dV0.row(a);
}

template <class Real>
auto MegnetNetwork<Real>::outputs(const MegnetBatch<Real> &batch, const Vec &parameters) -> Vec
{
    forward(batch, parameters);
    return m_y2.col(0);
}

template <class Real>
double MegnetNetwork<Real>::lossAndGradient(const MegnetBatch<Real> &batch, const Vec &parameters, const Vec &targets,
                                            Vec &gradient)
{
    forward(batch, parameters);
    Mat dOutput(batch.graphs, 1);
    double loss = 0;
    for (int g = 0; g < batch.graphs; ++g) {
        const double y = m_y2(g, 0), t = targets(g);
        if (m_shape.isClassifier) {
            // −t log σ(y) − (1 − t) log(1 − σ(y)) = max(y, 0) − y t + log(1 + e^{−|y|})
            loss += std::max(y, 0.0) - y * t + std::log1p(std::exp(-std::abs(y)));
            dOutput(g, 0) = Real(1.0 / (1.0 + std::exp(-y)) - t);
        } else {
            // Huber 1964: r²/2 for |r| ≤ δ, else δ (|r| − δ/2)
            const double r = y - t, a = std::abs(r);
            loss += a <= huberDelta ? 0.5 * r * r : huberDelta * (a - 0.5 * huberDelta);
            dOutput(g, 0) = Real(std::clamp(r, -huberDelta, huberDelta));
        }
    }
    gradient.setZero(parameters.size());
    backward(batch, parameters, dOutput, gradient);
    return loss;
}

template <class Real>
auto MegnetNetwork<Real>::initialParameters(const MegnetShape &shape, Rng rng) -> Vec
{
    Vec p = Vec::Zero(Eigen::Index(parameterCount(shape)));
    const auto arrays = parameterArrays(shape);
    for (std::size_t n = 0; n < arrays.size(); ++n) {
        const ParameterArray &array = arrays[n];
        Eigen::Map<Mat> a(p.data() + array.offset, array.rows, array.cols);
        Rng draw = rng.split(n);
        const auto fill = [&](double limit) {
            for (Eigen::Index i = 0; i < a.size(); ++i)
                a.data()[i] = Real(limit * (2.0 * draw.uniform() - 1.0));
        };
        if (array.name.ends_with("embeddings")) {
            fill(0.05);
        } else if (array.name.ends_with("recurrent_kernel")) {
            // rows of an orthogonal matrix (Saxe et al. 2014)
            Eigen::MatrixXd random(array.cols, array.rows);
            for (Eigen::Index i = 0; i < random.size(); ++i)
                random.data()[i] = draw.normal();
            const Eigen::HouseholderQR<Eigen::MatrixXd> qr(random);
            const Eigen::MatrixXd q = qr.householderQ() * Eigen::MatrixXd::Identity(array.cols, array.rows);
            a = q.transpose().cast<Real>();
        } else if (array.name.ends_with("recurrent_bias")) {
            a.middleCols(shape.set2setHidden, shape.set2setHidden).setOnes();
        } else if (array.name.ends_with("kernel") || array.name.find("weight") != std::string::npos) {
            fill(std::sqrt(6.0 / (array.rows + array.cols))); // Glorot and Bengio 2010
        }
    }
    return p;
}

template class MegnetNetwork<float>;
template class MegnetNetwork<double>;

}
