// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/csv.h"
#include "engine/database/importers.h"

#include <functional>
#include <initializer_list>
#include <set>

// What the importers share. Not needed by anyone who only calls them.

namespace engine {

/// One table among the sources.
struct Table {
    std::string name;
    Csv csv;
    std::string lineName(std::size_t row) const { return name + ":" + std::to_string(csv.lines[row]); }
    /// The cleaned cell; empty when there is no such column.
    std::string cell(std::size_t row, std::string_view column) const;
};

/// Whether this file is a .csv or .tsv whose first line has all these columns.
bool hasColumns(const File &file, std::initializer_list<std::string_view> columns);

/// Tables among the sources that have these columns; rows that cannot be read become rejects.
std::vector<Table> tablesWith(const std::vector<File> &sources, std::initializer_list<std::string_view> columns,
                              std::vector<Reject> &rejects);

/// Cells in columns that are not among `used`, as read, empty ones left out.
std::map<std::string, std::string> extraCells(const Table &table, std::size_t row,
                                              const std::set<std::string, std::less<>> &used);

/// The structure files among the sources, taken by name, stem or collection code.
class StructureFiles {
public:
    StructureFiles(const std::vector<File> &sources, std::vector<Reject> &rejects);

    /// The file of that name or stem (without folders), or null.
    const File *find(std::string_view nameOrStem) const;

    /// The file that says it has this ICSD collection code, in _database_code_ICSD or in its name
    /// ("ICSD_CollCode155950.cif", "icsd-155950.cif"), or null.
    const File *findByIcsd(const std::string &code) const;

    /// Adds the entry, linked to the file under the name `<id>.<ending>`. Same errors as Database::add.
    void add(Import &import, Entry entry, const File &file, LinkKind kind);

    /// Rejects for those that were never linked.
    std::vector<Reject> unused(const std::string &reason) const;

private:
    std::map<std::string, const File *, std::less<>> m_byName, m_byStem, m_byIcsd;
    std::set<const File *> m_used;
};

/// Calls read(row) for every row; an Error becomes a reject with the row's line.
void readRows(const Table &table, Import &import, const Progress &progress,
              const std::function<void(std::size_t row)> &read);

/// Sets σ and its bound. Throws Error when the text is none.
void setConductivity(Measurement &measurement, const std::string &text);

/// The lowest temperature in K of an extrapolation, or "na" or nothing for a value that was measured.
void setLowestTemperature(Measurement &measurement, const std::string &text);

/// An activation energy in eV or nothing.
void setActivationEnergy(Measurement &measurement, const std::string &text);

/// Throws Error unless the temperature is room temperature.
void checkRoomTemperature(double temperature_C);

// The formats, one file each; the table of importers.cpp names them.
bool recognisesMcHaffie(const std::vector<File> &sources);
Import readMcHaffie(const std::vector<File> &sources, const ColumnMap &columns, const Progress &progress);
bool recognisesObelix(const std::vector<File> &sources);
Import readObelix(const std::vector<File> &sources, const ColumnMap &columns, const Progress &progress);
bool recognisesLaskowski(const std::vector<File> &sources);
Import readLaskowski(const std::vector<File> &sources, const ColumnMap &columns, const Progress &progress);
bool recognisesLiverpool(const std::vector<File> &sources);
Import readLiverpool(const std::vector<File> &sources, const ColumnMap &columns, const Progress &progress);
bool recognisesCsv(const std::vector<File> &sources);
Import readCsvTables(const std::vector<File> &sources, const ColumnMap &columns, const Progress &progress);

}
