// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/learning/batch.h"
#include "engine/learning/training.h"

#include <functional>
#include <stop_token>

namespace engine {

/// What one training is given beside the data.
struct TrainingRun {
    Rng rng{1};                                       ///< order of the samples, dropout
    const Batch *validation = nullptr;                ///< scored after every epoch
    const Checkpoint *resume = nullptr;               ///< go on from here, with its random state instead of `rng`
    std::stop_token stop;                             ///< obeyed between batches
    std::function<void(const EpochRecord &)> onEpoch; ///< called in the thread that trains
};

/// A classifier of structures. Whoever makes one gives it options and a number of features (learning/models.h).
class Model {
public:
    virtual ~Model() = default;

    /// Trains from the weights it has, or from the checkpoint; afterwards it has the weights of the last update. A stop request
    /// means enough: the checkpoint tells how far it came (checkpoint.epoch < options.epochs) and what was best. Throws Error when
    /// the data have labels of one kind only, when the checkpoint is of another model, and when the loss is no longer finite.
    virtual Checkpoint train(const Batch &training, const TrainingRun &run) = 0;

    /// P(superionic) of every structure. The batch has the number of features that the model was made for.
    virtual Vector predict(const Batch &batch) const = 0;

    /// The first array has one row per feature.
    virtual Weights weights() const = 0;

    /// Throws Error when names or shapes are not those of `weights()`.
    virtual void setWeights(const Weights &weights) = 0;
};

}
