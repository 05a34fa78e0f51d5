// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/learning/training_loop.h"

#include "engine/core/error.h"
#include "engine/nn/optimizer.h"

#include <cmath>
#include <limits>

namespace engine {

namespace {
/// Half-width of the learning rate's triangles: one cycle is 20 epochs (the published choice).
constexpr int scheduleEpochs = 10;

OptimizerOptions optimizerOptions(const TrainingOptions &options, std::size_t batches)
{
    return {.kind = options.optimizer == "lamb" ? OptimizerKind::Lamb : OptimizerKind::Adam,
            .learningRate = options.learningRate,
            .learningRateMax = options.learningRateMax,
            .scheduleHalfWidth = double(scheduleEpochs * batches),
            .weightDecay = options.weightDecay,
            .lookahead = options.lookahead};
}

Error diverged(int epoch)
{
    return Error("training diverged in epoch " + std::to_string(epoch) + ": choose a smaller learningRate");
}
}

void checkBothKinds(const Batch &training)
{
    const double positives = training.labels.sum();
    if (positives == 0.0 || positives == double(training.size()))
        throw Error("training needs superionic and other structures, but " +
                    (training.size() == 0 ? std::string("there are none")
                                          : "all " + std::to_string(training.size()) + " are " +
                                                (positives == 0.0 ? "not superionic" : "superionic")));
}

void scoreValidation(const Model &model, const Batch *validation, EpochRecord &record)
{
    record.aucPr = record.aucPrTrapezoid = record.mcc = std::numeric_limits<double>::quiet_NaN();
    if (!validation || validation->size() == 0)
        return;
    const Vector p = model.predict(*validation);
    if (!p.allFinite())
        throw diverged(record.epoch);
    const std::vector<double> scores(p.begin(), p.end());
    const std::vector<bool> labels(validation->labels.begin(), validation->labels.end());
    record.aucPr = averagePrecision(scores, labels);
    record.aucPrTrapezoid = aucPrTrapezoid(scores, labels);
    record.mcc = mcc(confusion(scores, labels));
}

Checkpoint trainInBatches(const Model &model, Weights &weights, const LossAndGradient &lossAndGradient,
                          const Batch &training, const TrainingOptions &options, const TrainingRun &run)
{
    checkBothKinds(training);
    const std::size_t n = training.size(), size = options.batchSize, batches = (n + size - 1) / size;
    Optimizer optimizer(optimizerOptions(options, batches), weights);
    Checkpoint state{.rng = run.rng.state()};
    if (run.resume) {
        checkSameShapes(run.resume->weights, weights);
        if (run.resume->batch < 0 || std::size_t(run.resume->batch) > batches || run.resume->bestEpoch < 0 ||
            std::size_t(run.resume->bestEpoch) > run.resume->history.size())
            throw Error("the checkpoint belongs to other training data");
        optimizer.setState(run.resume->optimizer);
        state = *run.resume;
        weights = state.weights;
    }

    const Rng rng = Rng::fromState(state.rng);
    Weights gradient = zerosLike(weights);
    Batch batch;
    while (state.epoch < options.epochs && !run.stop.stop_requested()) {
        Rng epochRng = rng.split(state.epoch);
        const std::vector<std::size_t> order = epochRng.permutation(n);
        for (; std::size_t(state.batch) < batches && !run.stop.stop_requested(); ++state.batch) {
            const std::size_t first = state.batch * size;
            gather(training, std::span(order).subspan(first, std::min(size, n - first)), batch);
            const double loss = lossAndGradient(batch, epochRng.split(state.batch), gradient);
            if (!std::isfinite(loss))
                throw diverged(state.epoch + 1);
            optimizer.step(weights, gradient);
            state.lossSum += loss;
        }
        if (std::size_t(state.batch) < batches)
            break;

        EpochRecord record{.epoch = ++state.epoch, .loss = state.lossSum / double(batches)};
        state.batch = 0;
        state.lossSum = 0.0;
        scoreValidation(model, run.validation, record);
        // Not ≤ rather than >, so that where precision is not a number the last epoch counts as the best.
        const bool isBest = state.bestEpoch == 0 || !(record.aucPr <= state.history[state.bestEpoch - 1].aucPr);
        state.history.push_back(record);
        if (isBest) {
            state.bestEpoch = state.epoch;
            if (run.validation)
                state.bestWeights = weights;
        }
        if (run.onEpoch)
            run.onEpoch(record);
    }
    state.weights = weights;
    state.optimizer = optimizer.state();
    if (!run.validation || state.bestEpoch == 0)
        state.bestWeights = weights;
    return state;
}

}
