// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace engine {

/// A name and all bytes of a file, wherever it came from: the disk, an archive, the clipboard.
struct File {
    std::string name; ///< as the user would recognise it, such as "all_cifs.zip/jqc.cif"
    std::string bytes;

    bool operator==(const File &) const = default;
};

/// The file's name without folders and without its last ending: "cifs/Li3N.cif" gives "Li3N".
std::string stemOf(std::string_view name);

/// The last ending in lower case, without the dot: "Li3N.CIF" gives "cif".
std::string endingOf(std::string_view name);

/// Throws Error naming the path when it cannot be read.
std::string readFile(const std::filesystem::path &path);

/// Writes beside the path, flushes to the disk, then renames, so that the path holds either the old bytes or the new ones.
/// Throws Error naming the path and the reason (a full disk, no permission); the old file is then untouched.
void writeFile(const std::filesystem::path &path, std::string_view bytes);

}
