// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/options.h"
#include "engine/features/featurize.h"
#include "engine/learning/training.h"

#include <map>
#include <memory>
#include <string>

namespace cli {

/// The options that validate, train, evaluate, screen and run share: --representation, --layer, --parent, --model, --preset and
/// every single training option. A preset is applied first, then what was given by name.
struct TrainingFlags {
    engine::FeatureOptions features;
    engine::TrainingOptions training; ///< complete after parsing
    std::string representation = "camns";
    std::string preset = "quick";
    std::string parent; ///< file; empty: the bundled one
    std::string start;  ///< classifier to start from; empty: random weights

    CLI::Option *representationOption = nullptr, *layerOption = nullptr;
    std::map<std::string, CLI::Option *> trainingOptions; ///< by JSON name

    void declare(Options &options);

    /// Throws Error when something that the ensemble remembers was given differently.
    void requireAgreement(const engine::FeatureOptions &features, const engine::TrainingOptions &training) const;
};

}
