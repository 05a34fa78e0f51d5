// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/project/main_job.h"

#include <string>

namespace engine {

/// Every option of the main job by its name on the command line, as `superion-cli run --options` takes it.
std::string runOptionsJson(const MainJobOptions &options);

}
