// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/files.h"
#include "engine/crystal/structure.h"

#include <vector>

namespace engine {

struct ReadOptions {
    /// A site whose occupancies add up to more than 1 and at most this is scaled down to 1, with a warning; above it the
    /// structure is rejected. (crystal.md section 1.11; the paper used 2.)
    double largestOccupancySum = 2.0;
    bool operator==(const ReadOptions &) const = default;
};

struct ReadResult {
    std::vector<Structure> structures;
    std::vector<Reject> rejects; ///< blocks or entries of the file that are no structures
};

/// Reads any of: CIF, pymatgen structure JSON (one or a list), POSCAR/CONTCAR, OPTIMADE `structures` response. Told apart by
/// the ending, else by the content. Never throws for bad content: that becomes a Reject with the line and the cure.
ReadResult readStructures(const File &file, const ReadOptions &options = {});

/// Whether a file of that name is worth reading as a structure (by its ending or, for POSCARs, its stem).
bool looksLikeStructure(std::string_view name);

/// The four readers behind it; `name` is used in messages. They throw Error when nothing at all can be read.
ReadResult readCif(std::string_view text, std::string_view name, const ReadOptions &options = {});
ReadResult readPymatgenJson(std::string_view text, std::string_view name, const ReadOptions &options = {});
ReadResult readPoscar(std::string_view text, std::string_view name, const ReadOptions &options = {});
ReadResult readOptimade(std::string_view text, std::string_view name, const ReadOptions &options = {});

}
