// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/project/evaluation.h"
#include "engine/project/project_data.h"
#include "engine/project/screen_inputs.h"
#include "engine/screening/rank.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace engine {

struct MainJobOptions {
    FeatureOptions features;
    TrainingOptions training = preset("quick");
    int folds = 5;
    int members = 20;
    std::uint64_t seed = 1;
    ScreenOptions screening;
    InputOptions inputs;
    RankOptions ranking;
};

/// The networks that the job uses but does not train.
struct MainJobModels {
    Megnet parent;
    std::optional<Megnet> bandGap, metal;
    std::optional<StartingWeights>
        start; ///< of a pre-trained classifier; without them, training starts from random ones
};

/// All that the main job found. A value: writeReport makes it readable, tests compare it.
struct MainJob {
    std::string title;
    MainJobOptions options;
    std::string parentName, parentSha256;
    std::string bandGapName, bandGapSha256, metalName, metalSha256, startName, startSha256; ///< empty when not used
    Summary summary;
    std::vector<ShownEntry> entries;
    std::size_t trainingSamples = 0, trainingPositives = 0;
    CrossValidation validation;
    Ensemble ensemble;
    std::optional<Evaluation> test; ///< nothing when the project seals no test partition
    bool hasScreened = false;
    Screening screening;
    Ranking ranking;
    std::vector<Reject> rejects; ///< entries without usable features, and inputs that could not be read
};

/// project → features → cross-validation with controls on the training partition → ensemble → its score on the sealed test
/// partition → screening of `inputs` (none: left out) → ranking. Opening the test partition is written to the project's audit log,
/// and the ensemble stored in it under the name "run"; saving the project is the caller's. The same project, options and seed give
/// the same result for any number of threads.
/// Throws Error when the training partition cannot be divided into folds.
MainJob runMainJob(Project &project, const std::vector<std::filesystem::path> &inputs, const PropertyTable &properties,
                   const MainJobModels &models, const MainJobOptions &options, const Progress &progress);

}
