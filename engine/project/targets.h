// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace engine {

/// Which columns of a table say what is to be learnt of which structure. A column is a name of the header, or, in a table
/// without one, a number from 1; the two are not mixed.
struct TargetColumns {
    std::string id = "id";
    std::string value;
    std::string where;        ///< only rows whose value is so: "> 0", "<= 3.5", "= 0"; empty: all
    bool boundsCount = false; ///< "<1E-10" is read as 1e-10; else such a value is no number
    std::string one;          ///< the target is 1 where the value is so, else 0; empty: the value itself
};

struct Targets {
    std::map<std::string, double> values; ///< by structure id
    std::vector<Reject> rejects;          ///< rows without a number, by id
};

/// Throws Error naming file and line: a column that is not there, an id given twice, a condition that is none.
Targets readTargets(const std::filesystem::path &table, const TargetColumns &columns);

}
