// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/screening/screen.h"

#include <string>
#include <vector>

namespace engine {

/// What a candidate must be to enter the table. The defaults are the paper's.
struct RankOptions {
    double minimumP = 0.5;
    double minimumBandGap_eV = 1.0; ///< inclusive; above 0, a candidate without a known or predicted gap is left out
    bool novelOnly = true;
    bool excludeIntermetallics = true;
    bool containsLithium = true;
    std::vector<std::string> excludedElements; ///< symbols: elements one cannot or will not use
    bool operator==(const RankOptions &) const = default;
};

struct Excluded {
    Candidate candidate;
    std::string reason; ///< all that apply, separated by "; "
    bool operator==(const Excluded &) const = default;
};

struct Ranking {
    std::vector<Candidate> candidates; ///< the likeliest first
    std::vector<Excluded> excluded;    ///< in the same order
};

/// By falling P; at equal P the smaller spread, then the smaller distance to the training data, then the id.
/// Throws Error for an excluded element that is none.
Ranking rank(std::vector<Candidate> candidates, const RankOptions &options);

}
