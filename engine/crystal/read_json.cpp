// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/text.h"
#include "engine/crystal/json_parts.h"
#include "engine/crystal/plain_text.h"
#include "engine/crystal/read.h"
#include "engine/crystal/read_parts.h"

#include "engine/crystal/element.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace engine {

using nlohmann::json;

namespace {

bool isStructure(const json &value)
{
    return memberOf(value, "lattice") && memberOf(value, "sites");
}

Lattice readLattice(const json &lattice)
{
    if (const json *matrix = memberOf(lattice, "matrix"))
        return latticeFrom(*matrix);
    std::array<double, 6> parameters;
    static constexpr std::array names{"a", "b", "c", "alpha", "beta", "gamma"};
    for (int i = 0; i < 6; ++i) {
        const json *value = memberOf(lattice, names[i]);
        if (!value || !value->is_number())
            throw Error("the lattice has neither a matrix nor a number for " + std::string(names[i]));
        parameters[i] = value->get<double>();
    }
    const Lattice cell = Lattice::fromParameters(parameters[0], parameters[1], parameters[2], parameters[3],
                                                 parameters[4], parameters[5]);
    return latticeOfVectors(cell.vectors);
}

Structure readStructure(const json &value, const ReadOptions &options)
{
    Structure structure;
    structure.lattice = readLattice(value["lattice"]);
    if (!value["sites"].is_array())
        throw Error("\"sites\" should be a list");
    std::vector<AtomRow> rows;
    int vacancies = 0, number = 0;
    for (const json &site : value["sites"]) {
        const std::string where = "site " + std::to_string(++number);
        AtomRow row;
        if (const json *abc = memberOf(site, "abc"))
            row.fractional = vectorFrom(*abc, where + ": abc");
        else if (const json *xyz = memberOf(site, "xyz"))
            row.fractional = structure.lattice.fractional(vectorFrom(*xyz, where + ": xyz"));
        else
            throw Error(where + " has no position (abc)");
        const json *species = memberOf(site, "species");
        if (!species || !species->is_array() || species->empty())
            throw Error(where + " has no species");
        if (const json *label = memberOf(site, "label"))
            row.label = scalarText(*label);
        for (const json &occupant : *species) {
            const json *element = memberOf(occupant, "element");
            const json *occupancy = memberOf(occupant, "occu"), *state = memberOf(occupant, "oxidation_state");
            if (!element || !element->is_string() || (occupancy && !occupancy->is_number()) ||
                (state && !state->is_number()))
                throw Error(where +
                            ": a species should have an element, an occupancy (occu) and maybe an oxidation_state");
            const std::string symbol = element->get<std::string>();
            if (symbol.starts_with("X") && symbol != "Xe") { // pymatgen's dummy species: vacancies, mostly
                ++vacancies;
                continue;
            }
            try {
                row.species = parseSpecies(symbol);
            } catch (const Error &e) {
                throw Error(where + ": " + e.what());
            }
            const std::string name = symbolOf(row.species.Z);
            if (state)
                row.species.oxidationState = state->get<double>();
            if (!isPossibleState(row.species.oxidationState.value_or(0)))
                throw Error(where + ": the oxidation state " + shortest(*row.species.oxidationState) + " of " + name +
                            " is impossible");
            row.occupancy = occupancy ? occupancy->get<double>() : 1;
            if (row.occupancy < 0)
                throw Error(where + ": the occupancy " + shortest(row.occupancy) + " of " + name + " is negative");
            if (row.label.empty())
                row.label = name;
            if (row.occupancy != 0)
                rows.push_back(row);
        }
    }
    if (vacancies > 0)
        structure.warnings.push_back({std::to_string(vacancies) + " dummy species (X) were left out as vacancies", 0});
    setSites(structure, rows, options.largestOccupancySum);
    return structure;
}

using Properties = std::map<std::string, std::string>;

/// Walks through a file of any of the layouts and collects the structures.
class Collector {
public:
    Collector(std::string_view name, const ReadOptions &options) : m_name(name), m_options(options) {}

    ReadResult read(const json &root)
    {
        visit(root, {}, 0);
        ReadResult result = std::move(m_result);
        if (result.structures.empty() && result.rejects.empty())
            result.rejects.push_back(
                {std::string(m_name), "no structure in it (an object with \"lattice\" and \"sites\")"});
        if (result.structures.size() == 1 && result.rejects.empty())
            result.structures.front().id = stemOf(m_name);
        for (Reject &reject : result.rejects)
            if (reject.name == std::string(m_name) + "#")
                reject.name = m_name;
        return result;
    }

private:
    void visit(const json &value, const std::string &key, int depth)
    {
        if (depth > 4) // files nest a record or a table in a list, no deeper
            return;
        if (isStructure(value)) {
            add(&value, key, {});
        } else if (value.is_array()) {
            for (std::size_t i = 0; i < value.size(); ++i)
                visit(value[i], (key.empty() ? "" : key + ".") + std::to_string(i + 1), depth + 1);
        } else if (value.is_object() && !readSplitTable(value) && !readColumns(value) && !readRecord(value, key)) {
            for (const auto &[name, member] : value.items())
                if (member.is_structured())
                    visit(member, key.empty() ? name : key + "." + name, depth + 1);
        }
    }

