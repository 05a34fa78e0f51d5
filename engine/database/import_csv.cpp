// SPDX-License-Identifier: GPL-3.0-or-later
// Any table; the column map says what is where.
#include "engine/core/text.h"
#include "engine/crystal/symmetry.h"
#include "engine/database/import_sources.h"
#include "engine/database/table_text.h"

#include <algorithm>
#include <cmath>

namespace engine {

namespace {
const std::vector<std::string> units{"S/cm", "mS/cm", "S/m", "log10(S/cm)"};

double toSigma_S_cm(double value, const std::string &unit)
{
    if (unit == "mS/cm")
        return value * 1e-3;
    if (unit == "S/m")
        return value * 1e-2;
    if (unit == "log10(S/cm)")
        return std::pow(10.0, value);
    return value;
}

// All columns that the map asks for by name are there. Default names are offers, apart from id and σ.
void checkColumns(const Table &table, const ColumnMap &columns)
{
    const ColumnMap defaults;
    const auto require = [&](const std::string &name, const std::string &byDefault, bool always = false) {
        if (!name.empty() && (always || name != byDefault))
            table.csv.column(name, table.name);
    };
    if (columns.sigma.empty())
        throw Error("the column map names no column of conductivities");
    require(columns.id, defaults.id, true);
    require(columns.sigma, defaults.sigma, true);
    require(columns.formula, defaults.formula);
    require(columns.doi, defaults.doi);
    require(columns.spaceGroup, defaults.spaceGroup);
    require(columns.temperature, defaults.temperature);
    require(columns.lowestTemperature, defaults.lowestTemperature);
    require(columns.ea, defaults.ea);
    require(columns.icsd, defaults.icsd);
    require(columns.family, defaults.family);
    require(columns.structure, defaults.structure);
}

std::string numbered(const std::string &stem, std::size_t row)
{
    const auto number = std::to_string(row + 1);
    return stem + "-" + std::string(number.size() < 4 ? 4 - number.size() : 0, '0') + number;
}

void setSpaceGroup(Entry &entry, const std::string &text)
{
    if (const auto number = parseInteger(text)) {
        entry.spaceGroupNumber = int(std::clamp(*number, -1l, 231l)); // wrong ones are for check() to tell
        if (const auto group = spaceGroupOfNumber(entry.spaceGroupNumber))
            entry.spaceGroupSymbol = group->symbol;
        return;
    }
    entry.spaceGroupSymbol = text;
    if (const auto group = spaceGroupOfSymbol(text))
        entry.spaceGroupNumber = group->number;
}

Entry entryOf(const Table &table, std::size_t row, const ColumnMap &columns)
{
    const auto cell = [&](const std::string &column) {
        return column.empty() ? std::string() : table.cell(row, column);
    };
    Entry entry;
    entry.id = columns.id.empty() ? numbered(stemOf(table.name), row) : cell(columns.id);
    if (entry.id.empty())
        throw Error("no " + columns.id);
    entry.formula = cell(columns.formula);
    setConductivity(entry.measurement, cell(columns.sigma));
    entry.measurement.sigma_S_cm = toSigma_S_cm(entry.measurement.sigma_S_cm, columns.sigmaUnit);
    entry.measurement.doi = cell(columns.doi);
    setActivationEnergy(entry.measurement, cell(columns.ea));
    if (!columns.lowestTemperature.empty())
        setLowestTemperature(entry.measurement, cell(columns.lowestTemperature));
    if (!columns.temperature.empty()) {
        const auto temperature = numberIn(cell(columns.temperature));
        if (!temperature)
            throw Error("\"" + cell(columns.temperature) + "\" is no temperature");
        checkRoomTemperature(columns.temperatureUnit == "K" ? *temperature - 273.15 : *temperature);
    }
    setSpaceGroup(entry, spaceGroupSymbolIn(cell(columns.spaceGroup)));
    entry.family = cell(columns.family);
    if (const auto code = cell(columns.icsd); !code.empty()) {
        entry.icsd = icsdCodeIn(code);
        if (entry.icsd.empty())
            throw Error("\"" + code + "\" is no ICSD collection code");
    }
    entry.status = Status::Submitted;
    entry.extra = extraCells(table, row,
                             {columns.id, columns.formula, columns.sigma, columns.doi, columns.spaceGroup,
                              columns.lowestTemperature, columns.ea, columns.icsd, columns.family, columns.structure});
    return entry;
}
}

bool recognisesCsv(const std::vector<File> &sources)
{
    return std::ranges::any_of(sources, [](const File &file) { return hasColumns(file, {}); });
}

Import readCsvTables(const std::vector<File> &sources, const ColumnMap &columns, const Progress &progress)
{
    if (std::ranges::find(units, columns.sigmaUnit) == units.end())
        throw Error("sigmaUnit \"" + columns.sigmaUnit + "\"; one of " + joined(units, ", ") + " is needed");
    if (columns.temperatureUnit != "C" && columns.temperatureUnit != "K")
        throw Error("temperatureUnit \"" + columns.temperatureUnit + "\"; C or K is needed");
    Import import;
    const auto tables = tablesWith(sources, {}, import.rejects);
    if (tables.empty())
        throw Error("no .csv or .tsv with a header row among the sources");
    StructureFiles files(sources, import.rejects);
    for (const auto &table : tables) {
        checkColumns(table, columns);
        readRows(table, import, progress, [&](std::size_t row) {
            auto entry = entryOf(table, row, columns);
            const auto named = columns.structure.empty() ? std::string() : table.cell(row, columns.structure);
            if (const auto *file = files.find(named.empty() ? entry.id : named)) {
                files.add(import, std::move(entry), *file, LinkKind::Matched);
                return;
            }
            import.database.add(std::move(entry));
            if (!named.empty())
                throw Error("its structure " + named + " is not among the sources; the entry goes without");
        });
    }
    for (auto &reject : files.unused("no row of the table has its name"))
        import.rejects.push_back(std::move(reject));
    return import;
}

}
