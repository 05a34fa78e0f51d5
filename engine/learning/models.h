// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/learning/model.h"

#include <memory>
#include <span>

namespace engine {

/// One row of the table of models: its name in options, a line for people, and how to make one.
struct ModelKind {
    const char *name, *description;
    std::unique_ptr<Model> (*make)(const TrainingOptions &options, int features, const Rng &rng);
};

std::span<const ModelKind> modelKinds();

/// Throws Error that lists the names for another one.
const ModelKind &modelKind(const std::string &name);

/// A model with fresh weights, of the kind and size that the options say. Throws Error for options out of range.
std::unique_ptr<Model> makeModel(const TrainingOptions &options, int features, const Rng &rng);

/// The same with weights of a trained one. Throws Error when they do not fit the options.
std::unique_ptr<Model> makeModel(const TrainingOptions &options, const Weights &weights);

}