    /// {"structure": {…}, "band_gap": 1.2, …}
    bool readRecord(const json &value, const std::string &key)
    {
        const json *structure = memberOf(value, "structure");
        if (!structure || !isStructure(*structure)) {
            const auto found = std::ranges::find_if(value, [](const json &member) { return isStructure(member); });
            const auto count = std::ranges::count_if(value, [](const json &member) { return isStructure(member); });
            if (count != 1 ||
                std::ranges::any_of(value, [](const json &m) { return m.is_object() && !isStructure(m); }))
                return false; // none, or a dictionary of structures
            structure = &*found;
        }
        Properties properties;
        for (const auto &[name, member] : value.items())
            if (std::string text = scalarText(member); !text.empty())
                properties[name] = std::move(text);
        add(structure, key, std::move(properties));
        return true;
    }

    /// {"structure": [{…}, …], "Ef": [1.2, …]}, or with {"0": …, "1": …} in place of the lists, as pandas writes them.
    bool readColumns(const json &value)
    {
        const json *column = memberOf(value, "structure");
        if (!column)
            column = memberOf(value, "structures");
        if (!column || isStructure(*column) || !column->is_structured())
            return false;
        std::vector<std::string> keys;
        for (const auto &[key, cell] : column->items())
            keys.push_back(key);
        std::ranges::sort(keys, {},
                          [](const std::string &key) { return std::pair(parseInteger(key).value_or(0), key); });
        for (const std::string &key : keys) {
            const auto cellOf = [&](const json &cells) -> const json * {
                if (cells.is_array() && cells.size() == keys.size() && column->is_array())
                    return &cells[std::size_t(parseInteger(key).value_or(0))];
                return memberOf(cells, key.c_str());
            };
            Properties properties;
            for (const auto &[name, cells] : value.items())
                if (const json *cell = cellOf(cells))
                    if (std::string text = scalarText(*cell); !text.empty())
                        properties[name] = std::move(text);
            add(cellOf(*column), key, std::move(properties));
        }
        return true;
    }

    /// {"columns": ["structure", "gap"], "index": […], "data": [[{…}, 1.2], …]}
    bool readSplitTable(const json &value)
    {
        const json *columns = memberOf(value, "columns"), *data = memberOf(value, "data"),
                   *index = memberOf(value, "index");
        if (!columns || !data || !columns->is_array() || !data->is_array())
            return false;
        for (std::size_t row = 0; row < data->size(); ++row) {
            const json &cells = (*data)[row];
            const json *structure = nullptr;
            Properties properties;
            for (std::size_t i = 0; cells.is_array() && i < std::min(cells.size(), columns->size()); ++i) {
                if (isStructure(cells[i]))
                    structure = &cells[i];
                else if (std::string text = scalarText(cells[i]); !text.empty())
                    properties[scalarText((*columns)[i])] = std::move(text);
            }
            std::string key = index && index->is_array() && row < index->size() ? scalarText((*index)[row]) : "";
            add(structure, key.empty() ? std::to_string(row) : key, std::move(properties));
        }
        return true;
    }

    /// A null value is one that is missing where a structure should stand.
    void add(const json *value, const std::string &key, Properties properties)
    {
        std::string name = key;
        for (const char *idKey : {"material_id", "task_id", "mp_id", "id"})
            if (const auto found = properties.find(idKey); found != properties.end()) {
                name = found->second;
                break;
            }
        try {
            if (!value || !isStructure(*value))
                throw Error("no structure (an object with \"lattice\" and \"sites\")");
            Structure structure = readStructure(*value, m_options);
            structure.id = m_distinct(stemOf(m_name) + "#" + name);
            structure.properties = std::move(properties);
            m_result.structures.push_back(std::move(structure));
        } catch (const Error &e) {
            m_result.rejects.push_back(rejectOf(std::string(m_name) + "#" + name, e));
        }
    }

    std::string_view m_name;
    const ReadOptions &m_options;
    ReadResult m_result;
    DistinctIds m_distinct;
};

}

ReadResult readPymatgenRecords(std::string_view text, std::string_view name, const ReadOptions &options)
{
    try {
        return Collector(name, options).read(parseJson(plainText(text)));
    } catch (const Error &e) {
        return {{}, {rejectOf(std::string(name), e)}};
    }
}

ReadResult readPymatgenJson(std::string_view text, std::string_view name, const ReadOptions &options)
{
    return needStructures(readPymatgenRecords(text, name, options));
}

}
