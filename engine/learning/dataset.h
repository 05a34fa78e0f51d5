// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/features/featurize.h"

#include <cstddef>
#include <string>
#include <vector>

namespace engine {

/// One labelled structure.
struct Sample {
    std::string id;
    AtomFeatures features;
    bool isSuperionic = false; ///< σ(25 °C) > 1e-4 S/cm, strictly
    double log10Sigma = 0.0;   ///< σ in S/cm
};

struct Dataset {
    std::vector<Sample> samples;

    std::size_t size() const { return samples.size(); }
    std::size_t positives() const;
    Dataset subset(const std::vector<std::size_t> &indices) const;
};

}
