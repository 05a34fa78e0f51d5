// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/project/main_job.h"

#include "engine/project/audit.h"

namespace engine {

namespace {

std::vector<bool> labelsOf(const Dataset &dataset)
{
    std::vector<bool> labels;
    for (const Sample &s : dataset.samples)
        labels.push_back(s.isSuperionic);
    return labels;
}

}

MainJob runMainJob(Project &project, const std::vector<std::filesystem::path> &inputs, const PropertyTable &properties,
                   const MainJobModels &models, const MainJobOptions &options, const Progress &progress)
{
    check(options.training);
    MainJob job;
    job.title = project.title;
    job.options = options;
    job.parentName = models.parent.name;
    job.parentSha256 = models.parent.sha256;
    if (models.bandGap)
        job.bandGapName = models.bandGap->name, job.bandGapSha256 = models.bandGap->sha256;
    if (models.metal)
        job.metalName = models.metal->name, job.metalSha256 = models.metal->sha256;

    // The stages' shares of the time, measured on OBELiX with 500 screened structures, so that the time left is about right.
    const double features = 0.12, validation = 0.45, training = 0.85, screening = 0.99;
    ProjectData data = projectData(project, models.parent, options.features, progress.part(0, features));
    job.summary = data.summary;
    job.entries = std::move(data.entries);
    job.rejects = std::move(data.rejects);
    job.trainingSamples = data.training.size();
    job.trainingPositives = data.training.positives();

    const StartingWeights *start = models.start ? &*models.start : nullptr;
    if (start)
        job.startName = start->name, job.startSha256 = start->sha256;
    const Rng rng(options.seed);
    job.validation = crossValidate(data.training, stratifiedKFold(labelsOf(data.training), options.folds, rng.split(0)),
                                   options.training, rng.split(1), progress.part(features, validation), {},
                                   start ? &start->weights : nullptr);
    job.ensemble = trainOn(data, models.parent, options.features, options.training, options.members, options.seed,
                           progress.part(validation, training), start);
    progress.at(training, "Training"); // a stopped training hands back what it has: not enough here
    project.ensembles["run"] = job.ensemble;

    if (data.test.size() > 0) {
        project.audit.push_back(auditRecord("", "test partition opened", "evaluation of the ensemble run"));
        job.test = evaluate(job.ensemble, data.test);
    }
    if (!inputs.empty()) {
        const Screener screener(job.ensemble, models.parent, models.bandGap, models.metal, options.screening);
        job.screening = screenInputs(inputs, screener, options.inputs, properties, progress.part(training, screening));
        job.ranking = rank(job.screening.candidates, options.ranking);
        job.hasScreened = true;
    }
    return job;
}

}
