// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/learning/ensemble.h"
#include "engine/project/tree.h"

#include <filesystem>
#include <string>

namespace engine {

/// model.json (the network the features come from, options, seed, training ids and formulas), one .npy per weight array
/// ("member_1/00_dense_1_kernel.npy") and training_means.npy. The same ensemble gives the same bytes. Ensemble::unfinished is
/// not stored: a stopped training goes on in the program that stopped it.
Files ensembleToFiles(const Ensemble &ensemble);

/// The way back, bit for bit. Throws Error that begins with `where` and names the file: missing, changed, or not as model.json
/// says, or made by a newer Superion.
Ensemble ensembleFromFiles(const Files &files, const std::string &where);

/// How an ensemble is recognised: SHA-256 of its model.json, which holds the hash of every array.
std::string ensembleSha256(const Ensemble &ensemble);

/// An ensemble on its own, as a folder, or a zip when the path ends in .zip. As writeTree: whole or not at all.
void saveEnsemble(const Ensemble &ensemble, const std::filesystem::path &path);

/// Opens what saveEnsemble wrote, models/<name> of a project's folder, or the only ensemble of a project. Throws Error, also
/// for a project with none or several.
Ensemble openEnsemble(const std::filesystem::path &path);

}
