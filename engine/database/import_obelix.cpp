// SPDX-License-Identifier: GPL-3.0-or-later
// OBELiX, Therrien et al., arXiv 2502.14234 (2025). all.csv holds all rows; train.csv and test.csv hold the same rows divided, and
// the CIFs lie beside them as ID.cif.
#include "engine/core/text.h"
#include "engine/database/import_sources.h"
#include "engine/database/table_text.h"

#include <algorithm>

namespace engine {

namespace {
constexpr auto sigmaColumn = "Ionic conductivity (S cm-1)";

const std::set<std::string, std::less<>> usedColumns{
    "ID", "Reduced Composition", sigmaColumn, "Space group", "Space group #", "Family", "DOI", "note", "ICSD ID"};

bool isTestTable(const Table &table)
{
    return lowered(stemOf(table.name)).ends_with("test");
}

Entry entryOf(const Table &table, std::size_t row, const std::set<std::string, std::less<>> &testIds)
{
    Entry entry;
    entry.id = table.cell(row, "ID"); // text: "019" and "1e5" are ids
    if (entry.id.empty())
        throw Error("no ID");
    entry.formula = table.cell(row, "Reduced Composition");
    setConductivity(entry.measurement, table.cell(row, sigmaColumn));
    entry.measurement.doi = table.cell(row, "DOI");
    entry.spaceGroupSymbol = table.cell(row, "Space group");
    if (const auto text = table.cell(row, "Space group #"); !text.empty()) {
        const auto number = numberIn(text);
        if (!number || *number < 1 || *number > 230)
            throw Error("\"" + text + "\" is no space group's number");
        entry.spaceGroupNumber = int(*number);
    }
    entry.family = table.cell(row, "Family");
    entry.icsd = icsdCodeIn(table.cell(row, "ICSD ID"));
    entry.note = table.cell(row, "note");
    entry.partition = testIds.contains(entry.id) ? Partition::Test : Partition::Training;
    entry.status = Status::Submitted;
    entry.curator = "OBELiX";
    entry.extra = extraCells(table, row, usedColumns);
    return entry;
}
}

bool recognisesObelix(const std::vector<File> &sources)
{
    return std::ranges::any_of(sources, [](const File &file) { return hasColumns(file, {"ID", sigmaColumn}); });
}

Import readObelix(const std::vector<File> &sources, const ColumnMap &, const Progress &progress)
{
    Import import;
    const auto tables = tablesWith(sources, {"ID", sigmaColumn}, import.rejects);
    if (tables.empty())
        throw Error("no table of OBELiX among the sources; a .csv with the columns \"ID\" and \"" +
                    std::string(sigmaColumn) + "\" is needed");
    std::set<std::string, std::less<>> testIds;
    for (const auto &table : tables)
        if (isTestTable(table))
            for (std::size_t row = 0; row < table.csv.rows.size(); ++row)
                testIds.insert(table.cell(row, "ID"));

    StructureFiles files(sources, import.rejects);
    std::map<std::string, const Table *> tableOfId;
    for (const auto &table : tables)
        readRows(table, import, progress, [&](std::size_t row) {
            auto entry = entryOf(table, row, testIds);
            // all.csv, train.csv and test.csv repeat each other; within one table an id is unique.
            if (const auto [first, isNew] = tableOfId.emplace(entry.id, &table); !isNew && first->second != &table)
                return;
            if (const auto *file = files.find(entry.id))
                files.add(import, std::move(entry), *file, LinkKind::Matched);
            else
                import.database.add(std::move(entry));
        });
    for (auto &reject : files.unused("no row of the table has its name as ID"))
        import.rejects.push_back(std::move(reject));
    return import;
}

}
