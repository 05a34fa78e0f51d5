// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/csv.h"

#include "engine/core/text.h"

#include <algorithm>

namespace engine {

namespace {
char guessSeparator(std::string_view text)
{
    const auto firstLine = text.substr(0, text.find('\n'));
    if (firstLine.find('\t') != firstLine.npos)
        return '\t';
    return std::ranges::count(firstLine, ';') > std::ranges::count(firstLine, ',') ? ';' : ',';
}

void writeCell(std::string &out, std::string_view cell)
{
    if (cell.find_first_of("\",\n\r") == cell.npos) {
        out += cell;
        return;
    }
    out += '"';
    for (const char c : cell) {
        if (c == '"')
            out += '"';
        out += c;
    }
    out += '"';
}

void rejectRow(std::vector<Reject> *rejects, std::string_view name, int line, const std::string &reason)
{
    const auto place = std::string(name) + ":" + std::to_string(line);
    if (!rejects)
        throw Error(place + ": " + reason);
    rejects->push_back({place, reason});
}

void writeRow(std::string &out, const std::vector<std::string> &row)
{
    for (std::size_t i = 0; i < row.size(); ++i) {
        if (i > 0)
            out += ',';
        writeCell(out, row[i]);
    }
    out += '\n';
}
}

std::optional<std::size_t> Csv::find(std::string_view column) const
{
    const auto wanted = lowered(trimmed(column));
    for (std::size_t i = 0; i < header.size(); ++i)
        if (lowered(trimmed(header[i])) == wanted)
            return i;
    return {};
}

std::size_t Csv::column(std::string_view column, std::string_view name) const
{
    if (const auto i = find(column))
        return *i;
    throw Error(std::string(name) + ": no column \"" + std::string(column) + "\"; it has: " + joined(header, ", "));
}

Csv readCsv(std::string_view text, std::string_view name, char separator, std::vector<Reject> *rejects)
{
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    if (separator == 0)
        separator = guessSeparator(text);

    Csv table;
    bool hasHeader = false;
    int line = 1;
    std::size_t at = 0;
    while (at < text.size()) {
        const int startLine = line;
        const std::size_t start = at;
        std::vector<std::string> row(1);
        bool wasQuoted = false, isBroken = false;
        for (bool rowEnds = false; !rowEnds;) {
            if (at >= text.size())
                break;
            const char c = text[at++];
            if (c == '"' && row.back().empty() && !wasQuoted) {
                wasQuoted = true;
                for (;;) {
                    if (at >= text.size()) {
                        rejectRow(hasHeader ? rejects : nullptr, name, startLine, "a quoted cell is never closed");
                        // The quote is stray: the rest of its line is lost, the next line begins a row.
                        isBroken = rowEnds = true;
                        at = std::min(text.find('\n', start), text.size() - 1) + 1;
                        line = startLine + 1;
                        break;
                    }
                    const char q = text[at++];
                    if (q == '"') {
                        if (at < text.size() && text[at] == '"')
                            ++at;
                        else
                            break;
                    }
                    line += q == '\n';
                    row.back() += q;
                }
            } else if (c == separator) {
                row.emplace_back();
                wasQuoted = false;
            } else if (c == '\n' || c == '\r') {
                if (c == '\r' && at < text.size() && text[at] == '\n')
                    ++at;
                ++line;
                rowEnds = true;
            } else {
                row.back() += c;
            }
        }
        if (isBroken || (row.size() == 1 && row[0].empty()))
            continue;
        if (!hasHeader) {
            table.header = std::move(row);
            hasHeader = true;
            continue;
        }
        while (row.size() > table.header.size() && trimmed(row.back()).empty())
            row.pop_back();
        if (row.size() > table.header.size()) {
            rejectRow(rejects, name, startLine,
                      std::to_string(row.size()) + " cells, but the header has " + std::to_string(table.header.size()));
            continue;
        }
        row.resize(table.header.size());
        table.rows.push_back(std::move(row));
        table.lines.push_back(startLine);
    }
    if (!hasHeader)
        throw Error(std::string(name) + ": is empty; a header row is needed");
    return table;
}

std::string writeCsv(const Csv &table)
{
    std::string out;
    writeRow(out, table.header);
    for (const auto &row : table.rows)
        writeRow(out, row);
    return out;
}

}
