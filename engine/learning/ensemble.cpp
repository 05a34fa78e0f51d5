// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/learning/ensemble.h"

#include "engine/core/error.h"
#include "engine/core/parallel.h"
#include "engine/learning/epoch_progress.h"
#include "engine/learning/models.h"

#include <algorithm>

namespace engine {

namespace {
// What is drawn from a member's generator.
enum Draws { InitialWeights, Training };

/// Structures per piece of parallel work in predicting.
constexpr std::size_t predictionPiece = 512;

/// Trains all members that are not done, and sorts the result into what is kept and what is left.
void trainMembers(const Dataset &dataset, Ensemble &ensemble, std::vector<Checkpoint> states, const Progress &progress,
                  const Weights *start)
{
    const TrainingOptions &options = ensemble.training;
    const Batch training = makeBatch(dataset, options.perSite);
    ensemble.trainingMeans = meanRows(training);
    EpochProgress epochs(progress, states.size(), options.epochs);

    const auto trainMember = [&](std::size_t i) {
        Checkpoint &state = states[i];
        if (progress.stopRequested() && state.epoch < options.epochs)
            return;
        long reported = state.epoch;
        epochs.add(reported);
        if (state.epoch < options.epochs) {
            const Rng rng = Rng(ensemble.seed).split(i);
            const auto model = makeModel(options, int(training.X.cols()), rng.split(InitialWeights));
            if (start)
                model->setWeights(*start);
            TrainingRun run{.rng = rng.split(Training), .stop = progress.stop};
            const Checkpoint before = std::move(state);
            if (!before.weights.empty())
                run.resume = &before;
            run.onEpoch = [&](const EpochRecord &) {
                ++reported;
                epochs.add(1);
            };
            state = model->train(training, run);
        }
        if (state.epoch == options.epochs) {
            epochs.add(options.epochs - reported);
            state.optimizer.clear(); // only training on would need it
            state.bestWeights.clear();
        }
    };
    // A stop ends the trainings, not this function: what they came to is kept.
    parallelFor(states.size(), trainMember);

    const bool isComplete =
        std::all_of(states.begin(), states.end(), [&](const Checkpoint &c) { return c.epoch == options.epochs; });
    ensemble.members.clear();
    ensemble.unfinished.clear();
    for (Checkpoint &state : states) {
        if (isComplete)
            ensemble.members.push_back(std::move(state.weights));
        else if (state.epoch > 0)
            ensemble.members.push_back(state.weights);
    }
    if (ensemble.members.empty())
        throw Cancelled();
    if (!isComplete)
        ensemble.unfinished = std::move(states);
}
}

Ensemble trainEnsemble(const Dataset &dataset, int members, const TrainingOptions &options, std::uint64_t seed,
                       const Progress &progress, const Weights *start)
{
    check(options);
    if (members < 1)
        throw Error("the number of members must be at least 1, not " + std::to_string(members));
    Ensemble ensemble{.training = options, .seed = seed};
    for (const Sample &sample : dataset.samples)
        ensemble.trainingIds.push_back(sample.id);
    trainMembers(dataset, ensemble, std::vector<Checkpoint>(members), progress, start);
    return ensemble;
}

Ensemble resumeEnsemble(const Dataset &dataset, const Ensemble &stopped, const Progress &progress, const Weights *start)
{
    const bool isSame =
        std::equal(dataset.samples.begin(), dataset.samples.end(), stopped.trainingIds.begin(),
                   stopped.trainingIds.end(), [](const Sample &s, const std::string &id) { return s.id == id; });
    if (!isSame)
        throw Error("training can only go on with the samples that it began with");
    Ensemble ensemble = stopped;
    if (!stopped.unfinished.empty())
        trainMembers(dataset, ensemble, stopped.unfinished, progress, start);
    return ensemble;
}

Matrix memberProbabilities(const Ensemble &ensemble, const std::vector<AtomFeatures> &features,
                           const Progress &progress)
{
    const std::size_t members = ensemble.members.size();
    if (members == 0)
        throw Error("the ensemble has no members; train it first");
    Matrix p(features.size(), members);
    const std::size_t pieces = (features.size() + predictionPiece - 1) / predictionPiece;
    const auto predictPiece = [&](std::size_t item) {
        const std::size_t piece = item / members, member = item % members, first = piece * predictionPiece;
        const std::size_t n = std::min(predictionPiece, features.size() - first);
        const auto model = makeModel(ensemble.training, ensemble.members[member]);
        const Batch batch = makeBatch(std::span(features).subspan(first, n));
        const auto width = ensemble.members[member].front().array.rows();
        if (batch.X.cols() != width)
            throw Error("the structures have " + std::to_string(batch.X.cols()) +
                        " features per atom, the ensemble was trained on " + std::to_string(width) +
                        "; featurize them with its options");
        p.col(Eigen::Index(member)).segment(Eigen::Index(first), Eigen::Index(n)) = model->predict(batch);
    };
    parallelFor(pieces * members, predictPiece, progress, "Predicting");
    return p;
}

std::vector<Prediction> predictionsFrom(const Matrix &memberProbabilities)
{
    std::vector<Prediction> predictions(memberProbabilities.rows());
    for (Eigen::Index i = 0; i < memberProbabilities.rows(); ++i) {
        const auto row = memberProbabilities.row(i);
        const MeanSd p = meanSd(std::vector<double>(row.begin(), row.end()));
        predictions[i] = {p.mean, p.sd};
    }
    return predictions;
}

std::vector<Prediction> predict(const Ensemble &ensemble, const std::vector<AtomFeatures> &features,
                                const Progress &progress)
{
    return predictionsFrom(memberProbabilities(ensemble, features, progress));
}

RowVector meanRow(const AtomFeatures &features)
{
    return meanRows(makeBatch(std::span(&features, 1))).row(0);
}

}
