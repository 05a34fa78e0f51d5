// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/output.h"
#include "app/cli/verb.h"

#include "engine/core/files.h"
#include "engine/core/text.h"
#include "engine/crystal/composition.h"
#include "engine/crystal/read.h"
#include "engine/project/audit.h"
#include "engine/project/project.h"

#include <filesystem>

namespace cli {

using namespace engine;
namespace fs = std::filesystem;

namespace {

struct AddOptions {
    std::string project, id, sigma, formula, structure, doi, family, icsd, note, curator, why;
    bool test = false;
};

int run(const AddOptions &options, const Common &common)
{
    Project project;
    if (fs::exists(options.project))
        project = openProject(options.project);
    else
        project.title = fs::path(options.project).stem().string();

    Entry e;
    e.id = options.id;
    const auto sigma = parseConductivity(options.sigma);
    if (!sigma)
        throw Error("--sigma " + options.sigma + ": give a conductivity in S/cm, such as 1.2e-4 or \"<1e-10\"");
    e.measurement.sigma_S_cm = sigma->value;
    e.measurement.isUpperBound = sigma->isUpperBound;
    e.measurement.doi = options.doi;
    e.formula = options.formula;
    e.family = options.family;
    e.icsd = options.icsd;
    e.note = options.note;
    e.curator = options.curator;
    e.partition = options.test ? Partition::Test : Partition::Training;
    if (!options.structure.empty()) {
        const File file{fs::path(options.structure).filename().string(), readFile(options.structure)};
        const ReadResult read = readStructures(file);
        if (read.structures.empty())
            throw Error(file.name + ": " + (read.rejects.empty() ? "holds no structure" : read.rejects[0].reason));
        const Structure &s = read.structures[0];
        if (e.formula.empty())
            e.formula = reducedFormula(compositionOf(s));
        e.spaceGroupNumber = s.spaceGroup.number;
        e.spaceGroupSymbol = s.spaceGroup.symbol;
        e.structureFile = e.id + fs::path(options.structure).extension().string();
        e.link = LinkKind::SamePaper;
        project.structures[e.structureFile] = file.bytes;
    }
    if (e.formula.empty())
        throw Error("give --formula, or --structure to take it from");
    parseFormula(e.formula); // throws for what is none
    project.database.add(e);
    project.audit.push_back(auditRecord(e.id, "added", options.why));
    common.progress.at(0.9, "Saving");
    saveProject(project, options.project);

    Output output;
    output.json = {{"project", options.project},
                   {"id", e.id},
                   {"formula", e.formula},
                   {"entries", project.database.entries.size()}};
    output.note = "Added " + e.id + " (" + e.formula + ") to " + options.project + ", which now has " +
                  std::to_string(project.database.entries.size()) + " entries\n";
    return deliver(std::move(output), common);
}

}

Action declareAdd(Options &options)
{
    auto o = std::make_shared<AddOptions>();
    options.addPositional("PROJECT", o->project, "Project folder or .superion archive; made when missing");
    options.add("id", o->id, "Name of the entry in the project")->required();
    options.add("sigma", o->sigma, "Conductivity at 25 °C in S/cm; \"<1e-10\" for an upper bound")->required();
    options.add("formula", o->formula, "Left out: from the structure");
    options.add("structure", o->structure, "File with its crystal structure");
    options.add("doi", o->doi, "Where the value is published");
    options.add("family", o->family, "Family of compounds");
    options.add("icsd", o->icsd, "ICSD collection code");
    options.add("note", o->note, "Free text");
    options.add("curator", o->curator, "Who read the value");
    options.add("why", o->why, "Reason for the audit log");
    options.add("test", o->test, "Into the sealed test partition");
    return [o](const Common &common) { return run(*o, common); };
}

}
