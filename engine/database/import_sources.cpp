// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/database/import_sources.h"

#include "engine/core/text.h"
#include "engine/database/table_text.h"

#include <algorithm>

namespace engine {

namespace {
std::string fileNameOf(std::string_view name)
{
    return std::string(name.substr(name.find_last_of('/') + 1));
}

bool isStructureFile(const File &file)
{
    const auto ending = endingOf(file.name);
    return ending == "cif" || ending == "json" || ending == "vasp" || ending == "poscar";
}

// "ICSD_CollCode155950", "icsd-155950"; not just any digits, which may be a project's own number.
std::string icsdCodeOfName(std::string_view name)
{
    const auto stem = lowered(stemOf(name));
    for (const std::string_view start : {"icsd_collcode", "icsd-", "icsd_"})
        if (stem.starts_with(start))
            return icsdCodeIn(std::string_view(stem).substr(start.size()));
    return {};
}

std::string icsdCodeOf(const File &file)
{
    constexpr std::string_view tag = "_database_code_icsd";
    if (endingOf(file.name) == "cif") {
        const auto found = std::ranges::search(
            file.bytes, tag, [](char a, char b) { return (a >= 'A' && a <= 'Z' ? char(a + 32) : a) == b; });
        if (!found.empty()) {
            const std::string_view rest(found.end(), file.bytes.end());
            const auto value = trimmed(rest.substr(0, rest.find('\n')));
            if (const auto code = icsdCodeIn(value.starts_with('\'') ? value.substr(1, value.size() - 2) : value);
                !code.empty())
                return code;
        }
    }
    return icsdCodeOfName(file.name);
}
}

std::string Table::cell(std::size_t row, std::string_view column) const
{
    const auto i = csv.find(column);
    return i ? cleaned(csv.rows[row][*i]) : std::string();
}

bool hasColumns(const File &file, std::initializer_list<std::string_view> columns)
{
    const auto ending = endingOf(file.name);
    if (ending != "csv" && ending != "tsv")
        return false;
    const auto firstLine = std::string_view(file.bytes).substr(0, file.bytes.find_first_of("\r\n"));
    try {
        const auto header = readCsv(firstLine, file.name);
        return std::ranges::all_of(columns, [&](auto column) { return header.find(column).has_value(); });
    } catch (const Error &) { // an empty file, or a quoted line end in the header: no table that we know
        return false;
    }
}

std::vector<Table> tablesWith(const std::vector<File> &sources, std::initializer_list<std::string_view> columns,
                              std::vector<Reject> &rejects)
{
    std::vector<Table> tables;
    for (const auto &file : sources)
        if (hasColumns(file, columns))
            tables.push_back({fileNameOf(file.name), readCsv(file.bytes, fileNameOf(file.name), 0, &rejects)});
    return tables;
}

std::map<std::string, std::string> extraCells(const Table &table, std::size_t row,
                                              const std::set<std::string, std::less<>> &used)
{
    std::map<std::string, std::string> extra;
    for (std::size_t i = 0; i < table.csv.header.size(); ++i) {
        const auto &cell = table.csv.rows[row][i];
        if (!cell.empty() && !used.contains(table.csv.header[i]))
            extra[table.csv.header[i]] = cell;
    }
    return extra;
}

StructureFiles::StructureFiles(const std::vector<File> &sources, std::vector<Reject> &rejects)
{
    for (const auto &file : sources) {
        if (!isStructureFile(file))
            continue;
        const auto [first, isNew] = m_byName.emplace(fileNameOf(file.name), &file);
        if (!isNew) {
            if (first->second->bytes != file.bytes)
                rejects.push_back({file.name, "differs from " + first->second->name + ", which has the same name"});
            continue;
        }
        m_byStem.emplace(stemOf(file.name), &file);
        if (const auto code = icsdCodeOf(file); !code.empty())
            m_byIcsd.emplace(code, &file);
    }
}

const File *StructureFiles::find(std::string_view nameOrStem) const
{
    for (const auto *index : {&m_byName, &m_byStem})
        if (const auto found = index->find(nameOrStem); found != index->end())
            return found->second;
    return nullptr;
}

const File *StructureFiles::findByIcsd(const std::string &code) const
{
    const auto found = m_byIcsd.find(code);
    return found == m_byIcsd.end() ? nullptr : found->second;
}

void StructureFiles::add(Import &import, Entry entry, const File &file, LinkKind kind)
{
    entry.structureFile = entry.id + "." + endingOf(file.name);
    entry.link = kind;
    const auto name = entry.structureFile;
    import.database.add(std::move(entry));
    import.structures[name] = file.bytes;
    m_used.insert(&file);
}

std::vector<Reject> StructureFiles::unused(const std::string &reason) const
{
    std::vector<Reject> rejects;
    for (const auto &[name, file] : m_byName)
        if (!m_used.contains(file))
            rejects.push_back({file->name, reason});
    return rejects;
}

void readRows(const Table &table, Import &import, const Progress &progress,
              const std::function<void(std::size_t row)> &read)
{
    for (std::size_t row = 0; row < table.csv.rows.size(); ++row) {
        progress.at(double(row) / double(table.csv.rows.size()), "Reading " + table.name);
        try {
            read(row);
        } catch (const Error &error) {
            import.rejects.push_back({table.lineName(row), error.what()});
        }
    }
}

void setConductivity(Measurement &measurement, const std::string &text)
{
    const auto sigma = parseConductivity(text);
    if (!sigma)
        throw Error(text.empty() ? "no conductivity" : "\"" + text + "\" is no conductivity");
    measurement.sigma_S_cm = sigma->value;
    measurement.isUpperBound = sigma->isUpperBound;
}

void setLowestTemperature(Measurement &measurement, const std::string &text)
{
    if (text.empty() || lowered(text) == "na") {
        measurement.how = HowObtained::Measured;
        return;
    }
    const auto temperature_K = numberIn(text);
    if (!temperature_K || *temperature_K <= 0)
        throw Error("\"" + text + "\" is no temperature in K");
    measurement.how = HowObtained::Extrapolated;
    measurement.lowestTemperature_K = *temperature_K;
}

void setActivationEnergy(Measurement &measurement, const std::string &text)
{
    if (text.empty())
        return;
    measurement.ea_eV = numberIn(text);
    if (!measurement.ea_eV)
        throw Error("\"" + text + "\" is no activation energy in eV");
}

void checkRoomTemperature(double temperature_C)
{
    if (temperature_C < roomTemperatureMin_C || temperature_C > roomTemperatureMax_C)
        throw Error("measured at " + shortest(temperature_C) + " °C; only values at " + shortest(roomTemperatureMin_C) +
                    " to " + shortest(roomTemperatureMax_C) + " °C can be compared");
}

}
