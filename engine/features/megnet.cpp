// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/features/megnet.h"

#include "engine/core/error.h"
#include "engine/crystal/element.h"
#include "engine/nn/activation.h"
#include "engine/nn/set2set.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <set>

namespace engine {

namespace {

constexpr int tileRows = 64; // a tile of 64 numbers per row is 32 KiB and stays in the processor's cache

const Matrix &arrayOf(const Megnet &megnet, const NetworkLayer &layer, const std::string &name)
{
    return engine::arrayOf(megnet.weights, layer.name + "/" + name);
}

/// V0_i = Σ over the species of orbit i: occupancy · embedding of the element
Matrix embedded(const Graph &graph, const Matrix &embeddings)
{
    Matrix V0 = Matrix::Zero(graph.orbits.count(), embeddings.cols());
    for (int i = 0; i < graph.orbits.count(); ++i)
        for (const auto &[Z, occupancy] : graph.species[i]) {
            if (Z < 1 || Z >= embeddings.rows())
                throw Error("the network does not know the element " + symbolOf(Z) + ": its embedding ends at " +
                            symbolOf(std::min(int(embeddings.rows()) - 1, largestZ)));
            V0.row(i) += occupancy * embeddings.row(Z);
        }
    return V0;
}

struct DenseLayer {
    const Matrix &kernel, &bias;
    Activation activation;

    // Y = f(X W + b)
    void operator()(const Eigen::Ref<const Matrix> &X, Matrix &Y) const
    {
        Y.noalias() = X * kernel;
        Y.rowwise() += bias.row(0);
        activate(activation, Y);
    }
};

/// One of a block's three perceptrons: activation after the first two layers, none after the third.
struct Perceptron {
    std::array<DenseLayer, 3> layers;

    Perceptron(const Megnet &megnet, const NetworkLayer &block, const std::string &of)
        : layers{dense(megnet, block, of, 0), dense(megnet, block, of, 1), dense(megnet, block, of, 2)}
    {
    }

    Matrix operator()(const Matrix &X) const
    {
        Matrix Y, Z;
        layers[0](X, Y);
        layers[1](Y, Z);
        layers[2](Z, Y);
        return Y;
    }

private:
    static DenseLayer dense(const Megnet &megnet, const NetworkLayer &block, const std::string &of, int k)
    {
        const std::string number = std::to_string(k);
        return {arrayOf(megnet, block, "phi_" + of + "/weight_" + of + "_" + number),
                arrayOf(megnet, block, "phi_" + of + "/bias_" + of + "_" + number),
                k < 2 ? *activationNamed(block.activation) : Activation::Linear};
    }
};

/// The output of a layer. Bond rows that depend on the distance alone are kept once per length.
struct Value {
    Matrix rows;
    bool perLength = false;
};

/// One run through the layers that a wanted output needs; everything else is left out.
class Evaluation {
public:
    Evaluation(const Graph &graph, const Megnet &megnet)
        : m_graph(graph), m_megnet(megnet), m_values(megnet.layers.size())
    {
        assert((graph.lengths_A.empty() || graph.lengths_A.back() < megnet.cutoff_A + 1e-3) &&
               "the graph was built with another cutoff");
    }

    Matrix outputOf(int layer, int output)
    {
        plan(layer, output);
        for (int k = 0; k <= layer; ++k)
            if (isNeeded(k) && !m_isFused[k]) {
                evaluate(k);
                release(k);
            }
        return std::move(m_values[layer][output].rows);
    }

private:
    const NetworkLayer &layerOf(int k) const { return m_megnet.layers[k]; }
    bool isNeeded(int k) const { return m_uses[k][0] + m_uses[k][1] + m_uses[k][2] > 0; }

    /// What a layer computes from: a block's further inputs and a readout's second are indices, which the graph replaces.
    std::vector<std::pair<int, int>> sources(int k) const
    {
        const NetworkLayer &layer = layerOf(k);
        const auto n = layer.kind == "MEGNetLayer" ? 3
                       : layer.kind == "Add" || layer.kind == "Concatenate"
                           ? layer.inputs.size()
                           : std::min<std::size_t>(layer.inputs.size(), 1);
        return {layer.inputs.begin(), layer.inputs.begin() + std::ptrdiff_t(n)};
    }

