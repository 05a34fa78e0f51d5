// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/files.h"
#include "engine/core/progress.h"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace engine {

/// Visits every file of a path, one in memory at a time, in sorted order: a file itself, a folder's files (recursively, hidden ones
/// left out), a .zip's entries, also zips and .gz inside. Names are relative to the path's parent. Throws Error for a path that does
/// not exist, a damaged archive, an entry whose name leaves the archive ("../"), and an entry that unpacks to over 1 GiB.
void visitFiles(const std::filesystem::path &path, const std::function<void(File)> &visit, const Progress &progress = {});

/// All of them at once, for small sources.
std::vector<File> allFiles(const std::vector<std::filesystem::path> &paths);

/// A zip of these files: sorted by name, fixed time stamp, deflated, so that the same files give the same bytes.
void writeZip(const std::filesystem::path &path, std::vector<File> files);

}
