// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/models.h"
#include "app/cli/output.h"
#include "app/cli/training_options.h"
#include "app/cli/verb.h"

#include "engine/project/ensemble_files.h"
#include "engine/project/project_data.h"

namespace cli {

using namespace engine;

namespace {

struct TrainOptions {
    std::string project, name = "ensemble";
    int members = 20;
    TrainingFlags flags;
};

int run(const TrainOptions &options, const Common &common)
{
    Project project = openProject(options.project);
    const Megnet parent = openParent(options.flags.parent);
    const ProjectData data = projectData(project, parent, options.flags.features, common.progress.part(0, 0.15));
    const auto start = openStart(options.flags.start, parent);
    const Ensemble ensemble = trainOn(data, parent, options.flags.features, options.flags.training, options.members,
                                      common.seed, common.progress.part(0.15, 0.97), start ? &*start : nullptr);
    common.progress.at(0.97, "Saving"); // a stopped training hands back what it has; half an ensemble is not kept
    if (common.out.empty()) {
        project.ensembles[options.name] = ensemble;
        saveProject(project, options.project);
    } else {
        saveEnsemble(ensemble, common.out);
    }
    const std::string where = common.out.empty() ? options.project + " as " + options.name : common.out;
    Output output;
    output.json = {{"ensemble", where},
                   {"members", ensemble.members.size()},
                   {"n", data.training.size()},
                   {"positives", data.training.positives()},
                   {"parent", ensemble.parentSha256}};
    output.note = "Trained " + std::to_string(ensemble.members.size()) + " models on " +
                  std::to_string(data.training.size()) + " structures; written to " + where + "\n";
    output.rejects = data.rejects;
    Common shown = common;
    shown.out.clear(); // the ensemble went there
    return deliver(std::move(output), shown);
}

}

Action declareTrain(Options &options)
{
    auto o = std::make_shared<TrainOptions>();
    options.addPositional("PROJECT", o->project, "Project folder or .superion archive");
    options.add("members", o->members, "Number of models")->check(CLI::Range(1, 100000));
    options.add("name", o->name, "Name of the ensemble in the project");
    o->flags.declare(options);
    return [o](const Common &common) { return run(*o, common); };
}

}
