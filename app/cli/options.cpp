// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/options.h"

#include "engine/core/error.h"

#include <algorithm>
#include <cctype>

namespace cli {

Json Options::inForce() const
{
    Json json = Json::object();
    for (const auto &[name, value] : m_shown)
        json[name] = value();
    return json;
}

std::string Options::kebab(const std::string &camelCase)
{
    std::string text;
    for (const char c : camelCase.substr(0, camelCase.find('_'))) {
        if (std::isupper(static_cast<unsigned char>(c))) {
            text += '-';
            text += char(std::tolower(static_cast<unsigned char>(c)));
        } else {
            text += c;
        }
    }
    return text;
}

namespace {
std::string asArgument(const nlohmann::json &value)
{
    return value.is_string() ? value.get<std::string>() : value.dump();
}
}

std::vector<CLI::ConfigItem> JsonConfig::from_config(std::istream &input) const
{
    nlohmann::json json;
    try {
        json = nlohmann::json::parse(input);
    } catch (const nlohmann::json::parse_error &e) {
        throw engine::Error("--options: the file is no JSON: " + std::string(e.what()));
    }
    if (!json.is_object())
        throw engine::Error("--options: the file holds no JSON object, as --print-options writes it");
    std::vector<CLI::ConfigItem> items;
    for (const auto &[key, value] : json.items()) {
        CLI::ConfigItem item;
        item.name = Options::kebab(key);
        if (!m_app.get_option_no_throw("--" + item.name)) {
            if (std::find(m_known.begin(), m_known.end(), item.name) == m_known.end())
                throw engine::Error("--options: no verb has an option \"" + key + "\"; --print-options lists them");
            continue;
        }
        if (value.is_null())
            continue;
        if (value.is_object())
            throw engine::Error("--options: \"" + key + "\" must be a text, a number, true, false or a list of these");
        if (value.is_array()) {
            for (const nlohmann::json &element : value)
                item.inputs.push_back(asArgument(element));
        } else {
            item.inputs.push_back(asArgument(value));
        }
        // An empty text or list is the default of most options: nothing to set.
        if (!item.inputs.empty() && !(item.inputs.size() == 1 && item.inputs[0].empty()))
            items.push_back(std::move(item));
    }
    return items;
}

}
