// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/files.h"
#include "engine/core/progress.h"

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace engine {

/// No file of an archive may unpack to more.
inline constexpr std::size_t largestUnpackedFile_B = std::size_t(1) << 30;

/// Visits every file of a path, one in memory at a time, in sorted order: a file itself, a folder's files (recursively; links to
/// folders are not followed), the entries of a .zip or .superion, also zips inside folders and zips (one level: a zip in a zip in
/// a zip is visited as it is). A .gz is unpacked and loses that ending. Hidden files and macOS's __MACOSX are left out. Names
/// begin with that of the path: "cifs/Li3N.cif", "all_cifs.zip/randomized/jqc.cif". Files for which `wanted` says no are not
/// read; it sees the same names, without ".gz". Throws Error for a path that does not exist or cannot be read, a damaged or
/// encrypted archive, two entries of one name, an entry whose name leaves the archive ("../", absolute, a drive letter), and
/// an entry that unpacks to over 1 GiB or an archive that unpacks to more than deflate can have packed (a zip bomb).
/// With `damaged`, a file inside a folder or archive that cannot be unpacked is told there by name and reason, and the rest goes on;
/// only when the path itself is damaged it is an error.
void visitFiles(const std::filesystem::path &path, const std::function<void(File)> &visit,
                const Progress &progress = {}, const std::function<bool(std::string_view name)> &wanted = {},
                const std::function<void(Reject)> &damaged = {});

/// All of them at once, for small sources.
std::vector<File> allFiles(const std::vector<std::filesystem::path> &paths);

/// The entries of one zip that is already in memory, sorted, without looking into zips or .gz inside; `name` is used in messages
/// only. Same errors.
std::vector<File> unzipped(std::string_view bytes, std::string_view name);

/// All members of a .gz, one after the other as gunzip does. Same errors.
std::string gunzipped(std::string_view packed, const std::string &name, std::size_t largest_B = largestUnpackedFile_B);

/// A zip of these files: sorted by name, time stamp 1980-01-01, permissions 0644, deflated, names in UTF-8, so that the same
/// files give the same bytes whatever their order. Throws Error for two files of one name or a name that visitFiles would refuse.
std::string zipped(std::vector<File> files);

/// The same, written beside the path and renamed.
void writeZip(const std::filesystem::path &path, std::vector<File> files);

/// Throws Error, which begins with `archive`, when an entry of that name would leave the folder it is unpacked into.
/// Returns the name with slashes only and without "./".
std::string checkedEntryName(std::string_view name, std::string_view archive);

}
