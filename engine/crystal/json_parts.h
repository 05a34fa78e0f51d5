// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/crystal/structure.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

// What the readers of JSON files have in common; for their .cpp files only.
namespace engine {

/// Python's NaN and Infinity become null. Throws Error with the line where the text is no JSON.
nlohmann::json parseJson(std::string_view text);

/// The member, or null when there is none, it is null, or `object` is no object.
const nlohmann::json *memberOf(const nlohmann::json &object, const char *key);

/// Three finite numbers, else Error that says what they should be.
Vector3 vectorFrom(const nlohmann::json &value, const std::string &what);

/// Rows a, b, c in Å. Throws Error when they are no such rows or enclose no volume.
Lattice latticeFrom(const nlohmann::json &value);

/// A number, text or truth as text; empty for anything else.
std::string scalarText(const nlohmann::json &value);

}
