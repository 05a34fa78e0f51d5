// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/progress.h"
#include "engine/crystal/read.h"
#include "engine/project/project.h"

#include <filesystem>
#include <functional>
#include <vector>

namespace engine {

struct ProjectStructures {
    std::vector<Structure> structures; ///< in the order of the entries; id is the entry's
    std::vector<Reject> rejects;       ///< by entry id: files that are no structure
};

/// Reads the structures of all entries that have one, on all cores. Of a file with several structures the first is taken, with a
/// warning in it.
ProjectStructures readProjectStructures(const Project &project, const Progress &progress,
                                        const ReadOptions &options = {});

/// Calls visit, in sorted order and from this thread, with what every structure file of the inputs holds: files, folders and zips as of
/// visitFiles, projects by their entries. Ids are unique over all inputs: the second "Li3N" becomes "Li3N~2". A file given by
/// name is read whatever it is called; in folders and zips only those that look like structures are. Memory holds some
/// dozens of files at a time, however many there are. Throws Error for an input that does not exist, is damaged, or holds no
/// structure file at all, and whatever visit throws.
void forEachStructure(const std::vector<std::filesystem::path> &inputs, const std::function<void(ReadResult)> &visit,
                      const Progress &progress = {}, const ReadOptions &options = {});

}
