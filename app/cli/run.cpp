// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/inputs.h"
#include "app/cli/models.h"
#include "app/cli/output.h"
#include "app/cli/screen_options.h"
#include "app/cli/training_options.h"
#include "app/cli/verb.h"

#include "engine/core/text.h"
#include "engine/project/report.h"
#include "engine/project/screening_files.h"

#include <filesystem>

namespace cli {

using namespace engine;
namespace fs = std::filesystem;

namespace {

struct RunOptions {
    std::string project, report;
    std::vector<std::string> inputs;
    int k = 5, members = 20;
    ScreenFlags screening;
    RankFlags ranking;
    TrainingFlags flags;
};

constexpr std::size_t shownCandidates = 15;

/// The head of the ranked table, for people; all of it is in the report.
std::string rankedTable(const Ranking &ranking)
{
    Csv table{{"rank", "candidate", "formula", "P(superionic)", "spread", "gap/eV", "d_training"}, {}, {}};
    for (const Candidate &c : ranking.candidates) {
        if (table.rows.size() == shownCandidates)
            break;
        table.rows.push_back({std::to_string(table.rows.size() + 1), c.id, c.formula, fixed(c.prediction.p, 3),
                              fixed(c.prediction.sd, 3), c.bandGap_eV ? fixed(*c.bandGap_eV, 2) : "",
                              fixed(c.dTraining, 2)});
    }
    if (table.rows.empty())
        return "\nNo screened structure passes the filters; the report tells why each was left out.\n";
    return "\n" + readable(table) +
           (ranking.candidates.size() > shownCandidates
                ? "and " + std::to_string(ranking.candidates.size() - shownCandidates) + " more in the report\n"
                : "");
}

int run(const RunOptions &options, const Common &common)
{
    Project project = openProject(options.project);
    MainJobModels models{openParent(options.flags.parent),
                         openModel(options.screening.bandGapModel, "band_gap"),
                         openModel(options.screening.metalModel, "metal"),
                         {}};
    models.start = openStart(options.flags.start, models.parent);
    const MainJobOptions jobOptions{.features = options.flags.features,
                                    .training = options.flags.training,
                                    .folds = options.k,
                                    .members = options.members,
                                    .seed = common.seed,
                                    .screening = options.screening.screening,
                                    .inputs = options.screening.inputs,
                                    .ranking = options.ranking.ranking};
    const MainJob job = runMainJob(project, {options.inputs.begin(), options.inputs.end()},
                                   options.screening.properties(), models, jobOptions, common.progress);
    const fs::path folder =
        options.report.empty() ? fs::path(options.project).replace_extension("report") : fs::path(options.report);
    writeReport(job, folder);
    saveProject(project, options.project);

    std::vector<Reject> rejects = job.rejects;
    rejects.insert(rejects.end(), job.screening.rejects.begin(), job.screening.rejects.end());
    const CrossValidation &v = job.validation;
    const auto meanSd = [](const MeanSd &m) { return fixed(m.mean, 3) + " ± " + fixed(m.sd, 3); };
    Output output;
    output.json = {
        {"report", folder.string()},
        {"n", job.trainingSamples},
        {"positives", job.trainingPositives},
        {"validation",
         {{"aucPr", {{"mean", number(v.aucPr.mean)}, {"sd", number(v.aucPr.sd)}}},
          {"mcc", {{"mean", number(v.mcc.mean)}, {"sd", number(v.mcc.sd)}}},
          {"controls",
           {{"mean", {{"aucPr", number(v.meanControl.aucPr)}, {"mcc", number(v.meanControl.mcc)}}},
            {"shuffled", {{"aucPr", number(v.shuffledControl.aucPr)}, {"mcc", number(v.shuffledControl.mcc)}}}}}}},
        {"members", job.ensemble.members.size()},
        {"test", nullptr},
        {"screened", job.screening.candidates.size()},
        {"candidates", Json::parse(rankingJson(job.ranking, {})).at("candidates")}};
    output.table.header = {"what", "result"};
    output.table.rows = {
        {"training structures",
         std::to_string(job.trainingSamples) + ", " + std::to_string(job.trainingPositives) + " superionic"},
        {std::to_string(v.folds.size()) + "-fold average precision", meanSd(v.aucPr)},
        {"  shuffled labels, constant score", fixed(v.shuffledControl.aucPr, 3) + ", " + fixed(v.meanControl.aucPr, 3)},
        {"  MCC", meanSd(v.mcc)},
        {"ensemble", std::to_string(job.ensemble.members.size()) + " models"}};
    if (job.test) {
        output.json["test"] = {
            {"n", job.test->predictions.size()}, {"aucPr", number(job.test->aucPr)}, {"mcc", number(job.test->mcc)}};
        output.table.rows.push_back(
            {"sealed test, " + std::to_string(job.test->predictions.size()) + " structures",
             "average precision " + fixed(job.test->aucPr, 3) + ", MCC " + fixed(job.test->mcc, 3)});
    }
    if (job.hasScreened)
        output.table.rows.push_back({"screened", std::to_string(job.screening.candidates.size()) + " structures, " +
                                                     std::to_string(job.ranking.candidates.size()) + " candidates"});
    if (job.hasScreened)
        output.note = rankedTable(job.ranking);
    output.table.rows.push_back({"report", (folder / "index.html").string()});
    output.rejects = std::move(rejects);
    return deliver(std::move(output), common);
}

}

Action declareRun(Options &options)
{
    auto o = std::make_shared<RunOptions>();
    options.addPositional("PROJECT", o->project, "Project folder or .superion archive");
    options.add("screen", o->inputs, std::string("Structures to screen: ") + inputsHelp);
    options.add("report", o->report, "Folder of the report; left out: PROJECT.report");
    options.add("k", o->k, "Folds of the cross-validation")->check(CLI::Range(2, 1000));
    options.add("members", o->members, "Models of the ensemble")->check(CLI::Range(1, 100000));
    o->screening.declare(options);
    o->ranking.declare(options);
    o->flags.declare(options);
    return [o](const Common &common) { return run(*o, common); };
}

}
