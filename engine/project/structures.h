// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "engine/crystal/read.h"
#include "engine/project/project.h"
#include <filesystem>
#include <functional>
namespace engine {
struct ProjectStructures { std::vector<Structure> structures; std::vector<Reject> rejects; };
ProjectStructures readProjectStructures(const Project &, const Progress &);
void forEachStructure(const std::vector<std::filesystem::path> &paths, const std::function<void(ReadResult)> &visit, const Progress &progress);
}
