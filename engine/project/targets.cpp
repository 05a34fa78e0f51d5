// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/project/targets.h"

#include "engine/core/csv.h"
#include "engine/core/files.h"
#include "engine/core/text.h"
#include "engine/database/importers.h"

#include <functional>

namespace engine {

namespace {

using Condition = std::function<bool(double)>;

Condition parseCondition(const std::string &text)
{
    std::string_view rest = trimmed(text);
    if (rest.empty())
        return {};
    std::string sign;
    while (!rest.empty() && (rest[0] == '<' || rest[0] == '>' || rest[0] == '=')) {
        sign += rest[0];
        rest.remove_prefix(1);
    }
    const auto limit = parseDouble(trimmed(rest));
    if (limit && sign == "<")
        return [x = *limit](double v) { return v < x; };
    if (limit && sign == "<=")
        return [x = *limit](double v) { return v <= x; };
    if (limit && sign == ">")
        return [x = *limit](double v) { return v > x; };
    if (limit && sign == ">=")
        return [x = *limit](double v) { return v >= x; };
    if (limit && sign == "=")
        return [x = *limit](double v) { return v == x; };
    throw Error("\"" + text + "\" is no condition; write one such as \"> 0\", \"<= 3.5\" or \"= 0\"");
}

std::size_t columnOf(const Csv &table, const std::string &column, bool isNumber, const std::string &name)
{
    if (!isNumber)
        return table.column(column, name);
    const long number = *parseInteger(column);
    if (number < 1 || std::size_t(number) > table.header.size())
        throw Error(name + ": has no column " + column + ", only " + std::to_string(table.header.size()));
    return std::size_t(number - 1);
}

}

Targets readTargets(const std::filesystem::path &path, const TargetColumns &columns)
{
    const std::string name = path.filename().string();
    const bool isNumber = parseInteger(columns.value).has_value();
    if (isNumber != parseInteger(columns.id).has_value())
        throw Error("the columns \"" + columns.id + "\" and \"" + columns.value +
                    "\" must both be names of the header, or both numbers in a table without one");
    const Condition where = parseCondition(columns.where), one = parseCondition(columns.one);
    Csv table = readCsv(readFile(path), name);
    if (isNumber) { // what was read as a header is the first row
        table.rows.insert(table.rows.begin(), table.header);
        table.lines.insert(table.lines.begin(), 1);
    }
    const std::size_t id = columnOf(table, columns.id, isNumber, name);
    const std::size_t value = columnOf(table, columns.value, isNumber, name);

    Targets targets;
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
        const std::string &key = table.rows[row][id], &text = table.rows[row][value];
        const std::string line = name + ":" + std::to_string(table.lines[row]);
        std::optional<double> number = parseDouble(trimmed(text));
        if (!number && columns.boundsCount)
            if (const auto bound = parseConductivity(text))
                number = bound->value;
        if (!number) {
            targets.rejects.push_back({key, line + ": \"" + text + "\" is no number"});
            continue;
        }
        if (where && !where(*number))
            continue;
        if (!targets.values.emplace(key, one ? double(one(*number)) : *number).second)
            throw Error(line + ": \"" + key + "\" has a value already; every structure may have one");
    }
    return targets;
}

}
