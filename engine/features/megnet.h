// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/features/graph.h"
#include "engine/nn/weights.h"

#include <string>
#include <utility>
#include <vector>

namespace engine {

/// How bonds become numbers: e_k = exp(−(d − centre_k)² / width²).
struct GaussianBasis {
    std::vector<double> centres_A;
    double width_A = 0.5;
    bool operator==(const GaussianBasis &) const = default;
};

/// One feature row per orbit.
struct AtomFeatures {
    Matrix rows; ///< N_orbits × N_features
    Orbits orbits;

    auto row(int site) const { return rows.row(orbits.orbitOfSite[site]); }
    Matrix expanded() const; ///< N_sites × N_features, row i is site i of the structure
};

/// What the rows of a layer's output stand for. A structure has one row.
enum class Rows { Atoms, Bonds, Structure, Indices };

/// One layer of a stored network, as Keras lists it.
struct NetworkLayer {
    std::string name;
    std::string kind; ///< "Embedding", "Dense", "MEGNetLayer", "Add", "Concatenate", "Set2Set", "Dropout", "InputLayer"
    std::string activation; ///< "softplus2", "linear", "sigmoid" …; of a block's two inner layers for MEGNetLayer
    int steps = 0;          ///< T of a Set2Set
    std::vector<std::pair<int, int>> inputs; ///< index of the source layer, and which of its outputs
    Rows rows = Rows::Indices; ///< of the output; given for an InputLayer, set by connectLayers for the others
    int width =
        0; ///< of the output, likewise; a MEGNetLayer's outputs 0, 1, 2 are atoms, bonds, structure, all of this width

    bool operator==(const NetworkLayer &) const = default;
};

/// A MEGNet graph network (Chen et al., Chem. Mater. 31, 3564 (2019)), evaluated from its own list of layers so that names never
/// matter: embedding, dense layers, blocks, two Set2Set readouts, dense output (megnet.md sections 2 and 5). A value.
struct Megnet {
    std::string name;     ///< of the file, for people
    std::string sha256;   ///< of the file's bytes, in hexadecimal: how projects and ensembles refer to it
    std::string property; ///< "formation_energy", "band_gap", "metal_probability", or as the file's metadata say
    std::string unit;     ///< "eV/atom", "eV", "1"
    double cutoff_A = 5.0;
    GaussianBasis basis;
    double targetMean = 0.0, targetScale = 1.0; ///< prediction = output · scale + mean
    std::vector<NetworkLayer> layers;           ///< every layer after its inputs
    int output = -1;                            ///< index of the layer whose output is the property
    Weights
        weights; ///< "dense_1/kernel", "embedding_1/embeddings", "meg_net_layer_1/phi_e/weight_e_0", "set2_set_1/x_to_m_weight" …

    int blocks() const;
    int embeddingWidth() const;
};

/// Sets rows and width of all layers and checks that the weights fit them, so that evaluation cannot leave an array. To be called once
/// after `layers`, `output`, `weights` and `basis` are filled (readMegnet has). Throws Error that names the layer and what is wrong.
void connectLayers(Megnet &megnet);

/// V0: occupancy-weighted mix of element embeddings. V1 … V3: the raw atom output of block 1 … 3, before the skip addition. Blocks
/// above `layer` are not computed. The graph must have been built with the parent's cutoff. Throws Error for an element the parent
/// does not know (Z > 94) and for a layer it does not have.
AtomFeatures megnetFeatures(const Graph &graph, const Megnet &parent, int layer);

/// The network's output, scaled back to the property's unit. Same errors.
double megnetPrediction(const Graph &graph, const Megnet &model);

/// Keras draws the rows of a new embedding from ±this range. A row still inside it has never been trained.
inline constexpr double initialEmbeddingRange = 0.05;

/// Elements of the graph whose embedding never left its initial range (Po, At, Rn, Fr, Ra in the published networks). Ascending Z.
std::vector<int> untrainedElements(const Graph &graph, const Megnet &parent);

}
