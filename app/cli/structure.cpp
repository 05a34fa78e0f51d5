// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/inputs.h"
#include "app/cli/output.h"
#include "app/cli/verb.h"

#include "engine/core/text.h"
#include "engine/crystal/composition.h"
#include "engine/crystal/element.h"
#include "engine/crystal/neighbours.h"
#include "engine/crystal/reduce.h"
#include "engine/crystal/simplify.h"

namespace cli {

using namespace engine;

namespace {

struct StructureOptions {
    std::vector<std::string> inputs;
    std::string simplify;
    bool primitive = false;
    double neighbours = 0;
};

Json asJson(const Lattice &lattice)
{
    const auto [a, b, c, alpha, beta, gamma] = lattice.parameters();
    Json matrix = Json::array();
    for (int i = 0; i < 3; ++i)
        matrix.push_back({lattice.vectors(i, 0), lattice.vectors(i, 1), lattice.vectors(i, 2)});
    return {{"a", a},
            {"b", b},
            {"c", c},
            {"alpha", alpha},
            {"beta", beta},
            {"gamma", gamma},
            {"volume", lattice.volume_A3()},
            {"matrix", matrix}};
}

Json asJson(const Structure &s, double radius_A)
{
    std::vector<std::vector<Neighbour>> around;
    if (radius_A > 0)
        around = neighbours(s, radius_A);
    Json sites = Json::array();
    for (std::size_t i = 0; i < s.sites.size(); ++i) {
        const Site &site = s.sites[i];
        Json species = Json::array();
        for (const Occupant &o : site.occupants)
            species.push_back(
                {{"element", symbolOf(o.species.Z)},
                 {"occupancy", o.occupancy},
                 {"oxidationState", o.species.oxidationState ? Json(*o.species.oxidationState) : Json(nullptr)}});
        Json json = {{"label", site.label},
                     {"fractional", {site.fractional.x(), site.fractional.y(), site.fractional.z()}},
                     {"species", std::move(species)}};
        if (radius_A > 0)
            json["neighbours"] = around[i].size();
        sites.push_back(std::move(json));
    }
    Json warnings = Json::array();
    for (const Warning &w : s.warnings)
        warnings.push_back(w.line ? "line " + std::to_string(w.line) + ": " + w.text : w.text);
    const Composition composition = compositionOf(s);
    return {{"id", s.id},
            {"formula", formula(composition)},
            {"reducedFormula", reducedFormula(composition)},
            {"spaceGroup",
             {{"number", s.spaceGroup.number ? Json(s.spaceGroup.number) : Json(nullptr)},
              {"symbol", s.spaceGroup.symbol}}},
            {"isOrdered", s.isOrdered()},
            {"lattice", asJson(s.lattice)},
            {"sites", std::move(sites)},
            {"warnings", std::move(warnings)}};
}

int run(const StructureOptions &options, const Common &common)
{
    Inputs inputs = readInputs(options.inputs, common.progress);
    Output output;
    output.json["structures"] = Json::array();
    output.table.header = {"id", "formula", "space group", "sites", "volume/A^3", "ordered", "warnings"};
    for (Structure &s : inputs.structures) {
        common.progress.at(1, "Writing");
        try {
            if (!options.simplify.empty())
                s = simplify(s, parseSimplification(options.simplify));
            if (options.primitive)
                s = primitiveCell(s);
            output.json["structures"].push_back(asJson(s, options.neighbours));
        } catch (const Error &e) {
            inputs.rejects.push_back({s.id, e.what()});
            continue;
        }
        output.table.rows.push_back({s.id, reducedFormula(compositionOf(s)),
                                     s.spaceGroup.number
                                         ? s.spaceGroup.symbol + " (" + std::to_string(s.spaceGroup.number) + ")"
                                         : s.spaceGroup.symbol,
                                     std::to_string(s.sites.size()), fixed(s.lattice.volume_A3(), 2),
                                     s.isOrdered() ? "yes" : "no", std::to_string(s.warnings.size())});
    }
    output.rejects = std::move(inputs.rejects);
    return deliver(std::move(output), common);
}

}

Action declareStructure(Options &options)
{
    auto o = std::make_shared<StructureOptions>();
    options.addPositional("INPUT", o->inputs, inputsHelp);
    options.add("simplify", o->simplify, "Simplify first: camn, can, camns or cans")
        ->check(CLI::IsMember({"camn", "can", "camns", "cans"}, CLI::ignore_case));
    options.add("primitive", o->primitive, "Reduce to the primitive cell");
    options.add("neighbours", o->neighbours, "Count the neighbours of every site within this radius in Å")
        ->check(CLI::Range(0.0, 100.0));
    return [o](const Common &common) { return run(*o, common); };
}

}
