// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/inputs.h"
#include "app/cli/output.h"
#include "app/cli/verb.h"

#include "engine/core/text.h"
#include "engine/crystal/match.h"
#include "engine/project/targets.h"

#include <algorithm>

namespace cli {

using namespace engine;

namespace {

struct DuplicatesOptions {
    std::vector<std::string> inputs;
    std::string table, keep = "paper";
    TargetColumns columns;
    MatchOptions match;
};

using Group = std::vector<std::size_t>; ///< indices of structures, ascending

/// The groups of several, and every other structure alone, by their first members.
std::vector<Group> withSingles(std::vector<Group> groups, std::size_t n)
{
    std::vector<bool> isGrouped(n);
    for (const Group &group : groups)
        for (const std::size_t i : group)
            isGrouped[i] = true;
    for (std::size_t i = 0; i < n; ++i)
        if (!isGrouped[i])
            groups.push_back({i});
    std::ranges::sort(groups);
    return groups;
}

/// By value where the table has any for the group, else the first id.
std::string keptOf(const std::vector<std::string> &ids, const std::map<std::string, double> &values, KeepRule rule)
{
    std::vector<std::string> known;
    std::vector<double> theirs;
    for (const std::string &id : ids)
        if (const auto value = values.find(id); value != values.end()) {
            known.push_back(id);
            theirs.push_back(value->second);
        }
    return known.empty() ? *std::ranges::min_element(ids) : known[keptDuplicate(theirs, known, rule)];
}

int run(const DuplicatesOptions &options, const Common &common)
{
    Targets targets;
    if (!options.table.empty()) {
        if (options.columns.value.empty())
            throw Error("--table needs --value: the column by which one of a group is kept");
        targets = readTargets(options.table, options.columns);
    }
    const Inputs inputs = readInputs(options.inputs, common.progress.part(0, 0.2));
    const auto groups = withSingles(duplicateGroups(inputs.structures, options.match, common.progress.part(0.2, 1)),
                                    inputs.structures.size());
    const KeepRule rule = options.keep == "paper" ? KeepRule::Paper : KeepRule::LowerMedian;

    Output output;
    output.json = {{"groups", Json::array()}, {"kept", Json::array()}};
    output.table.header = {"kept", "duplicates"};
    std::size_t superfluous = 0;
    for (const Group &group : groups) {
        std::vector<std::string> ids;
        for (const std::size_t i : group)
            ids.push_back(inputs.structures[i].id);
        const std::string kept = keptOf(ids, targets.values, rule);
        output.json["groups"].push_back(ids);
        output.json["kept"].push_back(kept);
        superfluous += ids.size() - 1;
        if (ids.size() > 1) {
            std::erase(ids, kept);
            output.table.rows.push_back({kept, joined(ids, " ")});
        }
    }
    output.note = std::to_string(inputs.structures.size()) + " structures, " + std::to_string(groups.size()) +
                  " different ones; " + std::to_string(superfluous) + " are duplicates\n";
    if (output.table.rows.empty())
        output.table = {};
    output.rejects = inputs.rejects;
    output.rejects.insert(output.rejects.end(), targets.rejects.begin(), targets.rejects.end());
    return deliver(std::move(output), common);
}

}

Action declareDuplicates(Options &options)
{
    auto o = std::make_shared<DuplicatesOptions>();
    o->columns.boundsCount = true;
    options.addPositional("INPUT", o->inputs, inputsHelp);
    options.add("table", o->table, "CSV with a value of each structure, such as its conductivity");
    options.add("id", o->columns.id, "Column with the structures' ids: a name, or a number from 1 without a header");
    options.add("value", o->columns.value, "Column with the values, likewise");
    options
        .add("keep", o->keep,
             "Which of a group stays, by value: paper (of two the higher, of more the lower median) or lower_median")
        ->check(CLI::IsMember({"paper", "lower_median"}));
    options.add("siteTolerance", o->match.siteTolerance, "Largest displacement of a site, in (V/N)^(1/3)");
    options.add("lengthTolerance", o->match.lengthTolerance, "Largest relative difference of the cells' edges");
    options.add("angleTolerance_deg", o->match.angleTolerance_deg,
                "Largest difference of the cells' angles in degrees");
    options.add("compareOxidationStates", o->match.compareOxidationStates, "Li and Li+ are different");
    return [o](const Common &common) { return run(*o, common); };
}

}
