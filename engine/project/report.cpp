// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/project/report.h"

#include "engine/core/csv.h"
#include "engine/core/text.h"
#include "engine/project/report_html.h"
#include "engine/project/run_options.h"
#include "engine/project/screening_files.h"

#include <cmath>

namespace engine {

namespace {

std::string cell(double value)
{
    return std::isfinite(value) ? shortest(value) : "";
}

Csv rejectsTable(const MainJob &job)
{
    Csv table{{"stage", "id", "reason"}, {}, {}};
    for (const Reject &r : job.rejects)
        table.rows.push_back({"training", r.name, r.reason});
    for (const Reject &r : job.screening.rejects)
        table.rows.push_back({"screening", r.name, r.reason});
    return table;
}

}

Csv foldsTable(const CrossValidation &validation)
{
    Csv table{{"fold", "n", "positives", "bestEpoch", "aucPr", "aucPrTrapezoid", "mcc"}, {}, {}};
    for (const FoldScore &f : validation.folds)
        table.rows.push_back({f.name, std::to_string(f.n), std::to_string(f.positives), std::to_string(f.bestEpoch),
                              cell(f.aucPr), cell(f.aucPrTrapezoid), cell(f.mcc)});
    table.rows.push_back({"mean", "", "", "", cell(validation.aucPr.mean), cell(validation.aucPrTrapezoid.mean),
                          cell(validation.mcc.mean)});
    table.rows.push_back(
        {"sd", "", "", "", cell(validation.aucPr.sd), cell(validation.aucPrTrapezoid.sd), cell(validation.mcc.sd)});
    table.rows.push_back({"control: shuffled labels", "", "", "", cell(validation.shuffledControl.aucPr), "",
                          cell(validation.shuffledControl.mcc)});
    table.rows.push_back({"control: constant score", "", "", "", cell(validation.meanControl.aucPr), "",
                          cell(validation.meanControl.mcc)});
    return table;
}

Csv predictionsTable(const CrossValidation &validation)
{
    Csv table{{"id", "fold", "p", "label"}, {}, {}};
    for (const FoldPrediction &p : validation.predictions)
        table.rows.push_back({p.id, std::to_string(p.fold), shortest(p.p), p.label ? "1" : "0"});
    return table;
}

Csv epochsTable(const CrossValidation &validation)
{
    Csv table{{"fold", "epoch", "loss", "aucPr", "aucPrTrapezoid", "mcc"}, {}, {}};
    for (std::size_t fold = 0; fold < validation.epochs.size(); ++fold)
        for (const EpochRecord &r : validation.epochs[fold])
            table.rows.push_back({std::to_string(fold), std::to_string(r.epoch), cell(r.loss), cell(r.aucPr),
                                  cell(r.aucPrTrapezoid), cell(r.mcc)});
    return table;
}

std::vector<File> reportFiles(const MainJob &job)
{
    std::vector<File> files;
    files.push_back({"validation.csv", writeCsv(foldsTable(job.validation))});
    files.push_back({"predictions.csv", writeCsv(predictionsTable(job.validation))});
    files.push_back({"epochs.csv", writeCsv(epochsTable(job.validation))});
    if (job.test)
        files.push_back({"test.csv", writeCsv(testTable(*job.test))});
    if (job.hasScreened) {
        files.push_back({"candidates.csv", writeCsv(candidatesTable(job.ranking.candidates))});
        files.push_back({"excluded.csv", writeCsv(excludedTable(job.ranking.excluded))});
    }
    files.push_back({"rejects.csv", writeCsv(rejectsTable(job))});
    files.push_back({"options.json", runOptionsJson(job.options)});
    std::vector<std::string> names;
    for (const File &f : files)
        names.push_back(f.name);

    const ReportFigures figures = reportFigures(job);
    for (const Figure *figure : figures.all())
        files.push_back({figure->name + ".svg", toSvg(*figure)});
    files.push_back({"index.html", reportHtml(job, figures, names)});
    return files;
}

void writeReport(const MainJob &job, const std::filesystem::path &folder)
{
    namespace fs = std::filesystem;
    const std::vector<File> files = reportFiles(job);
    const fs::path aside = folder / ".new";
    std::error_code ignored;
    try {
        fs::create_directories(aside);
        for (const File &f : files)
            writeFile(aside / f.name, f.bytes);
        for (const File &f : files)
            fs::rename(aside / f.name, folder / f.name);
        fs::remove_all(aside);
    } catch (const fs::filesystem_error &e) {
        fs::remove_all(aside, ignored);
        throw Error(folder.string() + ": the report cannot be written: " + e.code().message());
    } catch (...) {
        fs::remove_all(aside, ignored);
        throw;
    }
}

}
