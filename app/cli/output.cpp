// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/output.h"

#include "engine/core/files.h"
#include "engine/core/text.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>

namespace cli {

using namespace engine;

namespace {

std::size_t widthOf(std::string_view text)
{
    return std::size_t(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

}

std::string readable(const Csv &table)
{
    const std::size_t n = table.header.size();
    std::vector<std::size_t> width(n);
    std::vector<bool> isNumeric(n, !table.rows.empty());
    for (std::size_t c = 0; c < n; ++c) {
        width[c] = widthOf(table.header[c]);
        for (const auto &row : table.rows) {
            width[c] = std::max(width[c], widthOf(row[c]));
            isNumeric[c] = isNumeric[c] && (row[c].empty() || parseDouble(row[c]));
        }
    }
    std::string text;
    const auto addRow = [&](const std::vector<std::string> &row) {
        std::string line;
        for (std::size_t c = 0; c < n; ++c) {
            const std::string blanks(width[c] - widthOf(row[c]), ' ');
            line += (c ? "  " : "") + (isNumeric[c] ? blanks + row[c] : row[c] + blanks);
        }
        text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    };
    if (n == 0)
        return text;
    addRow(table.header);
    for (const auto &row : table.rows)
        addRow(row);
    return text;
}

void print(std::string_view text)
{
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
        throw Error(std::string("standard output: ") + std::strerror(errno));
}

Json toJson(const std::vector<Reject> &rejects)
{
    Json json = Json::array();
    for (const Reject &r : rejects)
        json.push_back({{"id", r.name}, {"reason", r.reason}});
    return json;
}

Json number(double value)
{
    return std::isfinite(value) ? Json(value) : Json(nullptr);
}

void endProgress(const Common &common)
{
    if (common.progress.report)
        common.progress.report(1, "Done");
}

int reportRejects(const std::vector<Reject> &rejects)
{
    for (const Reject &r : rejects)
        std::fprintf(stderr, "rejected: %s: %s\n", r.name.c_str(), r.reason.c_str());
    return rejects.empty() ? 0 : 3;
}

int deliver(Output output, const Common &common)
{
    endProgress(common);
    const std::string ending = endingOf(common.out);
    std::string text;
    if (common.json || ending == "json") {
        output.json["rejects"] = toJson(output.rejects);
        // Texts come from files and may be no UTF-8; what cannot be shown is replaced rather than refused.
        text = output.json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
    } else if (ending == "csv") {
        text = writeCsv(output.table);
    } else {
        text = readable(output.table) + output.note;
    }
    if (common.out.empty())
        print(text);
    else
        writeFile(common.out, text);
    return reportRejects(output.rejects);
}

}
