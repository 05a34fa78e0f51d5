// SPDX-License-Identifier: GPL-3.0-or-later
// Laskowski et al., Energy Environ. Sci. 16, 1264 (2023). The same table is about in four shapes: digitized_data_for_SSEs.csv, the
// same with DOIs, Semi-supervised_labels.csv (its rows with an ICSD code, without a header) and one taken from the paper's PDF
// (without a header; long names broken over rows, overlines glued to numbers).
#include "engine/core/text.h"
#include "engine/database/import_sources.h"
#include "engine/database/table_text.h"

#include <algorithm>
#include <array>

namespace engine {

namespace {
constexpr auto sigmaColumn = "σ(RT)(S cm-1)";

// From the most complete to the least.
enum class Shape { WithDois, Digitized, Labels, FromPdf, None };
constexpr std::string_view labelsHeader = "Structure,σ(RT)(S cm-1),space group,ICSD Entry\n";
constexpr std::string_view fromPdfHeader =
    "Structure,σ(RT)(S cm-1),Ea (eV),symbol,space group,rest of the name,ICSD Entry,reference\n";

std::string_view withoutMark(std::string_view text)
{
    return text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text;
}

Shape shapeOf(const File &file)
{
    if (hasColumns(file, {"Structure", sigmaColumn, "DOI"}))
        return Shape::WithDois;
    if (hasColumns(file, {"Structure", sigmaColumn}))
        return Shape::Digitized;
    if (endingOf(file.name) != "csv")
        return Shape::None;
    const auto text = withoutMark(file.bytes);
    const auto cells = split(text.substr(0, text.find_first_of("\r\n")), ',');
    const auto isGroup = [](std::string_view cell) {
        const auto number = numberIn(cell);
        return number && *number >= 1 && *number <= 230;
    };
    if (cells.size() == 4 && parseConductivity(cells[1]) && isGroup(cells[2]) && !icsdCodeIn(cells[3]).empty())
        return Shape::Labels;
    if (cells.size() == 8 && parseConductivity(cells[1]) && isGroup(cells[4]))
        return Shape::FromPdf;
    return Shape::None;
}

Table tableOf(const File &file, Shape shape, std::vector<Reject> &rejects)
{
    Table table{.name = file.name.substr(file.name.find_last_of('/') + 1)};
    if (shape == Shape::WithDois || shape == Shape::Digitized) {
        table.csv = readCsv(file.bytes, table.name, 0, &rejects);
        return table;
    }
    std::string text(shape == Shape::Labels ? labelsHeader : fromPdfHeader);
    text += withoutMark(file.bytes);
    table.csv = readCsv(text, table.name, ',', &rejects);
    for (int &line : table.csv.lines) // the file itself has no header
        --line;
    return table;
}

Entry entryOf(const Table &table, std::size_t row)
{
    Entry entry;
    auto number = std::to_string(row + 1);
    number.insert(0, number.size() < 4 ? 4 - number.size() : 0, '0');
    entry.id = "laskowski-" + number;
    entry.formula = table.cell(row, "Structure");
    if (table.cell(row, sigmaColumn).empty() && table.csv.find("rest of the name"))
        throw Error("a piece of a name broken over rows");
    setConductivity(entry.measurement, table.cell(row, sigmaColumn));
    setActivationEnergy(entry.measurement, table.cell(row, "Ea (eV)"));
    entry.measurement.doi = table.cell(row, "DOI");
    if (const auto symbol = table.csv.find("symbol"))
        entry.spaceGroupSymbol = spaceGroupSymbolIn(table.csv.rows[row][*symbol]);
    if (const auto text = table.cell(row, "space group"); !text.empty()) {
        const auto group = numberIn(text);
        if (!group || *group < 1 || *group > 230)
            throw Error("\"" + text + "\" is no space group's number");
        entry.spaceGroupNumber = int(*group);
    }
    entry.icsd = icsdCodeIn(table.cell(row, "ICSD Entry"));
    if (const auto reference = table.cell(row, "reference"); !reference.empty())
        entry.extra["reference"] = reference;
    entry.status = Status::Submitted;
    entry.curator = "Laskowski et al. 2023";
    return entry;
}
}

bool recognisesLaskowski(const std::vector<File> &sources)
{
    return std::ranges::any_of(sources, [](const File &file) { return shapeOf(file) != Shape::None; });
}

Import readLaskowski(const std::vector<File> &sources, const ColumnMap &, const Progress &progress)
{
    const auto best = std::ranges::min_element(sources, {}, shapeOf);
    if (best == sources.end() || shapeOf(*best) == Shape::None)
        throw Error("no table of Laskowski et al. among the sources; a .csv with the columns \"Structure\" and \"" +
                    std::string(sigmaColumn) + "\" is needed");
    Import import;
    const auto table = tableOf(*best, shapeOf(*best), import.rejects);
    StructureFiles files(sources, import.rejects);
    readRows(table, import, progress, [&](std::size_t row) {
        auto entry = entryOf(table, row);
        if (const auto *file = entry.icsd.empty() ? nullptr : files.findByIcsd(entry.icsd))
            files.add(import, std::move(entry), *file, LinkKind::Matched);
        else
            import.database.add(std::move(entry));
    });
    for (const auto &other : sources)
        if (&other != &*best && shapeOf(other) != Shape::None)
            import.rejects.push_back({other.name, "holds the same data as " + table.name + ", which was read"});
    return import;
}

}
