// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/database/importers.h"
#include "engine/learning/cross_validation.h"
#include "engine/learning/ensemble.h"
#include "engine/project/tree.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace engine {

/// One line of the audit log: who changed what, when and why. Never rewritten.
struct AuditRecord {
    std::string time; ///< UTC, "2025-01-31T12:00:00Z"
    std::string who, entry, what, why;
    bool operator==(const AuditRecord &) const = default;
};

/// Everything a user would save. A plain value: what is not here is recomputed.
struct Project {
    std::string title;
    double threshold_S_cm = 1e-4;
    double temperature_K = 298.15;
    Database database;
    std::map<std::string, std::string> structures; ///< name under structures/ → bytes as imported
    std::map<std::string, Ensemble> ensembles;     ///< models/<name>/
    Files files;                                   ///< figures/…, points/…, runs/…: path → bytes
    std::vector<AuditRecord> audit;
};

/// Opens a project folder or a .superion archive. Throws Error naming the file (and row) for a damaged project, a file whose hash
/// does not match, and a format version newer than this program's ("made by a newer Superion; update to open it"). Files of the
/// folder that project.json does not list are not looked at.
Project openProject(const std::filesystem::path &path);

/// Saves as an archive when the path ends in .superion, else as a folder. The old project stays whole until the new one is
/// complete; the same project gives the same bytes. Files in an existing project's folder or archive that are not the
/// project's are kept. Throws Error (a full disk, no permission, a folder of something else), and for a project that could not
/// be opened again: a wrong entry or name, or an entry's structure file that is missing.
void saveProject(const Project &project, const std::filesystem::path &path);

/// Whether there is a project at the path: a folder with project.json, or a file that ends in .superion.
bool isProject(const std::filesystem::path &path);

/// All files of a saved project, project.json included, and the way back; `where` begins the messages.
Files projectToFiles(const Project &project);
Project projectFromFiles(const Files &files, const std::string &where);

/// Adds imported entries with their structures. What is there already stays as it is: such entries become rejects, after those
/// of the import itself.
std::vector<Reject> addImport(Project &project, Import import);

/// The time for an audit record: now, in UTC.
std::string timeNow();

}
