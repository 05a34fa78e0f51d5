// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/progress.h"

#include <cstddef>
#include <functional>

namespace engine {

/// How many threads parallelFor may use; 0 means one per core, the default. The one process-wide setting
/// of the engine: it changes how long a call takes and never its result.
void setThreadCount(int n);
int threadCount();

/// Calls body(0) … body(n − 1), each once, on several threads, and returns when all are done. The calling thread
/// works too, and reports progress as the share of finished items under the name `stage`. The first exception (by index)
/// is thrown again after the join; a stop request ends in Cancelled. A parallelFor inside a body runs on that body's thread.
/// Items must not depend on each other; item i that needs chance draws from rng.split(i).
void parallelFor(std::size_t n, const std::function<void(std::size_t)> &body, const Progress &progress = {},
                 std::string_view stage = {});

}
