// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/progress.h"
#include "engine/learning/folds.h"
#include "engine/learning/training.h"

namespace engine {

struct FoldScore {
    std::string name;
    int n = 0, positives = 0;
    int bestEpoch = 0; ///< of the validation average precision; for information, never used to choose the score
    double aucPr = 0, aucPrTrapezoid = 0, mcc = 0; ///< after the last epoch
    bool operator==(const FoldScore &) const = default;
};

struct FoldPrediction {
    std::string id;
    int fold = 0;
    double p = 0;
    bool label = false;
    bool operator==(const FoldPrediction &) const = default;
};

struct ControlScore {
    double aucPr = 0, mcc = 0; ///< averages over folds
    bool operator==(const ControlScore &) const = default;
};

/// Averages are over folds; a fold without a positive has no average precision (not a number) and is left out of that average.
struct CrossValidation {
    std::vector<FoldScore> folds;                 ///< in the order given, repeat after repeat
    MeanSd aucPr, aucPrTrapezoid, mcc;            ///< over folds
    ControlScore meanControl;                     ///< the training part's share of positives as a constant score
    ControlScore shuffledControl;                 ///< the same model trained on shuffled labels
    std::vector<FoldPrediction> predictions;      ///< every sample once per repeat
    std::vector<std::vector<EpochRecord>> epochs; ///< per fold
};

/// Called after every epoch of every fold, from any thread, one call at a time. Not for the shuffled control.
using EpochListener = std::function<void(std::size_t fold, const EpochRecord &)>;

/// Trains one model per fold, folds in parallel, fold i from rng.split(i), and once more on shuffled labels of its training part.
/// With `start`, every model begins with these weights instead of random ones. Throws Error for options out of range, for a fold
/// without validation samples or with training labels of one kind, and for weights that do not fit.
CrossValidation crossValidate(const Dataset &dataset, const std::vector<Fold> &folds, const TrainingOptions &options,
                              const Rng &rng, const Progress &progress, const EpochListener &listener = {},
                              const Weights *start = nullptr);

}
