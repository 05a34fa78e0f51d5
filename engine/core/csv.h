// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace engine {

/// A table of texts with a header row, as in RFC 4180: quoted cells may hold separators, quotes ("") and line ends.
struct Csv {
    std::vector<std::string> header;
    std::vector<std::vector<std::string>> rows; ///< every row as long as the header
    std::vector<int> lines;                     ///< line of the file on which each row starts, counted from 1

    /// Index of the column of that name (upper and lower case alike), if there is one.
    std::optional<std::size_t> find(std::string_view column) const;

    /// The same, but throws Error that names the missing column and lists those present. `name` is the file's.
    std::size_t column(std::string_view column, std::string_view name) const;

    bool operator==(const Csv &) const = default;
};

/// Reads a table. A byte-order mark is skipped; CR LF and LF end lines; empty lines are skipped. Separator 0 means: TAB if
/// the first line has one, else the more frequent of comma and semicolon. Short rows are filled with empty cells.
/// Throws Error with file and line for a row longer than the header (unless the surplus is empty), an unclosed quote,
/// or an empty file. With `rejects`, wrong rows are left out and named there ("t.csv:2") instead.
Csv readCsv(std::string_view text, std::string_view name, char separator = 0, std::vector<Reject> *rejects = nullptr);

/// Comma-separated, LF, quotes only where needed.
std::string writeCsv(const Csv &table);

}
