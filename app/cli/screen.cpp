// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/inputs.h"
#include "app/cli/models.h"
#include "app/cli/output.h"
#include "app/cli/screen_options.h"
#include "app/cli/training_options.h"
#include "app/cli/verb.h"

#include "engine/project/screening_files.h"

namespace cli {

using namespace engine;

namespace {

struct ScreenVerbOptions {
    std::vector<std::string> inputs;
    std::string ensemble, name;
    ScreenFlags screening;
    TrainingFlags flags;
};

int run(const ScreenVerbOptions &options, const Common &common)
{
    Ensemble ensemble = openEnsemble(options.ensemble, options.name);
    options.flags.requireAgreement(ensemble.features, ensemble.training);
    Megnet parent = openParentOf(ensemble, options.flags.parent);
    const Screener screener(std::move(ensemble), std::move(parent),
                            openModel(options.screening.bandGapModel, "band_gap"),
                            openModel(options.screening.metalModel, "metal"), options.screening.screening);
    Screening screening = screenInputs({options.inputs.begin(), options.inputs.end()}, screener,
                                       options.screening.inputs, options.screening.properties(), common.progress);
    Output output;
    output.json = Json::parse(screeningJson(screening));
    output.table = candidatesTable(screening.candidates);
    output.rejects = std::move(screening.rejects);
    return deliver(std::move(output), common);
}

}

Action declareScreen(Options &options)
{
    auto o = std::make_shared<ScreenVerbOptions>();
    options.addPositional("INPUT", o->inputs, inputsHelp);
    options.add("ensemble", o->ensemble, "Folder that train wrote, or a project")->required();
    options.add("name", o->name, "Which of a project's ensembles");
    o->screening.declare(options);
    o->flags.declare(options);
    return [o](const Common &common) { return run(*o, common); };
}

}
