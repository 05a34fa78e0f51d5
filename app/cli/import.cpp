// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/output.h"
#include "app/cli/verb.h"

#include "engine/core/text.h"
#include "engine/project/archive.h"
#include "engine/project/audit.h"
#include "engine/project/project.h"

#include <filesystem>
#include <map>

namespace cli {

using namespace engine;
namespace fs = std::filesystem;

namespace {

struct ImportOptions {
    std::vector<std::string> sources;
    std::string format, into;
    std::vector<std::string> columns;
    std::string sigmaUnit = "S/cm", temperatureUnit = "C";
};

ColumnMap columnMap(const ImportOptions &options)
{
    ColumnMap map;
    map.sigmaUnit = options.sigmaUnit;
    map.temperatureUnit = options.temperatureUnit;
    const std::map<std::string, std::string ColumnMap::*> fields = {
        {"id", &ColumnMap::id},
        {"formula", &ColumnMap::formula},
        {"sigma", &ColumnMap::sigma},
        {"doi", &ColumnMap::doi},
        {"spaceGroup", &ColumnMap::spaceGroup},
        {"temperature", &ColumnMap::temperature},
        {"lowestTemperature", &ColumnMap::lowestTemperature},
        {"ea", &ColumnMap::ea},
        {"icsd", &ColumnMap::icsd},
        {"family", &ColumnMap::family},
        {"structure", &ColumnMap::structure},
    };
    for (const std::string &column : options.columns) {
        const auto equals = column.find('=');
        const auto field = fields.find(column.substr(0, equals));
        if (equals == std::string::npos || field == fields.end()) {
            std::vector<std::string> names;
            for (const auto &[name, member] : fields)
                names.push_back(name);
            throw Error("--column " + column + ": give WHAT=COLUMN, where WHAT is one of " + joined(names, ", "));
        }
        map.*field->second = column.substr(equals + 1);
    }
    return map;
}

int run(const ImportOptions &options, const Common &common)
{
    const std::vector<fs::path> paths(options.sources.begin(), options.sources.end());
    const ColumnMap columns = columnMap(options);
    Project project;
    if (fs::exists(options.into))
        project = openProject(options.into);
    else
        project.title = fs::path(options.into).stem().string();

    common.progress.at(0, "Reading");
    const std::vector<File> sources = allFiles(paths);
    const Importer &importer = importerFor(options.format, sources);
    Import imported = importer.read(sources, columns, common.progress.part(0.3, 0.9));

    std::size_t entries = 0, structures = 0;
    for (Entry &e : imported.database.entries) {
        if (project.database.find(e.id)) {
            imported.rejects.push_back({e.id, "an entry of that id is in the project already"});
            continue;
        }
        if (const auto file = imported.structures.find(e.structureFile); file != imported.structures.end()) {
            const auto [there, isNew] = project.structures.emplace(file->first, file->second);
            if (!isNew && there->second != file->second) {
                imported.rejects.push_back({e.id, "the project already holds another structure named " + file->first});
                continue;
            }
            structures += isNew;
        }
        project.database.add(std::move(e));
        ++entries;
    }
    std::vector<std::string> names;
    for (const fs::path &p : paths)
        names.push_back(p.filename().string());
    if (entries > 0 || !fs::exists(options.into)) {
        project.audit.push_back(auditRecord("", "imported " + std::to_string(entries) + " entries",
                                            importer.name + ": " + joined(names, ", ")));
        common.progress.at(0.9, "Saving");
        saveProject(project, options.into);
    }

    Output output;
    output.json = {
        {"project", options.into}, {"format", importer.name}, {"entries", entries}, {"structures", structures}};
    output.note = "Imported " + std::to_string(entries) + " entries and " + std::to_string(structures) +
                  " structures (" + importer.name + ") into " + options.into + "\n";
    output.table = {{"entries", "structures"}, {{std::to_string(entries), std::to_string(structures)}}, {}};
    output.rejects = std::move(imported.rejects);
    if (!common.json && common.out.empty())
        output.table = {};
    return deliver(std::move(output), common);
}

}

Action declareImport(Options &options)
{
    auto o = std::make_shared<ImportOptions>();
    std::vector<std::string> names;
    for (const Importer &importer : importers())
        names.push_back(importer.name);
    options.addPositional("SOURCE", o->sources, "Tables, CIFs, folders, zips");
    options.add("format", o->format, joined(names, ", ") + "; guessed when left out")->check(CLI::IsMember(names));
    options.add("into", o->into, "Project folder, or archive if it ends in .superion; made when missing")->required();
    options.add("column", o->columns, "For csv: WHAT=COLUMN, such as sigma=conductivity; can be repeated")
        ->expected(1)
        ->take_all();
    options.add("sigmaUnit", o->sigmaUnit, "For csv")->check(CLI::IsMember({"S/cm", "mS/cm", "S/m", "log10(S/cm)"}));
    options.add("temperatureUnit", o->temperatureUnit, "For csv")->check(CLI::IsMember({"C", "K"}));
    return [o](const Common &common) { return run(*o, common); };
}

}
