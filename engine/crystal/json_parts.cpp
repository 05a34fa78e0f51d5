// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/crystal/json_parts.h"

#include "engine/core/text.h"
#include "engine/crystal/read_parts.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace engine {

using nlohmann::json;

namespace {

/// JSON has no NaN, but Python writes it.
std::string withoutNaN(std::string_view text)
{
    std::string result;
    result.reserve(text.size());
    bool inString = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (inString && text[i] == '\\' && i + 1 < text.size()) {
            result += text[i++];
        } else if (text[i] == '"') {
            inString = !inString;
        } else if (!inString) {
            const auto rest = text.substr(i);
            const auto *token = rest.starts_with("NaN")        ? "NaN"
                                : rest.starts_with("Infinity") ? "Infinity"
                                                               : "-Infinity";
            if (rest.starts_with(token)) {
                result += "null";
                i += std::string_view(token).size() - 1;
                continue;
            }
        }
        result += text[i];
    }
    return result;
}

}

json parseJson(std::string_view text)
{
    const std::string clean = withoutNaN(text);
    try {
        return json::parse(clean);
    } catch (const json::parse_error &e) {
        const auto at = clean.begin() + std::min(e.byte, clean.size());
        std::string_view what = e.what();
        if (const auto detail = what.find("column"); detail != what.npos)
            what = what.substr(std::min(what.find(": ", detail) + 2, what.size()));
        // The parser shows what it read last, which may be the rest of the file.
        constexpr std::size_t longest = 200;
        const auto text = std::string(what.substr(0, longest)) + (what.size() > longest ? " …" : "");
        throw errorAt(1 + int(std::count(clean.begin(), at, '\n')), "no JSON: " + text);
    } catch (const json::exception &e) { // numbers beyond double
        throw Error(std::string("no JSON: ") + e.what());
    }
}

const json *memberOf(const json &object, const char *key)
{
    if (!object.is_object())
        return nullptr;
    const auto found = object.find(key);
    return found == object.end() || found->is_null() ? nullptr : &*found;
}

Vector3 vectorFrom(const json &value, const std::string &what)
{
    Vector3 result;
    if (!value.is_array() || value.size() != 3 ||
        !std::ranges::all_of(value, [](const json &v) { return v.is_number(); }))
        throw Error(what + " should be three numbers");
    for (int i = 0; i < 3; ++i)
        result[i] = value[i].get<double>();
    if (!result.allFinite())
        throw Error(what + " should be three finite numbers");
    return result;
}

Lattice latticeFrom(const json &value)
{
    if (!value.is_array() || value.size() != 3)
        throw Error("the lattice should be three vectors");
    Matrix3 vectors;
    for (int i = 0; i < 3; ++i)
        vectors.row(i) = vectorFrom(value[i], "a lattice vector");
    return latticeOfVectors(vectors);
}

std::string scalarText(const json &value)
{
    if (value.is_string())
        return value.get<std::string>();
    if (value.is_boolean())
        return value.get<bool>() ? "true" : "false";
    if (value.is_number_integer())
        return value.dump();
    return value.is_number() ? shortest(value.get<double>()) : std::string();
}

}
