// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/document/journal_records.h"

#include "engine/core/sha256.h"
#include "engine/core/text.h"
#include "engine/project/ensemble_files.h"
#include "engine/project/entries_csv.h"

#include <nlohmann/json.hpp>

namespace widgets {

namespace {
using Json = nlohmann::json;

constexpr int journalFormat = 1;

Json bytesOf(const std::string &bytes)
{
    return Json::binary({bytes.begin(), bytes.end()});
}

std::string fromBytes(const Json &json)
{
    const auto &bytes = json.get_binary();
    return {bytes.begin(), bytes.end()};
}

Json toJson(const Edit &edit)
{
    const auto &parts = edit.parts;
    Json removed = Json::array(), structures = Json::object(), ensembles = Json::object(), audit = Json::array();
    engine::Database entries;
    for (const auto &[id, entry] : parts.entries) {
        if (entry)
            entries.entries.push_back(*entry);
        else
            removed.push_back(bytesOf(id));
    }
    for (const auto &[name, bytes] : parts.structures)
        structures[name] = bytes ? bytesOf(*bytes) : Json();
    for (const auto &[name, ensemble] : parts.ensembles) {
        Json files;
        if (ensemble)
            for (const auto &[file, bytes] : engine::ensembleToFiles(*ensemble))
                files[file] = bytesOf(bytes);
        ensembles[name] = std::move(files);
    }
    for (const auto &r : edit.audit)
        audit.push_back({r.time, r.who, r.entry, r.what, r.why});
    Json json{{"time", QDateTime::currentDateTimeUtc().toMSecsSinceEpoch()},
              {"entries", bytesOf(engine::writeEntries(entries))},
              {"removed", std::move(removed)},
              {"structures", std::move(structures)},
              {"ensembles", std::move(ensembles)},
              {"auditKept", edit.auditKept},
              {"audit", std::move(audit)}};
    if (parts.title)
        json["title"] = *parts.title;
    if (parts.threshold_S_cm)
        json["threshold_S_cm"] = *parts.threshold_S_cm;
    return json;
}

Edit editFrom(const Json &json)
{
    Edit edit;
    auto &parts = edit.parts;
    for (auto &entry : engine::readEntries(fromBytes(json.at("entries")), "journal").entries)
        parts.entries[entry.id] = entry;
    for (const auto &id : json.at("removed"))
        parts.entries[fromBytes(id)] = std::nullopt;
    for (const auto &[name, bytes] : json.at("structures").items())
        parts.structures[name] = bytes.is_null() ? std::nullopt : std::optional(fromBytes(bytes));
    for (const auto &[name, json_files] : json.at("ensembles").items()) {
        engine::Files files;
        for (const auto &[file, bytes] : json_files.items())
            files[file] = fromBytes(bytes);
        parts.ensembles[name] =
            json_files.is_null()
                ? nullptr
                : std::make_shared<const engine::Ensemble>(engine::ensembleFromFiles(files, "journal/" + name));
    }
    if (json.contains("title"))
        parts.title = json.at("title").get<std::string>();
    if (json.contains("threshold_S_cm"))
        parts.threshold_S_cm = json.at("threshold_S_cm").get<double>();
    edit.auditKept = json.at("auditKept").get<std::size_t>();
    for (const auto &r : json.at("audit"))
        edit.audit.push_back({r.at(0), r.at(1), r.at(2), r.at(3), r.at(4)});
    return edit;
}

std::string framed(const Json &json)
{
    std::string record;
    Json::to_cbor(json, record);
    return std::to_string(record.size()) + " " + engine::sha256(record) + "\n" + record;
}

/// The next record, which is taken off the bytes; nothing at the end or for a torn one, and for a wrong one, which is then damage.
std::optional<Json> nextRecord(std::string_view &bytes, bool &isDamaged)
{
    const auto end = bytes.find('\n');
    if (end == bytes.npos)
        return {};
    const auto words = engine::words(bytes.substr(0, end));
    const auto length = words.size() == 2 ? engine::parseInteger(words[0]) : std::nullopt;
    isDamaged = !length || *length < 0;
    if (isDamaged || bytes.size() - end - 1 < std::size_t(*length))
        return {};
    const auto record = bytes.substr(end + 1, std::size_t(*length));
    bytes.remove_prefix(end + 1 + std::size_t(*length));
    isDamaged = engine::sha256(record) != words[1];
    if (isDamaged)
        return {};
    return Json::from_cbor(record);
}

void take(const Json &json, JournalRecords &records)
{
    if (json.contains("format")) {
        if (json.at("format").get<int>() == journalFormat)
            records.state = json.at("state").get<std::string>();
    } else if (json.contains("saving")) {
        records.savings.push_back({json.at("saving").get<std::string>(), json.at("count").get<std::size_t>()});
    } else {
        records.edits.push_back(editFrom(json));
        records.last = QDateTime::fromMSecsSinceEpoch(json.at("time").get<qint64>(), Qt::UTC);
    }
}

}

std::string beginRecord(const std::string &state)
{
    return framed({{"format", journalFormat}, {"state", state}});
}

std::string editRecord(const Edit &edit)
{
    return framed(toJson(edit));
}

std::string savingRecord(const std::string &state, std::size_t editCount)
{
    return framed({{"saving", state}, {"count", editCount}});
}

std::optional<std::size_t> JournalRecords::editsIn(const std::string &savedState) const
{
    std::optional<std::size_t> count;
    if (state == savedState)
        count = 0;
    for (const auto &saving : savings)
        if (saving.state == savedState)
            count = saving.editCount;
    return count;
}

JournalRecords readRecords(std::string_view bytes)
{
    JournalRecords records;
    try {
        while (const auto json = nextRecord(bytes, records.isDamaged)) {
            take(*json, records);
            if (records.state.empty())
                break; // of another format
        }
    } catch (const Json::exception &) {
        records.isDamaged = true;
    } catch (const engine::Error &) { // an entry or ensemble
        records.isDamaged = true;
    }
    return records;
}

}
