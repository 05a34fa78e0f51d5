// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/progress.h"
#include "engine/learning/ensemble.h"
#include "engine/learning/pretraining.h"

#include <string>
#include <vector>

namespace engine {

/// A classifier trained on a computed property (metal or not) of many crystals, so that training on few conductivities can start
/// from its weights (Chen and Ong, npj Comput. Mater. 7, 173 (2021)).
struct ClassifierPretraining {
    Ensemble ensemble; ///< of one member; without ids, formulas and means of the thousands it was trained on
    int trainingSamples = 0;
    HeldOutError testSystems, testRandom;
};

/// Trains one model on the samples that splitBySystem does not hold out; `systems` has the chemical system of every sample, and a
/// sample's isSuperionic is the class to learn. A stop throws Cancelled. Throws Error as trainEnsemble does, and when a part is empty.
ClassifierPretraining pretrainClassifier(const Dataset &dataset, const std::vector<std::string> &systems,
                                         const TrainingOptions &training, const PretrainingOptions &split,
                                         const Progress &progress);

}
