// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/progress.h"
#include "engine/core/rng.h"
#include "engine/features/megnet.h"
#include "engine/learning/megnet_network.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace engine {

/// How a parent network is trained. The names are those of JSON and command line.
struct PretrainingOptions {
    std::string property =
        "formation_energy"; ///< "formation_energy", "band_gap", "metal_probability", or any other column
    bool classify = false;  ///< targets 0 and 1, sigmoid output (always so for metal_probability)
    int embedding = 16;     ///< width of the element embedding
    int blocks = 3;
    int set2setSteps = 2;
    double cutoff_A = 5.0;
    double sameLength_A = 1e-4; ///< as of GraphOptions; wide, because tables of computed crystals print six digits
    int gaussians = 100;
    double gaussianEnd_A = 6.0; ///< centres from 0 to here
    double gaussianWidth_A = 0.5;
    int epochs = 120;
    int batchSize = 32;         ///< graphs
    double learningRate = 1e-3; ///< of Adam at its highest
    double finalLearningRate = 1e-5;
    int warmUpUpdates = 500; ///< linear from 0; then a half cosine down to the final rate at the last epoch
    double averageDecay =
        0.999;         ///< the network that is judged and kept is this running average of the weights; 0: the weights
    int patience = 30; ///< epochs without a better validation error before training ends early
    double trimLow = 0.002, trimHigh = 0.002; ///< shares of the training targets dropped at both ends (regression)
    double testSystems = 0.1;                 ///< share of the structures held out by whole chemical systems
    double testRandom = 0.05;                 ///< share of the others held out one by one
    double validation = 0.05; ///< share of the rest, by whole chemical systems, that decides which epoch is kept
    std::uint64_t seed = 1;

    bool operator==(const PretrainingOptions &) const = default;
};

/// Throws Error that names the option and its range.
void check(const PretrainingOptions &options);

struct LabelledGraph {
    std::string id;
    std::string system; ///< "Li-P-S"
    Graph graph;
    double target = 0;
};

/// Indices into the data, ascending. No chemical system of testSystems or validation occurs in another part.
struct PretrainingSplit {
    std::vector<std::size_t> training, validation, testSystems, testRandom;
};

/// Divides by chemical system ("Li-P-S", one per structure) as the options' shares and seed say.
PretrainingSplit splitBySystem(const std::vector<std::string> &systems, const PretrainingOptions &options);

/// The same; for regression, targets at the far ends are then left out of the training part.
PretrainingSplit pretrainingSplit(const std::vector<LabelledGraph> &data, const PretrainingOptions &options);

struct PretrainingEpoch {
    int epoch = 0;              ///< from 1
    double loss = 0;            ///< mean over the training graphs, of scaled targets
    double validationError = 0; ///< mean absolute error in the property's unit; share of errors for a classifier
    bool operator==(const PretrainingEpoch &) const = default;
};

/// All that training needs to go on bit for bit. The parameters are kept as they are: 32-bit.
struct PretrainingCheckpoint {
    int epoch = 0;
    long updates = 0;
    Eigen::VectorXf parameters, firstMoment, secondMoment;
    Eigen::VectorXf average; ///< of the parameters over the last updates
    Eigen::VectorXf best;    ///< the average after the best epoch
    double bestError = 0;
    int bestEpoch = 0;
    std::vector<PretrainingEpoch> history;
};

/// Errors of one part of the data that was not trained on.
struct HeldOutError {
    int n = 0;
    double mae = 0, rmse = 0, medianAbsoluteError = 0;            ///< regression, in the property's unit
    double accuracy = 0, accuracyOfZeros = 0, accuracyOfOnes = 0; ///< classification at 0.5
};

struct Pretraining {
    Megnet network; ///< the best epoch's, without name and hash
    PretrainingCheckpoint checkpoint;
    HeldOutError validation, testSystems, testRandom;
    int trainingGraphs = 0;
    double targetMean = 0, targetScale = 1;
    bool isComplete = false; ///< false after a stop request
};

/// Trains from scratch, or goes on from a checkpoint. With `start`, arrays of its names and shapes begin with its weights instead of
/// random ones, so that one property can be learnt from another. `save` is called with the checkpoint after every epoch. A stop request is
/// read as "enough": the result is the best network so far. Same data, options and seed give the same bits, whatever the number of
/// threads and however often it was interrupted. Throws Error for fewer than 20 graphs to train on, targets that do not vary, a
/// checkpoint of another network, and a start that shares no array.
Pretraining pretrain(const std::vector<LabelledGraph> &data, const PretrainingOptions &options,
                     const std::optional<PretrainingCheckpoint> &checkpoint, const Progress &progress,
                     const std::function<void(const PretrainingCheckpoint &)> &save = {},
                     const Megnet *start = nullptr);

}
