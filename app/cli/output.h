// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/verb.h"
#include "engine/core/csv.h"
#include "engine/core/error.h"

#include <string>
#include <vector>

namespace cli {

/// What a verb found, in all forms in which it can be wanted.
struct Output {
    Json json = Json::object();
    engine::Csv table; ///< for people, and for --out FILE.csv
    std::string note;  ///< for people, under the table
    std::vector<engine::Reject> rejects;
};

/// Writes to stdout or --out (JSON for --json or an ending .json, CSV for .csv, else the readable table), names the rejects on stderr and
/// adds them to the JSON. Returns 0, or 3 when there are rejects. Throws Error when it cannot be written.
int deliver(Output output, const Common &common);

/// Takes the progress line off the terminal, so that nothing of it stands between the lines of a result.
void endProgress(const Common &common);

/// Only the rejects: for verbs that wrote their result themselves.
int reportRejects(const std::vector<engine::Reject> &rejects);

/// Writes all of it to stdout, or throws Error (a full disk behind a redirection, a closed pipe).
void print(std::string_view text);

Json toJson(const std::vector<engine::Reject> &rejects);

/// A number that is none (no positives in a fold, say) becomes null.
Json number(double value);

/// Columns under each other, numbers to the right.
std::string readable(const engine::Csv &table);

}
