// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/features/megnet_file.h"

#include <filesystem>
#include <string>
#include <vector>

namespace engine {

/// Networks that come with the program: share/superion/parents beside the running program's bin/.
std::filesystem::path bundledNetworksFolder();

/// A network of the bundled folder by its stem, such as "formation_energy". Throws Error when the build has none.
Megnet openBundledNetwork(const std::string &stem);

/// Reads and checks a network and remembers where it lies by its hash, in $XDG_CONFIG_HOME/superion/networks.json, so that what was
/// trained on its features finds it again. Not being able to remember is no error.
Megnet openNetwork(const std::filesystem::path &file);

/// The bundled or remembered network with that hash. Throws Error that names it and says how to bring it.
Megnet findNetwork(const std::string &sha256, const std::string &name);

}
