// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/models.h"
#include "app/cli/output.h"
#include "app/cli/training_options.h"
#include "app/cli/verb.h"

#include "engine/core/text.h"
#include "engine/project/audit.h"
#include "engine/project/project_data.h"
#include "engine/project/report.h"

namespace cli {

using namespace engine;

namespace {

struct ValidateOptions {
    std::string project, folds = "kfold";
    int k = 5, repeats = 1;
    bool withTest = false;
    TrainingFlags flags;
};

Json toJson(const MeanSd &m)
{
    return {{"mean", number(m.mean)}, {"sd", number(m.sd)}};
}

Json toJson(const ControlScore &c)
{
    return {{"aucPr", number(c.aucPr)}, {"mcc", number(c.mcc)}};
}

Json toJson(const CrossValidation &v)
{
    Json json;
    json["folds"] = Json::array();
    for (const FoldScore &f : v.folds)
        json["folds"].push_back({{"name", f.name},
                                 {"n", f.n},
                                 {"positives", f.positives},
                                 {"bestEpoch", f.bestEpoch},
                                 {"aucPr", number(f.aucPr)},
                                 {"aucPrTrapezoid", number(f.aucPrTrapezoid)},
                                 {"mcc", number(f.mcc)}});
    json["aucPr"] = toJson(v.aucPr);
    json["aucPrTrapezoid"] = toJson(v.aucPrTrapezoid);
    json["mcc"] = toJson(v.mcc);
    json["controls"] = {{"mean", toJson(v.meanControl)}, {"shuffled", toJson(v.shuffledControl)}};
    json["predictions"] = Json::array();
    for (const FoldPrediction &p : v.predictions)
        json["predictions"].push_back({{"id", p.id}, {"fold", p.fold}, {"p", p.p}, {"label", p.label}});
    json["epochs"] = Json::array();
    for (const std::vector<EpochRecord> &fold : v.epochs) {
        Json records = Json::array();
        for (const EpochRecord &r : fold)
            records.push_back({{"epoch", r.epoch},
                               {"loss", number(r.loss)},
                               {"aucPr", number(r.aucPr)},
                               {"aucPrTrapezoid", number(r.aucPrTrapezoid)},
                               {"mcc", number(r.mcc)}});
        json["epochs"].push_back(std::move(records));
    }
    return json;
}

int run(const ValidateOptions &options, const Common &common)
{
    Project project = openProject(options.project);
    const Megnet parent = openParent(options.flags.parent);
    ProjectData data = projectData(project, parent, options.flags.features, common.progress.part(0, 0.2));
    if (options.withTest) {
        project.audit.push_back(auditRecord("", "test partition opened", "cross-validation with --with-test"));
        saveProject(project, options.project);
        for (Sample &s : data.test.samples)
            data.training.samples.push_back(std::move(s));
    }
    std::vector<bool> labels;
    for (const Sample &s : data.training.samples)
        labels.push_back(s.isSuperionic);

    const Rng rng(common.seed);
    std::vector<Fold> folds;
    for (int repeat = 0; repeat < options.repeats; ++repeat)
        for (Fold &fold : stratifiedKFold(labels, options.k, rng.split(std::uint64_t(repeat) * 2))) {
            if (options.repeats > 1)
                fold.name = "repeat " + std::to_string(repeat + 1) + ", " + fold.name;
            folds.push_back(std::move(fold));
        }
    const auto start = openStart(options.flags.start, parent);
    const CrossValidation v = crossValidate(data.training, folds, options.flags.training, rng.split(1),
                                            common.progress.part(0.2, 1), {}, start ? &start->weights : nullptr);

    Output output;
    output.json = toJson(v);
    output.table = foldsTable(v);
    if (endingOf(common.out) != "csv")
        for (auto &row : output.table.rows)
            for (std::size_t c = 4; c < row.size(); ++c)
                if (const auto value = parseDouble(row[c]))
                    row[c] = fixed(*value, 3);
    output.note = std::to_string(data.training.size()) + " structures, " + std::to_string(data.training.positives()) +
                  " superionic; aucPr is average precision, and chance is " +
                  fixed(double(data.training.positives()) / double(std::max<std::size_t>(1, data.training.size())), 3) +
                  "\n";
    output.rejects = std::move(data.rejects);
    return deliver(std::move(output), common);
}

}

Action declareValidate(Options &options)
{
    auto o = std::make_shared<ValidateOptions>();
    options.addPositional("PROJECT", o->project, "Project folder or .superion archive");
    options.add("folds", o->folds, "kfold: stratified at random")->check(CLI::IsMember({"kfold"}));
    options.add("k", o->k, "Number of folds")->check(CLI::Range(2, 1000));
    options.add("repeats", o->repeats, "Divide anew so many times")->check(CLI::Range(1, 1000));
    options.add("withTest", o->withTest, "Use the sealed test partition too; noted in the audit log");
    o->flags.declare(options);
    return [o](const Common &common) { return run(*o, common); };
}

}
