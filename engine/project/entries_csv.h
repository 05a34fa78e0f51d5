// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/database/database.h"

#include <string>
#include <string_view>

namespace engine {

/// entries.csv: one row per entry, sorted by id, always the same columns; Entry::extra is a JSON object in the last one.
std::string writeEntries(const Database &database);

/// The way back. Throws Error with file, line and reason.
Database readEntries(std::string_view text, std::string_view name);

}
