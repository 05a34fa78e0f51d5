// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/progress.h"
#include "engine/learning/training.h"

namespace engine {

/// P(superionic) as the mean over an ensemble.
struct Prediction {
    double p = 0;
    double sd = 0; ///< sample standard deviation (n − 1) over the members
    bool operator==(const Prediction &) const = default;
};

/// Trained models with all that is needed to use them on new structures and to make them again.
struct Ensemble {
    std::string parentSha256, parentName; ///< the network its features come from
    FeatureOptions features;
    TrainingOptions training;
    std::uint64_t seed = 1;
    std::vector<Weights> members;
    std::vector<std::string> trainingIds;
    std::vector<std::string> trainingFormulas; ///< for novelty
    Matrix trainingMeans;                      ///< N_training × N_features: mean row over atoms, for d_training
};

/// Trains `members` models on the whole dataset, member i from Rng(seed).split(i), in parallel.
Ensemble trainEnsemble(const Dataset &dataset, int members, const TrainingOptions &options, std::uint64_t seed,
                       const Progress &progress);

std::vector<Prediction> predict(const Ensemble &ensemble, const std::vector<AtomFeatures> &features);

/// One row of all members' probabilities per structure: N_structures × N_members.
Matrix memberProbabilities(const Ensemble &ensemble, const std::vector<AtomFeatures> &features);

/// Unweighted mean of the rows over the atoms of the cell (orbits weighted by multiplicity).
RowVector meanRow(const AtomFeatures &features);

}
