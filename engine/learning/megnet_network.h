// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/rng.h"
#include "engine/features/graph.h"

#include <Eigen/Core>

#include <cstddef>
#include <string>
#include <vector>

namespace engine {

/// The sizes of a MEGNet network that is to be trained. The defaults are those of the published networks.
struct MegnetShape {
    int elements = 95; ///< rows of the embedding; row Z belongs to atomic number Z, row 0 to none
    int embedding = 16;
    int outer = 64; ///< width of the first of two dense layers, and of a block's two inner layers
    int inner = 32; ///< width of atom, bond and state vectors between blocks
    int blocks = 3;
    int set2setHidden = 16;
    int set2setSteps = 2;
    int gaussians = 100;       ///< bond features
    bool isClassifier = false; ///< sigmoid output and cross-entropy, else linear output and Huber loss

    bool operator==(const MegnetShape &) const = default;
};

/// Where one array of the network lives in the flat vector of all parameters. Row-major.
struct ParameterArray {
    std::string name; ///< "dense_1/kernel", "meg_net_layer_1/phi_e/weight_e_0": the published files' names
    int rows, cols;
    std::size_t offset;
};

/// All arrays of the network, in the published order; the last one ends at the number of parameters.
std::vector<ParameterArray> parameterArrays(const MegnetShape &shape);
std::size_t parameterCount(const MegnetShape &shape);

/// Several graphs side by side, as one call of the network sees them.
template <class Real>
struct MegnetBatch {
    int graphs = 0;
    std::vector<int> graphOfAtom;   ///< N_atoms (orbits)
    std::vector<Real> multiplicity; ///< N_atoms
    std::vector<int> firstSpecies;  ///< N_atoms + 1, into the next two
    std::vector<int> Z;
    std::vector<Real> occupancy;
    std::vector<int> firstBond;  ///< N_atoms + 1
    std::vector<int> neighbour;  ///< N_bonds, index of an atom
    std::vector<Real> count;     ///< N_bonds, equal bonds that this one stands for
    std::vector<int> length;     ///< N_bonds, index into lengths_A
    std::vector<Real> lengths_A; ///< N_lengths
};

template <class Real>
MegnetBatch<Real> makeBatch(const std::vector<const Graph *> &graphs);

/// MEGNet (Chen et al., Chem. Mater. 31, 3564 (2019)) with a backward pass, on orbits weighted by multiplicity. Formulas as in
/// the folder's README; the parameters are one flat vector, so that an optimiser needs to know nothing of layers.
/// One object holds the intermediate values of one call: use one per thread.
template <class Real>
class MegnetNetwork {
public:
    using Mat = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    using Vec = Eigen::Matrix<Real, Eigen::Dynamic, 1>;

    /// centres_A has shape.gaussians elements.
    MegnetNetwork(const MegnetShape &shape, const std::vector<double> &centres_A, double width_A);

    /// Output per graph, before sigmoid and scaling.
    Vec outputs(const MegnetBatch<Real> &batch, const Vec &parameters);

    /// Sum over the graphs of the loss of each against its target, and its gradient (set, not added). Regression: Huber loss
    /// with δ = huberDelta of (output − target). Classification: cross-entropy, target 0 or 1.
    double lossAndGradient(const MegnetBatch<Real> &batch, const Vec &parameters, const Vec &targets, Vec &gradient);

    static constexpr double huberDelta = 0.2;

    /// Glorot-uniform kernels, zero biases, orthogonal recurrent kernels with forget biases of 1, embeddings uniform in ±0.05.
    static Vec initialParameters(const MegnetShape &shape, Rng rng);

private:
    struct Dense {
        std::size_t kernel, bias;
        int in, out;
    };
    struct Pair {
        Dense first, second;
        Mat hidden, out; ///< values of the last forward call
    };
    struct Block {
        Pair atoms, bonds, state; ///< the dense layers before the block; unused in the first
        Dense e[3], v[3], u[3];
        Mat e0, e1, e2, vIn, v0, v1, v2, uIn, u0, u1, u2;
    };
    struct Step {
        Mat q, i, g, o, h, tanhC;
        Vec attention;
    };
    struct Readout {
        std::size_t toM, toMBias, recurrent, recurrentBias;
        Mat m, q;
        std::vector<Step> steps;
    };

    void forward(const MegnetBatch<Real> &batch, const Vec &p);
    void backward(const MegnetBatch<Real> &batch, const Vec &p, const Mat &dOutput, Vec &gradient);
    void readForward(Readout &r, const Mat &x, const std::vector<int> &first, const Vec &weights, const Vec &p);
    Mat readBackward(const Readout &r, const Mat &x, const std::vector<int> &first, const Vec &p, const Mat &dq,
                     Vec &gradient);

    MegnetShape m_shape;
    Vec m_centres;
    Real m_width;
    std::size_t m_embedding;
    Pair m_preAtoms, m_preBonds, m_preState;
    std::vector<Block> m_blocks;
    Readout m_readAtoms, m_readBonds;
    Dense m_out[3];

    // Values of the last forward call.
    Mat m_V0, m_gauss, m_zeroState, m_z, m_y0, m_y1, m_y2; ///< m_gauss: N_lengths × N_gaussians
    std::vector<Mat> m_v, m_e, m_u; ///< after the pre-block layers and after every block's addition
    std::vector<int> m_centre;      ///< N_bonds
    std::vector<int> m_firstAtom, m_firstBondOfGraph;
    Vec m_atomWeight, m_bondWeight; ///< multiplicity; multiplicity of the centre · count
    Vec m_bondsOfAtom;              ///< of one of its sites
    Vec m_atomsOfGraph, m_bondsOfGraph;
};

extern template class MegnetNetwork<float>;
extern template class MegnetNetwork<double>;

}
