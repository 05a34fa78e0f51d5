// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <functional>
#include <string>
#include <vector>

namespace cli {

using Json = nlohmann::ordered_json;

/// The options of one verb. What is added here can be given on the command line ("--learning-rate 1e-3"), read from the JSON of
/// --options ("learningRate": 1e-3), and is written by --print-options. The command line wins over the file.
class Options {
public:
    explicit Options(CLI::App &app) : m_app(app) {}

    /// `name` in camelCase, as in JSON; `value` must outlive the parsing and holds the default.
    template <class T>
    CLI::Option *add(const std::string &name, T &value, const std::string &help)
    {
        m_shown.emplace_back(name, [&value] { return Json(value); });
        if constexpr (std::is_same_v<T, bool>)
            return m_app.add_flag("--" + kebab(name), value, help);
        else
            return captured(m_app.add_option("--" + kebab(name), value, help), value);
    }

    /// What comes without a name: files, folders, a project.
    template <class T>
    CLI::Option *addPositional(const std::string &name, T &value, const std::string &help)
    {
        return m_app.add_option(name, value, help)->required();
    }

    /// Called when everything is read, before --print-options and the verb itself.
    void whenParsed(std::function<void()> then) { m_whenParsed.push_back(std::move(then)); }
    void parsed() const
    {
        for (const auto &then : m_whenParsed)
            then();
    }

    /// All options in force, as --options takes them.
    Json inForce() const;

    CLI::App &app() { return m_app; }

    static std::string
    kebab(const std::string &camelCase); ///< "l2Initial" → "l2-initial", "minimumBandGap_eV" → "minimum-band-gap"

private:
    // Lists begin empty, and "[]" in the help says nothing.
    template <class T>
    static CLI::Option *captured(CLI::Option *option, const std::vector<T> &)
    {
        return option;
    }
    template <class T>
    static CLI::Option *captured(CLI::Option *option, const T &)
    {
        return option->capture_default_str();
    }

    CLI::App &m_app;
    std::vector<std::pair<std::string, std::function<Json()>>> m_shown;
    std::vector<std::function<void()>> m_whenParsed;
};

/// Reads the JSON of --options for CLI11. Keys of other verbs (`known`, in kebab-case) are passed over, so that one file can serve
/// several verbs; a key that no verb has is an error.
class JsonConfig : public CLI::Config {
public:
    JsonConfig(const CLI::App &app, std::vector<std::string> known) : m_app(app), m_known(std::move(known)) {}
    std::string to_config(const CLI::App *, bool, bool, std::string) const override { return {}; }
    std::vector<CLI::ConfigItem> from_config(std::istream &input) const override;

private:
    const CLI::App &m_app;
    std::vector<std::string> m_known;
};

}
