// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/output.h"
#include "app/cli/verb.h"

#include "engine/core/text.h"
#include "engine/project/project.h"
#include "engine/project/structures.h"

#include <map>

namespace cli {

using namespace engine;

namespace {

int run(const std::string &path, const Common &common)
{
    const Project project = openProject(path);
    const ProjectStructures read = readProjectStructures(project, common.progress);
    std::map<std::string, const Structure *> byId;
    for (const Structure &s : read.structures)
        byId[s.id] = &s;
    const Summary s = summarise(project.database, project.threshold_S_cm, [&](const Entry &e) -> const Structure * {
        const auto found = byId.find(e.id);
        return found == byId.end() ? nullptr : found->second;
    });

    Output output;
    output.json = {{"values", s.values},
                   {"withStructure", s.withStructure},
                   {"unique", s.unique},
                   {"spaceGroups", s.spaceGroups},
                   {"ordered", s.ordered},
                   {"disordered", s.disordered},
                   {"positive", s.positive},
                   {"negative", s.negative},
                   {"upperBounds", s.upperBounds},
                   {"threshold_S_cm", s.threshold_S_cm},
                   {"sigmaMin_S_cm", s.sigmaMin_S_cm},
                   {"sigmaMax_S_cm", s.sigmaMax_S_cm}};
    output.table = {{"what", "number"},
                    {{"conductivities", std::to_string(s.values)},
                     {"  with a structure", std::to_string(s.withStructure)},
                     {"  unique", std::to_string(s.unique)},
                     {"  upper bounds only", std::to_string(s.upperBounds)},
                     {"space groups", std::to_string(s.spaceGroups)},
                     {"ordered", std::to_string(s.ordered)},
                     {"disordered", std::to_string(s.disordered)},
                     {"superionic", std::to_string(s.positive)},
                     {"not superionic", std::to_string(s.negative)},
                     {"threshold/(S/cm)", shortest(s.threshold_S_cm)},
                     {"smallest/(S/cm)", shortest(s.sigmaMin_S_cm)},
                     {"largest/(S/cm)", shortest(s.sigmaMax_S_cm)}},
                    {}};
    output.rejects = read.rejects;
    return deliver(std::move(output), common);
}

}

Action declareSummary(Options &options)
{
    auto project = std::make_shared<std::string>();
    options.addPositional("PROJECT", *project, "Project folder or .superion archive");
    return [project](const Common &common) { return run(*project, common); };
}

}
