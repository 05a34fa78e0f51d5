// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/features/megnet.h"
#include "engine/learning/ensemble.h"
#include "engine/project/project_data.h"

#include <optional>
#include <string>

namespace cli {

/// The network in the file; for an empty name the formation-energy network that comes with the program.
/// Throws Error that says which file to give when there is none.
engine::Megnet openParent(const std::string &file);

/// The network that the ensemble's features come from: the file, or, for an empty name, the one among those that come with the program
/// or were opened before that has the ensemble's SHA-256.
engine::Megnet openParentOf(const engine::Ensemble &ensemble, const std::string &file);

/// The network in the file; for an empty name the bundled one, if there is one; nothing for "none".
std::optional<engine::Megnet> openModel(const std::string &file, const std::string &bundledStem);

/// A classifier to start training from, as `pretrain --model atomsets` writes it; "metal" is the bundled one; nothing for an empty
/// path. Throws Error when it was trained on features of another parent.
std::optional<engine::StartingWeights> openStart(const std::string &path, const engine::Megnet &parent);

/// From a folder that `train --out` wrote, or from a project (folder or archive). `name` chooses one of several in a project.
/// Throws Error that lists those present.
engine::Ensemble openEnsemble(const std::string &path, const std::string &name);

/// The same from an open project; `where` is used in messages.
const engine::Ensemble &ensembleOf(const std::map<std::string, engine::Ensemble> &ensembles, const std::string &name,
                                   const std::string &where);

}
