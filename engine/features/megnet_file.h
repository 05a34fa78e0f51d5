// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/features/megnet.h"

#include <filesystem>
#include <map>
#include <string>

namespace engine {

/// Reads NAME.hdf5 (Keras 2 layout: attribute model_config, group model_weights) and NAME.hdf5.json beside it (cutoff, Gaussian
/// basis, target scaler, metadata). Throws Error that names the file and what is missing or wrong in it.
Megnet readMegnet(const std::filesystem::path &path);

/// Writes the same two files, weights as 32-bit numbers, so that readMegnet and Keras 2 with the MEGNet layers can load them. The same
/// network gives the same bytes. `metadata` goes into the .json beside property and unit: data, licence, seed, scores.
/// Throws Error when they cannot be written; existing files are then untouched.
void writeMegnet(const Megnet &megnet, const std::filesystem::path &path,
                 const std::map<std::string, std::string> &metadata);

}
