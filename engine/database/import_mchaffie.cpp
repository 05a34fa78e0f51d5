// SPDX-License-Identifier: GPL-3.0-or-later
// The conductivities of McHaffie et al. 2025 (CaltechDATA 10.22002/23mvv-6gk43): a TAB-separated table without structures, which
// belong to the ICSD. They come from the user's own ICSD files, or from OBELiX where it has the same collection code.
#include "engine/core/text.h"
#include "engine/database/import_sources.h"
#include "engine/database/table_text.h"

#include <algorithm>

namespace engine {

namespace {
constexpr auto icsdColumn = "icsd_collectioncode";
constexpr auto sigmaColumn = "conductivity_siemens_per_cm";
constexpr auto temperatureColumn = "lowest_extrapolation_temperature_K";

const std::set<std::string, std::less<>> usedColumns{"compound", icsdColumn, "conductivity_doi", sigmaColumn,
                                                     temperatureColumn};

// OBELiX's entries by collection code; of several with the same code, one with a structure.
std::map<std::string, const Entry *> byIcsd(const Database &database)
{
    std::map<std::string, const Entry *> index;
    for (const auto &entry : database.entries) {
        if (entry.icsd.empty())
            continue;
        auto &known = index[entry.icsd];
        if (!known || (known->structureFile.empty() && !entry.structureFile.empty()))
            known = &entry;
    }
    return index;
}
}

bool recognisesMcHaffie(const std::vector<File> &sources)
{
    return std::ranges::any_of(sources, [](const File &file) { return hasColumns(file, {icsdColumn, sigmaColumn}); });
}

Import readMcHaffie(const std::vector<File> &sources, const ColumnMap &columns, const Progress &progress)
{
    Import import;
    const auto tables = tablesWith(sources, {icsdColumn, sigmaColumn}, import.rejects);
    if (tables.empty())
        throw Error("no table of McHaffie et al. among the sources; a table with the columns \"" +
                    std::string(icsdColumn) + "\" and \"" + sigmaColumn + "\" is needed");
    Import obelix;
    if (recognisesObelix(sources))
        obelix = readObelix(sources, columns, progress.part(0, 0.5));
    const auto obelixEntries = byIcsd(obelix.database);
    StructureFiles files(sources, import.rejects);

    for (const auto &table : tables)
        readRows(table, import, progress.part(0.5, 1), [&](std::size_t row) {
            Entry entry;
            entry.icsd = icsdCodeIn(table.cell(row, icsdColumn));
            if (entry.icsd.empty())
                throw Error("\"" + table.cell(row, icsdColumn) + "\" is no ICSD collection code");
            entry.id = "icsd-" + entry.icsd;
            entry.formula = table.cell(row, "compound");
            setConductivity(entry.measurement, table.cell(row, sigmaColumn));
            setLowestTemperature(entry.measurement, table.cell(row, temperatureColumn));
            entry.measurement.doi = table.cell(row, "conductivity_doi");
            entry.status = Status::Submitted;
            entry.curator = "McHaffie et al. 2025";
            entry.extra = extraCells(table, row, usedColumns);

            const auto *file = files.findByIcsd(entry.icsd);
            if (const auto same = obelixEntries.find(entry.icsd); same != obelixEntries.end()) {
                entry.spaceGroupSymbol = same->second->spaceGroupSymbol;
                entry.spaceGroupNumber = same->second->spaceGroupNumber;
                entry.family = same->second->family;
                entry.extra["OBELiX ID"] = same->second->id;
                if (!file)
                    file = files.find(same->second->id);
            }
            if (file)
                files.add(import, std::move(entry), *file, LinkKind::Matched);
            else
                import.database.add(std::move(entry));
        });
    return import;
}

}
