// SPDX-License-Identifier: GPL-3.0-or-later
// Parsed once for all verbs: these two cost ten seconds, a verb itself one or two.
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
