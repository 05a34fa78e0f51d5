// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/csv.h"
#include "engine/core/files.h"
#include "engine/project/main_job.h"

#include <filesystem>
#include <vector>

namespace engine {

/// Tables of a cross-validation, also for the verb validate. Numbers that are none are empty.
Csv foldsTable(const CrossValidation &validation); ///< with rows for mean, sd and the controls
Csv predictionsTable(const CrossValidation &validation);
Csv epochsTable(const CrossValidation &validation);

/// The main job's result as files: index.html (self-contained, readable on paper and on dark screens), every figure as .svg,
/// candidates.csv, excluded.csv, rejects.csv, validation.csv (folds), predictions.csv (of the cross-validation), epochs.csv,
/// test.csv and options.json. They hold no times and no paths: the same job gives the same bytes.
std::vector<File> reportFiles(const MainJob &job);

/// Writes them into the folder, which is made when missing; other files in it stay. All are written aside first and then renamed,
/// so that a full disk leaves an older report whole. Throws Error naming the file.
void writeReport(const MainJob &job, const std::filesystem::path &folder);

}
