// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/project/project.h"

#include "engine/core/csv.h"
#include "engine/core/text.h"
#include "engine/project/ensemble_files.h"
#include "engine/project/entries_csv.h"

#include <QDateTime>

#include <nlohmann/json.hpp>

#include <cmath>

namespace engine {

namespace {
using Json = nlohmann::ordered_json;

constexpr auto manifestName = "project.json";
const std::vector<std::string> auditColumns{"time", "who", "entry", "what", "why"};

std::string writeAudit(const std::vector<AuditRecord> &audit)
{
    Csv table{.header = auditColumns};
    for (const auto &record : audit)
        table.rows.push_back({record.time, record.who, record.entry, record.what, record.why});
    return writeCsv(table);
}

std::vector<AuditRecord> readAudit(std::string_view text, const std::string &name)
{
    const auto table = readCsv(text, name, ',');
    std::vector<std::size_t> order;
    for (const auto &column : auditColumns)
        order.push_back(table.column(column, name));
    std::vector<AuditRecord> audit;
    for (const auto &row : table.rows)
        audit.push_back({row[order[0]], row[order[1]], row[order[2]], row[order[3]], row[order[4]]});
    return audit;
}

// What saving can find wrong is what opening would.
void checkStructureFiles(const Project &project, const std::string &where)
{
    for (const auto &entry : project.database.entries)
        if (!entry.structureFile.empty() && !project.structures.contains(entry.structureFile))
            throw Error(where + ": entry " + entry.id + " names structures/" + entry.structureFile +
                        ", which is not there");
}

void checkNumbers(const Project &project, const std::string &where)
{
    if (!(std::isfinite(project.threshold_S_cm) && project.threshold_S_cm > 0))
        throw Error(where + ": threshold_S_cm must be above 0");
    if (!(std::isfinite(project.temperature_K) && project.temperature_K > 0))
        throw Error(where + ": temperature_K must be above 0");
}

std::string nameOf(const Project &project)
{
    return project.title.empty() ? "the project" : "project \"" + project.title + "\"";
}
}

Files projectToFiles(const Project &project)
{
    checkNumbers(project, nameOf(project));
    checkStructureFiles(project, nameOf(project));
    Files files;
    for (const auto &[path, bytes] : project.files) {
        if (!path.starts_with("figures/") && !path.starts_with("points/") && !path.starts_with("runs/"))
            throw Error(nameOf(project) + ": further files belong under figures/, points/ or runs/, not at " + path);
        files[path] = bytes;
    }
    Database checked; // sorts and refuses what could not be read again, however the entries came in
    for (const auto &entry : project.database.entries)
        checked.add(entry);
    files["entries.csv"] = writeEntries(checked);
    files["audit.csv"] = writeAudit(project.audit);
    for (const auto &[name, bytes] : project.structures) {
        if (name.find('/') != name.npos)
            throw Error(nameOf(project) + ": a structure file cannot be named " + name);
        files["structures/" + name] = bytes;
    }
    for (const auto &[name, ensemble] : project.ensembles) {
        if (name.empty() || name.find('/') != name.npos)
            throw Error(nameOf(project) + ": an ensemble cannot be named \"" + name + "\"");
        for (auto &[file, bytes] : ensembleToFiles(ensemble))
            files["models/" + name + "/" + file] = std::move(bytes);
    }
    const Json json{
        {"title", project.title}, {"threshold_S_cm", project.threshold_S_cm}, {"temperature_K", project.temperature_K}};
    auto manifest = manifestOf(json.dump(-1, ' ', false, Json::error_handler_t::replace), files);
    files[manifestName] = std::move(manifest);
    return files;
}

Project projectFromFiles(const Files &files, const std::string &where)
{
    checkManifest(files, manifestName, where);
    Project project;
    try {
        const auto json = Json::parse(files.at(manifestName));
        project.title = json.at("title").get<std::string>();
        project.threshold_S_cm = json.at("threshold_S_cm").get<double>();
        project.temperature_K = json.at("temperature_K").get<double>();
    } catch (const Json::exception &error) {
        const std::string_view message = error.what(); // "[json.exception…] key 'title' not found"
        throw Error(where + "/project.json: is damaged: " + std::string(message.substr(message.find("] ") + 2)));
    }
    checkNumbers(project, where + "/project.json");

    std::map<std::string, Files> models;
    for (const auto &[path, bytes] : files) {
        const auto slash = path.find('/');
        const auto folder = slash == path.npos ? std::string() : path.substr(0, slash);
        const auto rest = path.substr(folder.empty() ? 0 : slash + 1);
        if (folder == "structures")
            project.structures[rest] = bytes;
        else if (folder == "models")
            models[rest.substr(0, rest.find('/'))][rest.substr(std::min(rest.find('/'), rest.size() - 1) + 1)] = bytes;
        else if (!folder.empty())
            project.files[path] = bytes;
    }
    for (const char *needed : {"entries.csv", "audit.csv"})
        if (!files.contains(needed))
            throw Error(where + ": has no " + needed);
    project.database = readEntries(files.at("entries.csv"), where + "/entries.csv");
    project.audit = readAudit(files.at("audit.csv"), where + "/audit.csv");
    checkStructureFiles(project, where + "/entries.csv");
    for (const auto &[name, model] : models)
        project.ensembles[name] = ensembleFromFiles(model, where + "/models/" + name);
    return project;
}

Project openProject(const std::filesystem::path &path)
{
    return projectFromFiles(readTree(path, manifestName), path.string());
}

void saveProject(const Project &project, const std::filesystem::path &path)
{
    writeTree(path, manifestName, projectToFiles(project));
}

bool isProject(const std::filesystem::path &path)
{
    std::error_code ignored; // what cannot be looked at is no project
    if (std::filesystem::is_directory(path, ignored))
        return std::filesystem::exists(path / manifestName, ignored);
    return endingOf(path.string()) == "superion" && std::filesystem::exists(path, ignored);
}

std::vector<Reject> addImport(Project &project, Import import)
{
    auto rejects = std::move(import.rejects);
    for (auto &entry : import.database.entries) {
        const auto id = entry.id, structure = entry.structureFile;
        const auto known = project.structures.find(structure);
        try {
            if (known != project.structures.end() && known->second != import.structures[structure] &&
                !project.database.find(id))
                throw Error("entry " + id + ": the project has another structure named " + structure);
            project.database.add(std::move(entry));
        } catch (const Error &error) {
            rejects.push_back({id, error.what()});
            continue;
        }
        if (!structure.empty())
            project.structures[structure] = std::move(import.structures[structure]);
    }
    return rejects;
}

std::string timeNow()
{
    return QDateTime::currentDateTimeUtc().toString(Qt::ISODate).toStdString();
}

}