    /// Counts how often every output is used, and finds dense layers that only feed another: those are computed tile by tile with
    /// it, and the tall matrix between them never exists.
    void plan(int layer, int output)
    {
        m_uses.assign(m_megnet.layers.size(), {0, 0, 0});
        m_isFused.assign(m_megnet.layers.size(), false);
        m_uses[layer][output] = 1;
        for (int k = layer; k >= 0; --k)
            if (isNeeded(k))
                for (const auto &[source, o] : sources(k))
                    ++m_uses[source][o];
        for (int k = 0; k <= layer; ++k)
            if (isNeeded(k) && layerOf(k).kind == "Dense") {
                const int source = layerOf(k).inputs[0].first;
                m_isFused[source] = layerOf(source).kind == "Dense" && m_uses[source][0] == 1;
            }
    }

    const Value &value(const std::pair<int, int> &input) const { return m_values[input.first][input.second]; }

    /// Frees what layer k was the last to use.
    void release(int k)
    {
        for (int chain = k;;) {
            for (const auto &[source, o] : sources(chain))
                if (--m_uses[source][o] == 0)
                    m_values[source][o] = {};
            if (layerOf(chain).kind != "Dense" || !m_isFused[layerOf(chain).inputs[0].first])
                return;
            chain = layerOf(chain).inputs[0].first;
        }
    }

    void evaluate(int k)
    {
        const NetworkLayer &layer = layerOf(k);
        Value &out = m_values[k][0];
        if (layer.kind == "InputLayer") {
            if (layer.rows == Rows::Structure)
                out.rows = Matrix::Zero(1, layer.width); // the state of all crystals
        } else if (layer.kind == "Embedding") {
            out.rows = embedded(m_graph, arrayOf(m_megnet, layer, "embeddings"));
        } else if (layer.kind == "Dense") {
            out = dense(k);
        } else if (layer.kind == "MEGNetLayer") {
            block(k);
        } else if (layer.kind == "Set2Set") {
            out.rows =
                set2set(perBond(value(layer.inputs[0])), segments(layer.inputs[0]),
                        {arrayOf(m_megnet, layer, "x_to_m_weight"), arrayOf(m_megnet, layer, "x_to_m_bias"),
                         arrayOf(m_megnet, layer, "recurrent_kernel"), arrayOf(m_megnet, layer, "recurrent_bias")},
                        layer.steps);
        } else if (layer.kind == "Add") {
            out = value(layer.inputs[0]);
            for (std::size_t i = 1; i < layer.inputs.size(); ++i) {
                const Value &other = value(layer.inputs[i]);
                if (out.perLength == other.perLength)
                    out.rows += other.rows;
                else
                    out = {perBond(out) + perBond(other), false};
            }
        } else if (layer.kind == "Concatenate") {
            out.rows.resize(1, layer.width);
            Eigen::Index column = 0;
            for (const auto &input : layer.inputs) {
                out.rows.middleCols(column, value(input).rows.cols()) = value(input).rows;
                column += value(input).rows.cols();
            }
        } else {
            assert(layer.kind == "Dropout" && "connectLayers knows every kind");
            out = value(layer.inputs[0]);
        }
    }

    /// A chain of dense layers, tile by tile.
    Value dense(int k)
    {
        std::vector<DenseLayer> chain; // from the last to the first
        int first = k;
        for (;; first = layerOf(first).inputs[0].first) {
            const NetworkLayer &layer = layerOf(first);
            chain.push_back({arrayOf(m_megnet, layer, "kernel"), arrayOf(m_megnet, layer, "bias"),
                             *activationNamed(layer.activation)});
            if (!m_isFused[layer.inputs[0].first])
                break;
        }

        const auto input = layerOf(first).inputs[0];
        const bool isBasis = layerOf(input.first).kind == "InputLayer" && layerOf(input.first).rows == Rows::Bonds;
        const Eigen::Index n = isBasis ? Eigen::Index(m_graph.lengths_A.size()) : value(input).rows.rows();
        Value out{Matrix(n, layerOf(k).width), isBasis || value(input).perLength};
        Matrix X, Y;
        for (Eigen::Index start = 0; start < n; start += tileRows) {
            const Eigen::Index rows = std::min<Eigen::Index>(tileRows, n - start);
            if (isBasis)
                expandLengths(start, rows, X);
            else
                X = value(input).rows.middleRows(start, rows);
            for (auto layer = chain.rbegin(); layer != chain.rend(); ++layer) {
                (*layer)(X, Y);
                X.swap(Y);
            }
            out.rows.middleRows(start, rows) = X;
        }
        return out;
    }

