// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/learning/dataset.h"
#include "engine/project/project.h"

#include <optional>
#include <string>
#include <vector>

namespace engine {

/// An entry as the figures of the data show it.
struct ShownEntry {
    std::string id, formula;
    double log10Sigma = 0; ///< σ in S/cm
    bool isUpperBound = false;
    int spaceGroupNumber = 0;
    std::optional<bool> isOrdered; ///< nothing without a structure that can be read
};

/// A project's entries that count (not excluded, not superseded), as one looks at them and as one learns from them.
struct ProjectData {
    Summary summary;
    std::vector<ShownEntry> entries;           ///< with or without a structure
    Dataset training, test;                    ///< by partition; entries whose structure has features
    std::vector<std::string> trainingFormulas; ///< of training.samples, from the structures
    std::vector<Reject> rejects;               ///< entries whose structure cannot be read or has no features
};

bool counts(const Entry &entry);

/// Reads all structures and computes their features, in parallel.
ProjectData projectData(const Project &project, const Megnet &parent, const FeatureOptions &options,
                        const Progress &progress);

/// Weights that training begins with, such as those of a classifier trained on a computed property.
struct StartingWeights {
    Weights weights;
    std::string name, sha256; ///< of the classifier, for people and for machines
};

/// Trains on data.training, from `start` if there is one, and writes into the ensemble all that screening needs: parent, ids, formulas, mean rows.
Ensemble trainOn(const ProjectData &data, const Megnet &parent, const FeatureOptions &features,
                 const TrainingOptions &training, int members, std::uint64_t seed, const Progress &progress,
                 const StartingWeights *start = nullptr);

}
