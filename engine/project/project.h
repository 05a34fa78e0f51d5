// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/database/importers.h"
#include "engine/learning/cross_validation.h"
#include "engine/learning/ensemble.h"

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
    std::map<std::string, std::string> files;      ///< figures/…, points/…, runs/…: path → bytes
    std::vector<AuditRecord> audit;
};

inline constexpr int formatVersion = 1;

/// Opens a project folder or a .superion archive. Throws Error naming the file for a damaged project, a file whose hash does not
/// match, and a format version newer than this program's ("made by a newer Superion; update to open it").
Project openProject(const std::filesystem::path &path);

/// Saves as an archive when the path ends in .superion, else as a folder. The old project stays whole until the new one is
/// complete; the same project gives the same bytes. Throws Error (a full disk, no permission).
void saveProject(const Project &project, const std::filesystem::path &path);

}
