// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/options.h"
#include "engine/core/progress.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace cli {

/// What every verb takes, and what main() hands to it.
struct Common {
    bool json = false, quiet = false, forceProgress = false, printOptions = false;
    std::string out; ///< where the result goes; empty: stdout
    int threads = 0; ///< 0: all cores
    std::uint64_t seed = 1;
    engine::Progress progress;
};

/// What a verb does once its options are read; returns the exit status, 0 or 3.
using Action = std::function<int(const Common &)>;

/// One row of the verb table in main.cpp.
struct Verb {
    const char *name;
    const char *summary; ///< in `superion-cli --help`
    const char *example; ///< one line, in the verb's own help
    Action (*declare)(Options &options);
};

const std::vector<Verb> &verbs();

Action declareStructure(Options &options);
Action declareFeaturize(Options &options);
Action declareProperty(Options &options);
Action declareDuplicates(Options &options);
Action declareImport(Options &options);
Action declareAdd(Options &options);
Action declareSummary(Options &options);
Action declareValidate(Options &options);
Action declareTrain(Options &options);
Action declareEvaluate(Options &options);
Action declareScreen(Options &options);
Action declareRank(Options &options);
Action declarePretrain(Options &options);
Action declareRun(Options &options);

}
