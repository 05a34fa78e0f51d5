// SPDX-License-Identifier: GPL-3.0-or-later
// LiIonDatabase.csv of the University of Liverpool, Hargreaves et al., npj Comput. Mater. 9, 9 (2023). Its temperatures are in °C,
// the 300 and 600 of some rows too.
#include "engine/core/text.h"
#include "engine/database/import_sources.h"
#include "engine/database/table_text.h"

#include <algorithm>

namespace engine {

namespace {
const std::set<std::string, std::less<>> usedColumns{"ID", "composition", "source", "target", "family"};
}

bool recognisesLiverpool(const std::vector<File> &sources)
{
    return std::ranges::any_of(sources, [](const File &file) {
        return hasColumns(file, {"ID", "composition", "temperature", "target"});
    });
}

Import readLiverpool(const std::vector<File> &sources, const ColumnMap &, const Progress &progress)
{
    Import import;
    const auto tables = tablesWith(sources, {"ID", "composition", "temperature", "target"}, import.rejects);
    if (tables.empty())
        throw Error(
            "no Liverpool table among the sources; a .csv with the columns \"ID\", \"composition\", \"temperature\" "
            "and \"target\" is needed");
    for (const auto &table : tables)
        readRows(table, import, progress, [&](std::size_t row) {
            Entry entry;
            entry.id = table.cell(row, "ID");
            if (entry.id.empty())
                throw Error("no ID");
            entry.id = "liverpool-" + entry.id;
            const auto temperature = table.cell(row, "temperature");
            const auto temperature_C = numberIn(temperature);
            if (!temperature_C)
                throw Error("\"" + temperature + "\" is no temperature in °C");
            checkRoomTemperature(*temperature_C);
            entry.formula = table.cell(row, "composition");
            setConductivity(entry.measurement, table.cell(row, "target"));
            entry.measurement.how = HowObtained::Measured;
            entry.measurement.doi = table.cell(row, "source");
            entry.family = table.cell(row, "family");
            entry.status = Status::Submitted;
            entry.curator = "Liverpool";
            entry.extra = extraCells(table, row, usedColumns);
            import.database.add(std::move(entry));
        });
    return import;
}

}
