// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/progress.h"
#include "engine/crystal/structure.h"

#include <string>
#include <vector>

namespace cli {

/// All structures of the inputs, and what could not be read.
struct Inputs {
    std::vector<engine::Structure> structures;
    std::vector<engine::Reject> rejects;
};

Inputs readInputs(const std::vector<std::string> &paths, const engine::Progress &progress);

inline constexpr const char *inputsHelp =
    "CIF, pymatgen JSON, POSCAR, OPTIMADE JSON; folders and zips of these; projects";

}
