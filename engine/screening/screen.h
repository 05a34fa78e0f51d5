// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/progress.h"
#include "engine/learning/ensemble.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace engine {

/// One screened structure.
struct Candidate {
    std::string id;
    std::string formula;      ///< reduced
    Prediction prediction;
    std::optional<double> bandGap_eV;
    std::string bandGapSource; ///< "database", "predicted", or empty
    double dTraining = 0;      ///< distance to the nearest training structure (atomsets.md section 8)
    std::string nearestTrainingId;
    bool isNovel = false;      ///< not within the tolerance of a training composition
    bool isIntermetallic = false;
    bool isOrdered = true;
    bool hasLithium = true;
    bool operator==(const Candidate &) const = default;
};

struct ScreenOptions {
    double noveltyTolerance = 0.05; ///< absolute atomic fraction (crystal.md section 8)
    bool strictIntermetallics = false;
    bool operator==(const ScreenOptions &) const = default;
};

}
