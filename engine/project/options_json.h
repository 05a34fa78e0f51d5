// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace engine {

// Option structs as JSON objects and as command-line options; the keys are the names of the fields. Options is one of
// TrainingOptions, PretrainingOptions, FeatureOptions, GraphOptions, ScreenOptions, ReadOptions, ColumnMap.

/// One object with all fields, in the order of the struct.
template <class Options>
std::string toJson(const Options &options);

/// Defaults, changed by the keys that are there. Throws Error that begins with `name`: no JSON object; a key that is none
/// (with the nearest that is one); a value of another type (with what the key takes). Ranges are for check() to tell.
template <class Options>
Options optionsFromJson(std::string_view json, std::string_view name);

/// The names of the fields, in the order of the struct.
template <class Options>
std::vector<std::string> optionNames();

/// Sets one field from the text of a command-line option: setOption(options, "epochs", "200"). Same errors.
template <class Options>
void setOption(Options &options, std::string_view key, std::string_view text);

/// The candidate with the fewest edits from the word: for "did you mean". `candidates` is not empty.
std::string nearestTo(std::string_view word, const std::vector<std::string> &candidates);

}
