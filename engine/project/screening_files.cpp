// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/project/screening_files.h"

#include "engine/core/text.h"
#include "engine/crystal/composition.h"

#include <nlohmann/json.hpp>

namespace engine {

namespace {

using Json = nlohmann::ordered_json;

std::vector<std::string> rowOf(const Candidate &c)
{
    const auto yesNo = [](bool value) { return std::string(value ? "true" : "false"); };
    return {c.id,
            c.formula,
            shortest(c.prediction.p),
            shortest(c.prediction.sd),
            c.bandGap_eV ? shortest(*c.bandGap_eV) : "",
            c.bandGapSource,
            shortest(c.dTraining),
            c.nearestTrainingId,
            yesNo(c.isNovel),
            yesNo(c.isIntermetallic),
            yesNo(c.isOrdered),
            yesNo(c.hasLithium)};
}

const std::vector<std::string> columns = {"id",         "formula",         "p",         "sd",
                                          "bandGap_eV", "bandGapSource",   "dTraining", "nearestTrainingId",
                                          "isNovel",    "isIntermetallic", "isOrdered", "hasLithium"};

Json toJson(const Candidate &c)
{
    return {{"id", c.id},
            {"formula", c.formula},
            {"p", c.prediction.p},
            {"sd", c.prediction.sd},
            {"bandGap_eV", c.bandGap_eV ? Json(*c.bandGap_eV) : Json(nullptr)},
            {"bandGapSource", c.bandGapSource},
            {"dTraining", c.dTraining},
            {"nearestTrainingId", c.nearestTrainingId},
            {"isNovel", c.isNovel},
            {"isIntermetallic", c.isIntermetallic},
            {"isOrdered", c.isOrdered},
            {"hasLithium", c.hasLithium}};
}

Json toJson(const std::vector<Candidate> &candidates)
{
    Json json = Json::array();
    for (const Candidate &c : candidates)
        json.push_back(toJson(c));
    return json;
}

Json toJson(const std::vector<Reject> &rejects)
{
    Json json = Json::array();
    for (const Reject &r : rejects)
        json.push_back({{"id", r.name}, {"reason", r.reason}});
    return json;
}

std::string written(const Json &json)
{
    return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

bool hasLithiumByFormula(const std::string &formula)
{
    return parseFormula(formula).contains(3);
}

Screening fromJson(std::string_view text, const std::string &name)
{
    Screening screening;
    try {
        const Json json = Json::parse(text);
        for (const Json &j : json.at("candidates")) {
            Candidate c;
            c.id = j.at("id");
            c.formula = j.at("formula");
            c.prediction = {j.at("p"), j.at("sd")};
            if (!j.at("bandGap_eV").is_null())
                c.bandGap_eV = j.at("bandGap_eV").get<double>();
            c.bandGapSource = j.at("bandGapSource");
            c.dTraining = j.at("dTraining");
            c.nearestTrainingId = j.at("nearestTrainingId");
            c.isNovel = j.at("isNovel");
            c.isIntermetallic = j.at("isIntermetallic");
            c.isOrdered = j.at("isOrdered");
            c.hasLithium = j.contains("hasLithium") ? j["hasLithium"].get<bool>() : hasLithiumByFormula(c.formula);
            screening.candidates.push_back(std::move(c));
        }
        if (json.contains("rejects"))
            for (const Json &j : json["rejects"])
                screening.rejects.push_back({j.at("id"), j.at("reason")});
    } catch (const nlohmann::json::exception &e) {
        throw Error(name + ": not the table that screen writes" +
                    (screening.candidates.empty() ? "" : ", after candidate " + screening.candidates.back().id) + ": " +
                    e.what());
    }
    return screening;
}

Screening fromCsv(std::string_view text, const std::string &name)
{
    const Csv table = readCsv(text, name);
    std::vector<std::size_t> at;
    for (std::size_t i = 0; i + 1 < columns.size(); ++i)
        at.push_back(table.column(columns[i], name));
    const auto lithium = table.find("hasLithium");

    Screening screening;
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
        const auto wrong = [&](std::size_t column, const char *wanted) {
            return Error(name + ":" + std::to_string(table.lines[r]) + ": column \"" + columns[column] + "\" holds \"" +
                         table.rows[r][at[column]] + "\", not " + wanted);
        };
        const auto number = [&](std::size_t column) {
            const auto value = parseDouble(table.rows[r][at[column]]);
            if (!value)
                throw wrong(column, "a number");
            return *value;
        };
        const auto truth = [&](std::size_t column) {
            const std::string cell = lowered(table.rows[r][at[column]]);
            if (cell != "true" && cell != "false")
                throw wrong(column, "true or false");
            return cell == "true";
        };
        const auto cell = [&](std::size_t column) { return table.rows[r][at[column]]; };
        Candidate c;
        c.id = cell(0);
        c.formula = cell(1);
        c.prediction = {number(2), number(3)};
        if (!cell(4).empty())
            c.bandGap_eV = number(4);
        c.bandGapSource = cell(5);
        c.dTraining = number(6);
        c.nearestTrainingId = cell(7);
        c.isNovel = truth(8);
        c.isIntermetallic = truth(9);
        c.isOrdered = truth(10);
        c.hasLithium = lithium ? lowered(table.rows[r][*lithium]) == "true" : hasLithiumByFormula(c.formula);
        screening.candidates.push_back(std::move(c));
    }
    return screening;
}

}

Csv candidatesTable(const std::vector<Candidate> &candidates)
{
    Csv table{columns, {}, {}};
    for (const Candidate &c : candidates)
        table.rows.push_back(rowOf(c));
    return table;
}

Csv excludedTable(const std::vector<Excluded> &excluded)
{
    Csv table{columns, {}, {}};
    table.header.push_back("reason");
    for (const Excluded &e : excluded) {
        table.rows.push_back(rowOf(e.candidate));
        table.rows.back().push_back(e.reason);
    }
    return table;
}

std::string screeningJson(const Screening &screening)
{
    return written({{"candidates", toJson(screening.candidates)}, {"rejects", toJson(screening.rejects)}});
}

std::string rankingJson(const Ranking &ranking, const std::vector<Reject> &rejects)
{
    Json excluded = Json::array();
    for (const Excluded &e : ranking.excluded)
        excluded.push_back({{"id", e.candidate.id}, {"reason", e.reason}});
    return written({{"candidates", toJson(ranking.candidates)}, {"excluded", excluded}, {"rejects", toJson(rejects)}});
}

Screening readScreening(std::string_view text, std::string_view name)
{
    const std::string_view content = trimmed(text);
    if (content.starts_with('{') || content.starts_with('['))
        return fromJson(text, std::string(name));
    return fromCsv(text, std::string(name));
}

}
