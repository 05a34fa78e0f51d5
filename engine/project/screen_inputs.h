// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/screening/screen.h"

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace engine {

/// Which structures of a large source are screened.
struct InputOptions {
    std::size_t limit = 0;               ///< stop after so many that pass; 0: all
    std::vector<std::string> containing; ///< symbols of elements that must all be present
    bool operator==(const InputOptions &) const = default;
};

/// Further columns for structures that bring none: id → property → value, as in Structure::properties.
using PropertyTable = std::map<std::string, std::map<std::string, std::string>>;

/// A table whose rows are structures. With `columns`, the table has no header and these are the names of its columns
/// ("_" for one to leave out). One column must be named "id". Throws Error that names the file.
PropertyTable readProperties(const std::filesystem::path &path, const std::vector<std::string> &columns);

/// Screens every structure of the inputs (files, folders, archives, projects), a batch in memory at a time, in the order of the
/// inputs. Throws Error as forEachStructure.
Screening screenInputs(const std::vector<std::filesystem::path> &inputs, const Screener &screener,
                       const InputOptions &options, const PropertyTable &properties, const Progress &progress);

}
