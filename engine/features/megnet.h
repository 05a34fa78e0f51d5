// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/features/graph.h"
#include "engine/nn/weights.h"

#include <string>
#include <vector>

namespace engine {

/// How bonds become numbers: e_k = exp(−(d − centre_k)² / width²).
struct GaussianBasis {
    std::vector<double> centres_A;
    double width_A = 0.5;
};

/// One feature row per orbit.
struct AtomFeatures {
    Matrix rows; ///< N_orbits × N_features
    Orbits orbits;

    auto row(int site) const { return rows.row(orbits.orbitOfSite[site]); }
    Matrix expanded() const; ///< N_sites × N_features, row i is site i of the structure
};

/// One layer of a stored network, as Keras lists it.
struct NetworkLayer {
    std::string name;
    std::string kind;       ///< "Embedding", "Dense", "MEGNetLayer", "Add", "Concatenate", "Set2Set", "Dropout", "InputLayer" …
    std::string activation; ///< "softplus2", "linear", "sigmoid" …; of a block's two inner layers for MEGNetLayer
    int steps = 0;          ///< T of a Set2Set
    std::vector<std::pair<int, int>> inputs; ///< index of the source layer, and which of its outputs
};

/// A MEGNet graph network (Chen et al., Chem. Mater. 31, 3564 (2019)), evaluated from its own list of layers so that names never
/// matter: embedding, dense layers, blocks, two Set2Set readouts, dense output (megnet.md sections 2 and 5). A value.
struct Megnet {
    std::string name;       ///< of the file, for people
    std::string sha256;     ///< of the file's bytes, in hexadecimal: how projects and ensembles refer to it
    std::string property;   ///< "formation_energy", "band_gap", "metal_probability", or as the file's metadata say
    std::string unit;       ///< "eV/atom", "eV", "1"
    double cutoff_A = 5.0;
    GaussianBasis basis;
    double targetMean = 0.0, targetScale = 1.0; ///< prediction = output · scale + mean
    std::vector<NetworkLayer> layers;
    Weights weights;

    int blocks() const;
    int embeddingWidth() const;
};

/// V0: occupancy-weighted mix of element embeddings. V1 … V3: the raw atom output of block 1 … 3, before the skip addition. Blocks
/// above `layer` are not computed. The graph must have been built with the parent's cutoff. Throws Error for an element the parent
/// does not know (Z > 94) and for a layer it does not have.
AtomFeatures megnetFeatures(const Graph &graph, const Megnet &parent, int layer);

/// The network's output, scaled back to the property's unit. Same errors.
double megnetPrediction(const Graph &graph, const Megnet &model);

}
