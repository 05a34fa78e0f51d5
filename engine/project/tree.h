// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace engine {

/// The newest format of projects and ensembles that this program writes and reads.
inline constexpr int formatVersion = 1;

/// Relative paths with slashes → bytes.
using Files = std::map<std::string, std::string>;

/// The text of a manifest: the given JSON object with "formatVersion" and "files", the SHA-256 of every file, added.
std::string manifestOf(std::string_view json, const Files &files);

/// Reads the manifest (such as "project.json") of a folder or zip and all files that it lists; others are not looked at. A zip may hold
/// everything in one folder, as file managers make them. The result includes the manifest. Throws Error that begins with the path
/// and names the file: no manifest, one that is damaged or "made by a newer Superion", a file missing or with another hash.
Files readTree(const std::filesystem::path &path, const std::string &manifest);

/// Throws the same errors for files that are in memory already; `where` begins the messages.
void checkManifest(const Files &files, const std::string &manifest, const std::string &where);

/// Writes the files, manifest included, as a zip when the path ends in .superion or .zip, else as a folder. What was there stays whole
/// until the new is complete: a folder is written beside it and the two change places. Files of the old folder or zip that its
/// manifest does not list are kept. Throws Error, leaving everything as it was, when the disk is full or writing is not allowed;
/// when the path is a folder or zip of something else; when a file that is not ours has the name of a new one; for names that
/// cannot be stored (hidden, "../", not UTF-8).
void writeTree(const std::filesystem::path &path, const std::string &manifest, const Files &files);

}
