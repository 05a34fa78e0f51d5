// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/csv.h"
#include "engine/screening/rank.h"

#include <string>
#include <string_view>
#include <vector>

namespace engine {

/// Columns id, formula, p, sd, bandGap_eV, bandGapSource, dTraining, nearestTrainingId, isNovel, isIntermetallic, isOrdered,
/// hasLithium: the names of the JSON of `screen`.
Csv candidatesTable(const std::vector<Candidate> &candidates);

/// The same with the reason as the last column.
Csv excludedTable(const std::vector<Excluded> &excluded);

/// {"candidates":[…],"rejects":[…]} as `screen` writes it.
std::string screeningJson(const Screening &screening);

/// The same for the ordered table, with "excluded":[{"id","reason"}].
std::string rankingJson(const Ranking &ranking, const std::vector<Reject> &rejects);

/// Reads what candidatesTable or screeningJson wrote, told apart by the first character. Columns or keys that were added are
/// passed over. Throws Error that names the file, and the line or the candidate.
Screening readScreening(std::string_view text, std::string_view name);

}
