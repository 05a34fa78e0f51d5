// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/rng.h"
#include "engine/learning/dataset.h"
#include "engine/learning/metrics.h"
#include "engine/nn/weights.h"

#include <functional>
#include <string>
#include <vector>

namespace engine {

/// Everything that decides what a model becomes, apart from data and seed. The names are those of JSON and command line.
struct TrainingOptions {
    std::string model = "atomsets"; ///< a row of learning/models.cpp

    // AtomSets
    std::string pooling = "mean"; ///< "mean" or "set2set"
    int layers = 2;               ///< dense layers before and again after pooling
    int neurons = 64;             ///< of each of them
    int set2setHidden = 512;      ///< memory cells
    int set2setSteps = 3;
    double dropoutInitial = 0.0, dropoutFinal = 0.0; ///< before and after pooling
    double l2Initial = 0.0, l2Final = 0.0;           ///< penalty λ Σ W² of the kernels before and after pooling
    std::string optimizer = "adam";                  ///< "adam", "lamb"
    bool lookahead = false;
    double learningRate = 1e-3;
    double learningRateMax =
        0.0; ///< above learningRate: triangular2 between the two, 20 epochs per cycle; else constant
    double weightDecay = 0.0;
    int batchSize = 32; ///< structures per update
    int epochs = 100;
    bool perSite = false; ///< one dropout mask per site instead of per orbit

    // Logistic regression
    double inverseRegularisation = 1.0; ///< C

    bool operator==(const TrainingOptions &) const = default;
};

/// "quick": mean pooling, 100 epochs, Adam. "paper": Set2Set 512, LAMB with Lookahead, batch 128, 183 epochs.
/// Throws Error that lists the names for another one.
TrainingOptions preset(const std::string &name);

/// Throws Error that names the option and its allowed range.
void check(const TrainingOptions &options);

struct EpochRecord {
    int epoch = 0;                                   ///< from 1
    double loss = 0;                                 ///< training loss with penalties, mean over the epoch's batches
    double aucPr = 0, aucPrTrapezoid = 0, mcc = 0;   ///< on the validation part; not a number without one
    bool operator==(const EpochRecord &other) const; ///< not-a-number equals not-a-number
};

/// Where a training stands after some update. Going on from it gives, bit for bit, what never stopping would have given.
struct Checkpoint {
    int epoch = 0; ///< finished ones
    Weights weights;
    Weights optimizer; ///< moments, slow weights, counter
    Rng::State rng{};  ///< order and masks of every epoch come from splits of it
    std::vector<EpochRecord> history;
    int batch = 0;      ///< of the next epoch, that are done already
    double lossSum = 0; ///< over these
    int bestEpoch = 0; ///< highest validation average precision; the last without a validation part; 0 before the first
    Weights bestWeights; ///< after that epoch; as they are before the first
    bool operator==(const Checkpoint &) const = default;
};

}
