// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/project/entries_csv.h"

#include "engine/core/csv.h"
#include "engine/core/text.h"

#include <nlohmann/json.hpp>

namespace engine {

namespace {
using Json = nlohmann::ordered_json;

const std::vector<std::string> columns{
    "id",       "formula",    "sigma_S_cm", "is_upper_bound", "how",         "lowest_temperature_K", "ea_eV",
    "method",   "provenance", "doi",        "figure",         "space_group", "space_group_number",   "family",
    "icsd",     "structure",  "link",       "partition",      "status",      "exclusion_reason",     "curator",
    "verifier", "note",       "extra"};

std::string optionalNumber(const std::optional<double> &value)
{
    return value ? shortest(*value) : std::string();
}

std::string extraText(const Entry &entry)
{
    if (entry.extra.empty())
        return {};
    Json json = Json::object();
    for (const auto &[key, value] : entry.extra)
        json[key] = value;
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::vector<std::string> rowOf(const Entry &e)
{
    const auto &m = e.measurement;
    return {e.id,
            e.formula,
            shortest(m.sigma_S_cm),
            m.isUpperBound ? "yes" : "no",
            std::string(toText(m.how)),
            optionalNumber(m.lowestTemperature_K),
            optionalNumber(m.ea_eV),
            m.method,
            std::string(toText(m.provenance)),
            m.doi,
            m.figure,
            e.spaceGroupSymbol,
            e.spaceGroupNumber > 0 ? std::to_string(e.spaceGroupNumber) : "",
            e.family,
            e.icsd,
            e.structureFile,
            std::string(toText(e.link)),
            std::string(toText(e.partition)),
            std::string(toText(e.status)),
            e.exclusionReason,
            e.curator,
            e.verifier,
            e.note,
            extraText(e)};
}

double number(const std::string &text)
{
    const auto value = parseDouble(text);
    if (!value)
        throw Error("\"" + text + "\" is no number");
    return *value;
}

std::map<std::string, std::string> extraOf(const std::string &text)
{
    std::map<std::string, std::string> extra;
    if (text.empty())
        return extra;
    const auto json = Json::parse(text, nullptr, false);
    if (!json.is_object())
        throw Error("its extra columns are no JSON object");
    for (const auto &[key, value] : json.items()) {
        if (!value.is_string())
            throw Error("its extra column \"" + key + "\" is no text");
        extra[key] = value.get<std::string>();
    }
    return extra;
}

Entry entryOf(const std::vector<std::string> &row)
{
    std::size_t i = 0;
    const auto next = [&]() -> const std::string & { return row[i++]; };
    const auto nextOptional = [&]() -> std::optional<double> {
        const auto &text = next();
        return text.empty() ? std::nullopt : std::optional(number(text));
    };
    Entry e;
    auto &m = e.measurement;
    e.id = next();
    e.formula = next();
    m.sigma_S_cm = number(next());
    const auto &bound = next();
    if (bound != "yes" && bound != "no")
        throw Error("is_upper_bound is \"" + bound + "\"; yes or no is needed");
    m.isUpperBound = bound == "yes";
    m.how = parseHowObtained(next());
    m.lowestTemperature_K = nextOptional();
    m.ea_eV = nextOptional();
    m.method = next();
    m.provenance = parseProvenanceKind(next());
    m.doi = next();
    m.figure = next();
    e.spaceGroupSymbol = next();
    if (const auto &group = next(); !group.empty()) {
        const auto value = parseInteger(group);
        if (!value || *value < 1 || *value > 230)
            throw Error("\"" + group + "\" is no space group's number");
        e.spaceGroupNumber = int(*value);
    }
    e.family = next();
    e.icsd = next();
    e.structureFile = next();
    e.link = parseLinkKind(next());
    e.partition = parsePartition(next());
    e.status = parseStatus(next());
    e.exclusionReason = next();
    e.curator = next();
    e.verifier = next();
    e.note = next();
    e.extra = extraOf(next());
    return e;
}
}

std::string writeEntries(const Database &database)
{
    Csv table{.header = columns};
    for (const auto &entry : database.entries)
        table.rows.push_back(rowOf(entry));
    return writeCsv(table);
}

Database readEntries(std::string_view text, std::string_view name)
{
    const auto table = readCsv(text, name, ',');
    std::vector<std::size_t> order; // of a spreadsheet that moved columns
    for (const auto &column : columns)
        order.push_back(table.column(column, name));
    Database database;
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
        try {
            std::vector<std::string> row;
            for (const auto column : order)
                row.push_back(table.rows[i][column]);
            database.add(entryOf(row));
        } catch (const Error &error) {
            throw Error(std::string(name) + ":" + std::to_string(table.lines[i]) + ": " + error.what());
        }
    }
    return database;
}

}
