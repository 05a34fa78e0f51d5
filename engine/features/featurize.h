// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/progress.h"
#include "engine/crystal/simplify.h"
#include "engine/features/megnet.h"

#include <string>
#include <vector>

namespace engine {

struct FeatureOptions {
    Simplification simplification = Simplification::CAMNS;
    int layer = 1; ///< V0 … V3
    bool operator==(const FeatureOptions &) const = default;
};

struct Featurized {
    std::string id;
    AtomFeatures features;
    long bonds = 0; ///< directed bonds of the whole cell
    std::vector<Warning> warnings;
};

/// structure → simplification → graph → atom features. Throws Error with the reason when it cannot be done.
Featurized featurize(const Structure &structure, const Megnet &parent, const FeatureOptions &options);

struct FeaturizeResult {
    std::vector<Featurized> features; ///< in the order of the structures, without the rejected ones
    std::vector<Reject> rejects;
};

/// The same for many, on all cores.
FeaturizeResult featurizeAll(const std::vector<Structure> &structures, const Megnet &parent,
                             const FeatureOptions &options, const Progress &progress);

}
