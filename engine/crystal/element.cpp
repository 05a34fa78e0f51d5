// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/crystal/element.h"

#include "engine/core/csv.h"
#include "engine/core/text.h"

#include <cassert>
#include <functional>
#include <map>

namespace engine {

/// The text of resources/elements.csv: part of the library, so that no file has to be found at run time.
extern const std::string_view elementsCsv;

namespace {
std::vector<int> charges(std::string_view cell)
{
    std::vector<int> result;
    for (const auto word : words(cell))
        result.push_back(int(parseInteger(word).value()));
    return result;
}

std::vector<Element> readTable()
{
    const Csv csv = readCsv(elementsCsv, "elements.csv", ',');
    const auto cell = [&](const std::vector<std::string> &row, std::string_view column) -> std::string_view {
        return row[csv.column(column, "elements.csv")];
    };
    std::vector<Element> table;
    for (const auto &row : csv.rows) {
        table.push_back({.Z = int(parseInteger(cell(row, "Z")).value()),
                         .symbol = std::string(cell(row, "symbol")),
                         .mass_u = parseDouble(cell(row, "mass_u")).value(),
                         .electronegativity = parseDouble(cell(row, "electronegativity")),
                         .covalentRadius_A = parseDouble(cell(row, "covalentRadius_A")),
                         .modifiedPettifor = int(parseInteger(cell(row, "modifiedPettifor")).value()),
                         .chargeCandidates = charges(cell(row, "chargeCandidates")),
                         .knownCharges = charges(cell(row, "knownCharges"))});
        assert(table.back().Z == int(table.size()) && "elements.csv lists the elements in order of Z");
    }
    assert(table.size() == largestZ && "elements.csv ends with lawrencium");
    return table;
}

const std::vector<Element> &elements()
{
    static const std::vector<Element> table = readTable();
    return table;
}
}

const Element &element(int Z)
{
    assert(Z >= 1 && Z <= largestZ && "an atomic number of the table");
    return elements()[std::size_t(Z - 1)];
}

const std::string &symbolOf(int Z)
{
    return element(Z).symbol;
}

std::optional<int> atomicNumber(std::string_view symbol)
{
    static const auto bySymbol = [] {
        std::map<std::string, int, std::less<>> result{{"D", 1}, {"T", 1}};
        for (const Element &e : elements())
            result.emplace(e.symbol, e.Z);
        return result;
    }();
    const auto found = bySymbol.find(symbol);
    return found == bySymbol.end() ? std::nullopt : std::optional(found->second);
}

}
