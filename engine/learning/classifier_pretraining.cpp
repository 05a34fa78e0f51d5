// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/learning/classifier_pretraining.h"

#include <algorithm>

namespace engine {

namespace {

HeldOutError scoreOn(const Ensemble &ensemble, const Dataset &part)
{
    std::vector<AtomFeatures> features;
    for (const Sample &s : part.samples)
        features.push_back(s.features);
    std::vector<double> scores;
    std::vector<bool> labels;
    for (const Prediction &p : predict(ensemble, features))
        scores.push_back(p.p);
    for (const Sample &s : part.samples)
        labels.push_back(s.isSuperionic);
    const Confusion c = confusion(scores, labels);
    const auto share = [](int right, int all) { return all > 0 ? double(right) / all : 0.0; };
    return {.n = int(part.size()),
            .accuracy = share(c.tp + c.tn, int(part.size())),
            .accuracyOfZeros = share(c.tn, c.tn + c.fp),
            .accuracyOfOnes = share(c.tp, c.tp + c.fn)};
}

}

ClassifierPretraining pretrainClassifier(const Dataset &dataset, const std::vector<std::string> &systems,
                                         const TrainingOptions &training, const PretrainingOptions &options,
                                         const Progress &progress)
{
    const PretrainingSplit split = splitBySystem(systems, options);
    // No epoch is chosen, so nothing need be kept to choose it by.
    std::vector<std::size_t> known = split.training;
    known.insert(known.end(), split.validation.begin(), split.validation.end());
    std::ranges::sort(known);

    ClassifierPretraining result;
    result.trainingSamples = int(known.size());
    result.ensemble = trainEnsemble(dataset.subset(known), 1, training, options.seed, progress);
    progress.at(1, "Judging"); // half a training is of no use to anybody
    result.ensemble.trainingIds.clear();
    result.ensemble.trainingMeans.resize(0, 0);
    result.testSystems = scoreOn(result.ensemble, dataset.subset(split.testSystems));
    result.testRandom = scoreOn(result.ensemble, dataset.subset(split.testRandom));
    return result;
}

}
