// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/features/megnet.h"

#include <filesystem>

namespace engine {

/// Reads NAME.hdf5 (Keras 2 layout: attribute model_config, group model_weights) and NAME.hdf5.json beside it (cutoff, Gaussian
/// basis, target scaler, metadata). Throws Error that names the file and what is missing or wrong in it.
Megnet readMegnet(const std::filesystem::path &path);

}
