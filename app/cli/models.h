// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/features/megnet.h"
#include "engine/learning/ensemble.h"

#include <filesystem>
#include <optional>
#include <string>

namespace cli {

/// share/superion/parents beside the program's bin/, as installed and as built.
std::filesystem::path parentsFolder();

/// The network in the file; for an empty name the formation-energy network that comes with the program.
/// Throws Error that says which file to give when there is none.
engine::Megnet openParent(const std::string &file);

/// The network that the ensemble's features come from: the file, or, for an empty name, the one among those that come with the program
/// that has the ensemble's SHA-256.
engine::Megnet openParentOf(const engine::Ensemble &ensemble, const std::string &file);

/// Nothing for an empty name.
std::optional<engine::Megnet> openModel(const std::string &file);

/// From a folder that `train --out` wrote, or from a project (folder or archive). `name` chooses one of several in a project.
/// Throws Error that lists those present.
engine::Ensemble openEnsemble(const std::string &path, const std::string &name);

/// The same from an open project; `where` is used in messages.
const engine::Ensemble &ensembleOf(const std::map<std::string, engine::Ensemble> &ensembles, const std::string &name,
                                   const std::string &where);

}
