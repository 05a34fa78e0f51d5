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
    std::string startSha256, startName;   ///< the classifier whose weights training began with; empty: random ones
    FeatureOptions features;
    TrainingOptions training;
    std::uint64_t seed = 1;
    std::vector<Weights> members;
    std::vector<std::string> trainingIds;
    std::vector<std::string> trainingFormulas; ///< for novelty
    Matrix trainingMeans;                      ///< N_training × N_features: mean row over atoms, for d_training
    std::vector<Checkpoint>
        unfinished; ///< after a stop: one per planned member, epoch 0 for those not begun; else empty
};

/// Trains `members` models on the whole dataset, member i from Rng(seed).split(i), in parallel; fills in what the dataset tells
/// (formulas and the parent network are the caller's). With `start`, every member begins with these weights instead of random ones.
///
/// A stop request means enough: members that have finished an epoch are kept as they are, and `unfinished` lets the rest follow.
/// Throws Cancelled when no member has, and Error for options out of range, fewer than one member, labels of one kind only, and
/// weights that do not fit.
Ensemble trainEnsemble(const Dataset &dataset, int members, const TrainingOptions &options, std::uint64_t seed,
                       const Progress &progress, const Weights *start = nullptr);

/// Goes on where a stop left it, with the same dataset and start: the result is, bit for bit, that of never stopping.
Ensemble resumeEnsemble(const Dataset &dataset, const Ensemble &stopped, const Progress &progress,
                        const Weights *start = nullptr);

/// Throws Error for features that are not those the ensemble was trained on.
std::vector<Prediction> predict(const Ensemble &ensemble, const std::vector<AtomFeatures> &features,
                                const Progress &progress = {});

/// One row of all members' probabilities per structure: N_structures × N_members. Same errors.
Matrix memberProbabilities(const Ensemble &ensemble, const std::vector<AtomFeatures> &features,
                           const Progress &progress = {});

/// Mean and standard deviation of every row of memberProbabilities.
std::vector<Prediction> predictionsFrom(const Matrix &memberProbabilities);

/// Unweighted mean of the rows over the atoms of the cell (orbits weighted by multiplicity).
RowVector meanRow(const AtomFeatures &features);

}
