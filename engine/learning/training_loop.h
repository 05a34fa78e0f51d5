// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/learning/model.h"

namespace engine {

/// Loss of a batch, penalties included; its gradient replaces `gradient`. Masks are drawn from rng.
using LossAndGradient = std::function<double(const Batch &batch, Rng rng, Weights &gradient)>;

/// Model::train for models that learn by gradients: every epoch visits all structures in a new order, one update per
/// options.batchSize of them. `weights` are the model's own.
Checkpoint trainInBatches(const Model &model, Weights &weights, const LossAndGradient &lossAndGradient,
                          const Batch &training, const TrainingOptions &options, const TrainingRun &run);

/// Throws Error when the labels are of one kind only.
void checkBothKinds(const Batch &training);

/// Fills the record's scores; with not-a-number when there is no validation part. Throws Error when the model's probabilities are
/// not finite.
void scoreValidation(const Model &model, const Batch *validation, EpochRecord &record);

}