    // e_k = exp(−(d − centre_k)² / width²)
    void expandLengths(Eigen::Index start, Eigen::Index rows, Matrix &e) const
    {
        const Eigen::Map<const RowVector> centres(m_megnet.basis.centres_A.data(),
                                                  Eigen::Index(m_megnet.basis.centres_A.size()));
        const double width2 = m_megnet.basis.width_A * m_megnet.basis.width_A;
        e.resize(rows, centres.size());
        for (Eigen::Index r = 0; r < rows; ++r)
            e.row(r) = (-(m_graph.lengths_A[start + r] - centres.array()).square() / width2).exp();
    }

    Matrix perBond(const Value &value) const
    {
        if (!value.perLength)
            return value.rows;
        Matrix rows(m_graph.bonds(), value.rows.cols());
        for (int b = 0; b < m_graph.bonds(); ++b)
            rows.row(b) = value.rows.row(m_graph.length[b]);
        return rows;
    }

    Segments segments(const std::pair<int, int> &input) const
    {
        const auto &multiplicity = m_graph.orbits.multiplicity;
        const bool isAtoms = input.second == 0 && layerOf(input.first).rows == Rows::Atoms;
        Vector weight(isAtoms ? m_graph.orbits.count() : m_graph.bonds());
        for (int i = 0; i < m_graph.orbits.count(); ++i) {
            if (isAtoms)
                weight[i] = multiplicity[i];
            else
                for (int b = m_graph.firstBond[i]; b < m_graph.firstBond[i + 1]; ++b)
                    weight[b] = double(multiplicity[i]) * m_graph.count[b];
        }
        return Segments::single(std::move(weight));
    }

    /// e″ = MLP_e([v_i, v_j, e, u]) for every bond i → j;  v″ = MLP_v([mean e″, v, u]);  u″ = MLP_u([mean e″, mean v″, u]).
    void block(int k)
    {
        const NetworkLayer &layer = layerOf(k);
        const Matrix &v = value(layer.inputs[0]).rows, &u = value(layer.inputs[2]).rows;
        const bool bondsAreUsed = m_uses[k][1] > 0, stateIsUsed = m_uses[k][2] > 0;
        const auto &orbits = m_graph.orbits;

        Vector degree(orbits.count());
        for (int i = 0; i < orbits.count(); ++i)
            degree[i] = double(m_graph.bondsOfSite(i));
        const Matrix a = meanOfBonds(Perceptron(m_megnet, layer, "e"), v, value(layer.inputs[1]), u, degree,
                                     bondsAreUsed ? &m_values[k][1].rows : nullptr);

        Matrix X(orbits.count(), a.cols() + v.cols() + u.cols());
        X << a, v, u.replicate(orbits.count(), 1);
        m_values[k][0].rows = Perceptron(m_megnet, layer, "v")(X);

        if (stateIsUsed) {
            const Eigen::Map<const Eigen::VectorXi> multiplicity(orbits.multiplicity.data(), orbits.count());
            const Vector atoms = multiplicity.cast<double>(), bonds = atoms.cwiseProduct(degree);
            Matrix x(1, a.cols() + m_values[k][0].rows.cols() + u.cols());
            x << bonds.transpose() * a / bonds.sum(), atoms.transpose() * m_values[k][0].rows / atoms.sum(), u;
            m_values[k][2].rows = Perceptron(m_megnet, layer, "u")(x);
        }
    }

