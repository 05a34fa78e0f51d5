// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/learning/cross_validation.h"

#include "engine/core/error.h"
#include "engine/core/parallel.h"
#include "engine/learning/epoch_progress.h"
#include "engine/learning/models.h"

#include <mutex>

namespace engine {

namespace {
// What is drawn from a fold's generator.
enum Draws { InitialWeights, Training, ShuffledLabels };

struct FoldResult {
    Vector p;
    std::vector<EpochRecord> epochs;
    int bestEpoch = 0;
};

std::vector<bool> labelsOf(const Vector &labels)
{
    return {labels.begin(), labels.end()};
}

std::vector<double> scoresOf(const Vector &p)
{
    return {p.begin(), p.end()};
}

/// The labels in another order: what is left to learn is chance.
Vector shuffled(const Vector &labels, Rng rng)
{
    Vector result = labels;
    const auto order = rng.permutation(std::size_t(labels.size()));
    for (std::size_t i = 0; i < order.size(); ++i)
        result(Eigen::Index(i)) = labels(Eigen::Index(order[i]));
    return result;
}

void checkFold(const Dataset &dataset, const Fold &fold)
{
    for (const auto *part : {&fold.training, &fold.validation})
        for (const std::size_t i : *part)
            if (i >= dataset.size())
                throw Error(fold.name + ": there is no sample " + std::to_string(i) + " in the dataset");
    if (fold.validation.empty())
        throw Error(fold.name + ": has no validation samples");
}
}

CrossValidation crossValidate(const Dataset &dataset, const std::vector<Fold> &folds, const TrainingOptions &options,
                              const Rng &rng, const Progress &progress, const EpochListener &listener,
                              const Weights *start)
{
    check(options);
    if (folds.empty())
        throw Error("cross-validation needs folds");
    for (const Fold &fold : folds)
        checkFold(dataset, fold);
    const std::size_t n = folds.size();

    // Items 0 … n − 1 are the folds, n … 2n − 1 their shuffled controls.
    std::vector<FoldResult> results(2 * n);
    EpochProgress epochs(progress, results.size(), options.epochs);
    std::mutex listening;
    const auto trainOne = [&](std::size_t item) {
        const std::size_t i = item % n;
        const bool isControl = item >= n;
        const Rng foldRng = rng.split(i);
        Batch training = makeBatch(dataset, folds[i].training, options.perSite);
        const Batch validation = makeBatch(dataset, folds[i].validation);
        if (isControl)
            training.labels = shuffled(training.labels, foldRng.split(ShuffledLabels));

        long reported = 0;
        TrainingRun run{.rng = foldRng.split(Training), .stop = progress.stop};
        run.validation = isControl ? nullptr : &validation;
        run.onEpoch = [&](const EpochRecord &record) {
            if (listener && !isControl) {
                const std::lock_guard lock(listening);
                listener(i, record);
            }
            ++reported;
            epochs.add(1);
        };
        const auto model = makeModel(options, int(training.X.cols()), foldRng.split(InitialWeights));
        if (start)
            model->setWeights(*start);
        const Checkpoint trained = model->train(training, run);
        epochs.add(options.epochs - reported);
        results[item] = {model->predict(validation), trained.history, trained.bestEpoch};
    };
    parallelFor(results.size(), trainOne, {{}, progress.stop}, "Training");

    CrossValidation cv;
    std::vector<double> aucPr, aucPrTrapezoidal, mccs, meanAucPr, meanMcc, shuffledAucPr, shuffledMcc;
    for (std::size_t i = 0; i < n; ++i) {
        const Batch validation = makeBatch(dataset, folds[i].validation);
        const std::vector<bool> labels = labelsOf(validation.labels);
        const std::vector<double> p = scoresOf(results[i].p), control = scoresOf(results[n + i].p);

        FoldScore score{.name = folds[i].name, .n = int(labels.size()), .positives = int(validation.labels.sum())};
        score.bestEpoch = results[i].bestEpoch;
        score.aucPr = averagePrecision(p, labels);
        score.aucPrTrapezoid = aucPrTrapezoid(p, labels);
        score.mcc = mcc(confusion(p, labels));
        aucPr.push_back(score.aucPr);
        aucPrTrapezoidal.push_back(score.aucPrTrapezoid);
        mccs.push_back(score.mcc);
        cv.folds.push_back(score);
        cv.epochs.push_back(results[i].epochs);

        double positives = 0.0;
        for (const std::size_t k : folds[i].training)
            positives += dataset.samples[k].isSuperionic ? 1.0 : 0.0;
        const std::vector<double> constant(p.size(), positives / double(folds[i].training.size()));
        meanAucPr.push_back(averagePrecision(constant, labels));
        meanMcc.push_back(mcc(confusion(constant, labels)));
        shuffledAucPr.push_back(averagePrecision(control, labels));
        shuffledMcc.push_back(mcc(confusion(control, labels)));

        for (std::size_t k = 0; k < p.size(); ++k)
            cv.predictions.push_back({dataset.samples[folds[i].validation[k]].id, int(i), p[k], labels[k]});
    }
    cv.aucPr = meanSd(aucPr);
    cv.aucPrTrapezoid = meanSd(aucPrTrapezoidal);
    cv.mcc = meanSd(mccs);
    cv.meanControl = {meanSd(meanAucPr).mean, meanSd(meanMcc).mean};
    cv.shuffledControl = {meanSd(shuffledAucPr).mean, meanSd(shuffledMcc).mean};
    return cv;
}

}
