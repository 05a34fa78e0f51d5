// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/models.h"
#include "app/cli/output.h"
#include "app/cli/training_options.h"
#include "app/cli/verb.h"

#include "engine/core/text.h"
#include "engine/project/audit.h"
#include "engine/project/evaluation.h"
#include "engine/project/project_data.h"
#include "engine/screening/screen.h"

namespace cli {

using namespace engine;

namespace {

struct EvaluateOptions {
    std::string project, ensemble, name;
    TrainingFlags flags;
};

int run(const EvaluateOptions &options, const Common &common)
{
    Project project = openProject(options.project);
    const Ensemble ensemble = options.ensemble.empty() ? ensembleOf(project.ensembles, options.name, options.project)
                                                       : openEnsemble(options.ensemble, options.name);
    options.flags.requireAgreement(ensemble.features, ensemble.training);
    const Megnet parent = openParentOf(ensemble, options.flags.parent);
    requireParent(ensemble, parent);
    const ProjectData data = projectData(project, parent, ensemble.features, common.progress.part(0, 0.9));
    if (data.test.size() == 0)
        throw Error(options.project + ": no entry of the test partition has a structure that can be used");
    project.audit.push_back(auditRecord("", "test partition opened", "evaluation of an ensemble"));
    saveProject(project, options.project);
    const Evaluation e = evaluate(ensemble, data.test);

    Output output;
    output.json = {
        {"n", e.predictions.size()},
        {"aucPr", number(e.aucPr)},
        {"aucPrTrapezoid", number(e.aucPrTrapezoid)},
        {"rocAuc", number(e.rocAuc)},
        {"mcc", number(e.mcc)},
        {"confusion", {{"tp", e.confusion.tp}, {"fp", e.confusion.fp}, {"tn", e.confusion.tn}, {"fn", e.confusion.fn}}},
        {"predictions", Json::array()}};
    for (const TestPrediction &p : e.predictions)
        output.json["predictions"].push_back({{"id", p.id},
                                              {"p", p.prediction.p},
                                              {"sd", p.prediction.sd},
                                              {"log10_sigma", p.log10Sigma},
                                              {"label", p.label}});
    output.table = testTable(e);
    output.note = std::to_string(e.predictions.size()) + " structures: average precision " + fixed(e.aucPr, 3) +
                  ", trapezoid " + fixed(e.aucPrTrapezoid, 3) + ", ROC-AUC " + fixed(e.rocAuc, 3) + ", MCC " +
                  fixed(e.mcc, 3) + " (" + std::to_string(e.confusion.tp) + " true and " +
                  std::to_string(e.confusion.fp) + " false positive, " + std::to_string(e.confusion.tn) + " true and " +
                  std::to_string(e.confusion.fn) + " false negative)\n";
    output.rejects = data.rejects;
    return deliver(std::move(output), common);
}

}

Action declareEvaluate(Options &options)
{
    auto o = std::make_shared<EvaluateOptions>();
    options.addPositional("PROJECT", o->project, "Project folder or .superion archive with a test partition");
    options.add("ensemble", o->ensemble, "Folder of an ensemble, or a project; left out: one of this project");
    options.add("name", o->name, "Which of a project's ensembles");
    o->flags.declare(options);
    return [o](const Common &common) { return run(*o, common); };
}

}