    /// Row i: mean of e″ over the bonds of orbit i, zero when there are none. Writes e″ itself where asked.
    ///
    /// The first layer is split, [v_i, v_j, e, u] W = v_i A + v_j B + e C + u D, so that only sums are left for each bond (and a
    /// product with C, unless e depends on the length alone). The third layer has no activation, so the mean is taken before
    /// it when e″ itself is of no use.
    Matrix meanOfBonds(const Perceptron &mlp, const Matrix &v, const Value &e, const Matrix &u, const Vector &degree,
                       Matrix *bonds) const
    {
        const auto &[first, second, third] = mlp.layers;
        const Eigen::Index nv = v.cols(), ne = e.rows.cols(), hidden = first.kernel.cols();
        const auto A = first.kernel.topRows(nv), B = first.kernel.middleRows(nv, nv),
                   C = first.kernel.middleRows(2 * nv, ne), D = first.kernel.bottomRows(u.cols());
        Matrix vA = v * A;
        vA.rowwise() += RowVector(first.bias + u * D);
        const Matrix vB = v * B;
        const Matrix eC = e.perLength ? Matrix(e.rows * C) : Matrix();

        const int n = m_graph.bonds();
        if (bonds)
            bonds->resize(n, third.kernel.cols());
        Matrix sums = Matrix::Zero(m_graph.orbits.count(), bonds ? third.kernel.cols() : second.kernel.cols());
        Matrix X, Y;
        for (int start = 0, centre = 0; start < n; start += tileRows) {
            const int rows = std::min(tileRows, n - start), tileCentre = centre;
            X.resize(rows, hidden);
            if (!e.perLength)
                X.noalias() = e.rows.middleRows(start, rows) * C;
            for (int r = 0; r < rows; ++r) {
                const int b = start + r;
                while (b >= m_graph.firstBond[centre + 1])
                    ++centre;
                if (e.perLength)
                    X.row(r) = eC.row(m_graph.length[b]) + vA.row(centre) + vB.row(m_graph.neighbour[b]);
                else
                    X.row(r) += vA.row(centre) + vB.row(m_graph.neighbour[b]);
            }
            activate(first.activation, X);
            second(X, Y);
            if (bonds) {
                third(Y, X);
                X.swap(Y);
                bonds->middleRows(start, rows) = Y;
            }
            for (int r = 0, i = tileCentre; r < rows; ++r) {
                while (start + r >= m_graph.firstBond[i + 1])
                    ++i;
                sums.row(i) += m_graph.count[start + r] * Y.row(r);
            }
        }
        for (int i = 0; i < m_graph.orbits.count(); ++i)
            if (degree[i] > 0)
                sums.row(i) /= degree[i];
        if (bonds)
            return sums;
        third(sums, X);
        for (int i = 0; i < m_graph.orbits.count(); ++i)
            if (degree[i] == 0)
                X.row(i).setZero(); // the bias does not reach an atom without bonds
        return X;
    }

    const Graph &m_graph;
    const Megnet &m_megnet;
    std::vector<std::array<int, 3>> m_uses; ///< per layer and output, by layers still to be evaluated
    std::vector<bool> m_isFused;
    std::vector<std::array<Value, 3>> m_values;
};

const Matrix &embeddingsOf(const Megnet &megnet)
{
    for (const NetworkLayer &layer : megnet.layers)
        if (layer.kind == "Embedding")
            return arrayOf(megnet, layer, "embeddings");
    throw Error("the network has no embedding of the elements");
}

}

Matrix AtomFeatures::expanded() const
{
    Matrix all(orbits.sites(), rows.cols());
    for (int site = 0; site < orbits.sites(); ++site)
        all.row(site) = row(site);
    return all;
}

AtomFeatures megnetFeatures(const Graph &graph, const Megnet &parent, int layer)
{
    if (layer < 0 || layer > parent.blocks())
        throw Error("the network has no layer V" + std::to_string(layer) + ", only V0 to V" +
                    std::to_string(parent.blocks()));
    if (layer == 0)
        return {embedded(graph, embeddingsOf(parent)), graph.orbits};
    int tap = -1;
    for (int block = 0; block < layer;)
        block += parent.layers[++tap].kind == "MEGNetLayer";
    return {Evaluation(graph, parent).outputOf(tap, 0), graph.orbits};
}

double megnetPrediction(const Graph &graph, const Megnet &model)
{
    return Evaluation(graph, model).outputOf(model.output, 0)(0, 0) * model.targetScale + model.targetMean;
}

std::vector<int> untrainedElements(const Graph &graph, const Megnet &parent)
{
    const Matrix &embeddings = embeddingsOf(parent);
    std::set<int> found;
    for (const auto &species : graph.species)
        for (const auto &[Z, occupancy] : species)
            if (Z >= 1 && Z < embeddings.rows() && embeddings.row(Z).cwiseAbs().maxCoeff() <= initialEmbeddingRange)
                found.insert(Z);
    return {found.begin(), found.end()};
}

}
