// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/progress.h"
#include "engine/learning/dataset.h"
#include "engine/learning/pretraining.h"
#include "engine/project/targets.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace engine {

/// Structures that have a target, as networks learn from them, in the order of the inputs.
struct LabelledGraphs {
    std::vector<LabelledGraph> graphs;
    std::size_t withoutTarget = 0; ///< structures that the table does not name
    std::vector<Reject> rejects;   ///< what could not be read or has no bonds
};

/// Reads the inputs a batch at a time and builds the graphs on all cores.
LabelledGraphs readLabelledGraphs(const std::vector<std::filesystem::path> &inputs,
                                  const std::map<std::string, double> &targets, const GraphOptions &options,
                                  const Progress &progress);

/// Structures that have a class (target 0 or 1), as classifiers learn from them.
struct LabelledFeatures {
    Dataset dataset; ///< isSuperionic: the target is 1
    std::vector<std::string> systems;
    std::size_t withoutTarget = 0;
    std::vector<Reject> rejects;
};

/// The same with atom features. Throws Error for a target that is neither 0 nor 1.
LabelledFeatures readLabelledFeatures(const std::vector<std::filesystem::path> &inputs,
                                      const std::map<std::string, double> &targets, const Megnet &parent,
                                      const FeatureOptions &options, const Progress &progress);

/// What a checkpoint belongs to: options, data and starting weights as one SHA-256.
std::string pretrainingIdentity(const PretrainingOptions &options, const std::vector<LabelledGraph> &data,
                                const std::string &startSha256);

/// Writes the checkpoint as a zip of JSON and .npy, the old one whole until the new is. The way back is exact to the bit.
void savePretrainingCheckpoint(const PretrainingCheckpoint &checkpoint, const std::string &identity,
                               const std::filesystem::path &path);

/// Nothing when there is no such file. Throws Error for a damaged one, and for one with another identity ("belongs to other data
/// or options: delete it to begin anew").
std::optional<PretrainingCheckpoint> openPretrainingCheckpoint(const std::filesystem::path &path,
                                                               const std::string &identity);

}
