// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/text.h"
#include "engine/crystal/element.h"
#include "engine/crystal/json_parts.h"
#include "engine/crystal/plain_text.h"
#include "engine/crystal/read.h"
#include "engine/crystal/read_parts.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace engine {

using nlohmann::json;

namespace {

/// What may stand on a site: elements and their shares, vacancies left out.
std::map<std::string, std::vector<Occupant>> readSpecies(const json *list)
{
    std::map<std::string, std::vector<Occupant>> species;
    if (!list)
        return species;
    for (const json &entry : *list) {
        const json *name = memberOf(entry, "name"), *symbols = memberOf(entry, "chemical_symbols");
        const json *shares = memberOf(entry, "concentration");
        if (!name || !name->is_string() || !symbols || !symbols->is_array())
            throw Error("an entry of species lacks name or chemical_symbols");
        const std::string text = name->get<std::string>();
        auto &occupants = species[text];
        for (std::size_t i = 0; i < symbols->size(); ++i) {
            const std::string symbol = scalarText((*symbols)[i]);
            double share = 1;
            if (shares) {
                if (!shares->is_array() || shares->size() != symbols->size() || !(*shares)[i].is_number())
                    throw Error("species " + text + " needs one concentration for each chemical symbol");
                share = (*shares)[i].get<double>();
            }
            if (share < 0)
                throw Error("species " + text + ": the concentration " + shortest(share) + " of " + symbol +
                            " is negative");
            if (symbol == "vacancy" || symbol == "X" || share == 0)
                continue;
            const auto Z = atomicNumber(symbol);
            if (!Z)
                throw Error("species " + text + ": \"" + symbol + "\" is no element");
            occupants.push_back({{*Z, {}}, share});
        }
    }
    return species;
}

Structure readEntry(const json &attributes, const ReadOptions &options)
{
    Structure structure;
    const json *lattice = memberOf(attributes, "lattice_vectors");
    const json *positions = memberOf(attributes, "cartesian_site_positions");
    const json *names = memberOf(attributes, "species_at_sites");
    if (const json *types = memberOf(attributes, "dimension_types");
        types && types->is_array() && std::ranges::any_of(*types, [](const json &type) { return type == 0; }))
        throw Error("not periodic in three dimensions; only crystals are read");
    for (const auto &[value, name] :
         {std::pair(lattice, "lattice_vectors"), std::pair(positions, "cartesian_site_positions"),
          std::pair(names, "species_at_sites")})
        if (!value || !value->is_array())
            throw Error(std::string("no ") + name + "; ask the server for it in response_fields");
    structure.lattice = latticeFrom(*lattice);
    if (names->size() != positions->size())
        throw Error(std::to_string(positions->size()) + " positions but " + std::to_string(names->size()) +
                    " entries in species_at_sites");

    const auto species = readSpecies(memberOf(attributes, "species"));
    std::vector<AtomRow> rows;
    for (std::size_t i = 0; i < names->size(); ++i) {
        const std::string where = "site " + std::to_string(i + 1);
        AtomRow row;
        row.label = scalarText((*names)[i]);
        row.fractional = structure.lattice.fractional(vectorFrom((*positions)[i], where + ": its position"));
        if (const auto known = species.find(row.label); known != species.end()) {
            for (const Occupant &occupant : known->second) {
                row.species = occupant.species;
                row.occupancy = occupant.occupancy;
                rows.push_back(row);
            }
        } else if (const auto Z = atomicNumber(row.label)) {
            row.species.Z = *Z;
            rows.push_back(row);
        } else {
            throw Error(where + ": the species \"" + row.label + "\" is not described");
        }
    }
    setSites(structure, rows, options.largestOccupancySum);
    if (const json *formula = memberOf(attributes, "chemical_formula_reduced"))
        structure.headerFormula = scalarText(*formula);
    for (const auto &[name, value] : attributes.items())
        if (std::string text = scalarText(value); !text.empty())
            structure.properties[name] = std::move(text);
    return structure;
}

ReadResult readResponse(const json &root, std::string_view name, const ReadOptions &options)
{
    if (const json *errors = memberOf(root, "errors"); errors && errors->is_array() && !errors->empty()) {
        const json *detail = memberOf(errors->front(), "detail");
        throw Error("the server answered with an error: " + (detail ? scalarText(*detail) : "no detail given"));
    }
    const json *data = memberOf(root, "data");
    if (!data || !data->is_structured())
        throw Error("no OPTIMADE response (an object with \"data\")");
    // Pointers, as a copy of deeply nested values would need as many stack frames.
    std::vector<const json *> entries;
    if (data->is_array())
        for (const json &entry : *data)
            entries.push_back(&entry);
    else
        entries.push_back(data);
    if (entries.empty())
        throw Error("the response holds no structures");

    ReadResult result;
    DistinctIds distinct;
    for (const json *entry : entries) {
        const json *id = memberOf(*entry, "id"), *attributes = memberOf(*entry, "attributes");
        const std::string key =
            id ? scalarText(*id) : std::to_string(result.structures.size() + result.rejects.size() + 1);
        try {
            if (!attributes || !attributes->is_object())
                throw Error("no attributes");
            Structure structure = readEntry(*attributes, options);
            structure.id = entries.size() == 1 ? stemOf(name) : distinct(stemOf(name) + "#" + key);
            if (id)
                structure.properties["id"] = key;
            result.structures.push_back(std::move(structure));
        } catch (const Error &e) {
            result.rejects.push_back(
                rejectOf(entries.size() == 1 ? std::string(name) : std::string(name) + "#" + key, e));
        }
    }
    return result;
}

}

ReadResult readOptimadeRecords(std::string_view text, std::string_view name, const ReadOptions &options)
{
    try {
        return readResponse(parseJson(plainText(text)), name, options);
    } catch (const Error &e) {
        return {{}, {rejectOf(std::string(name), e)}};
    }
}

ReadResult readOptimade(std::string_view text, std::string_view name, const ReadOptions &options)
{
    return needStructures(readOptimadeRecords(text, name, options));
}

}
