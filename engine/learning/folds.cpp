// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/learning/folds.h"

#include "engine/core/error.h"

namespace engine {

std::vector<Fold> stratifiedKFold(const std::vector<bool> &labels, int k, Rng rng)
{
    if (k < 2)
        throw Error("the number of folds must be at least 2, not " + std::to_string(k));
    std::vector<std::size_t> positives, negatives;
    for (std::size_t i = 0; i < labels.size(); ++i)
        (labels[i] ? positives : negatives).push_back(i);
    for (const auto &[members, kind] : {std::pair(&positives, "positive"), std::pair(&negatives, "negative")})
        if (members->size() < std::size_t(k))
            throw Error("the data have " + std::to_string(members->size()) + " " + kind + " samples, too few for " +
                        std::to_string(k) + " folds");
    rng.shuffle(positives);
    rng.shuffle(negatives);

    // Dealt like cards, the negatives from where the positives ended, so that sizes differ by one at most.
    std::vector<int> foldOf(labels.size());
    std::size_t dealt = 0;
    for (const auto *members : {&positives, &negatives})
        for (const std::size_t i : *members)
            foldOf[i] = int(dealt++ % std::size_t(k));

    std::vector<Fold> folds(k);
    for (int f = 0; f < k; ++f) {
        folds[f].name = "fold " + std::to_string(f + 1);
        for (std::size_t i = 0; i < labels.size(); ++i)
            (foldOf[i] == f ? folds[f].validation : folds[f].training).push_back(i);
    }
    return folds;
}

}
