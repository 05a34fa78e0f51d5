// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/screening/rank.h"

#include "engine/core/text.h"
#include "engine/crystal/composition.h"
#include "engine/crystal/element.h"

#include <algorithm>
#include <tuple>

namespace engine {

namespace {

std::vector<std::string> reasonsAgainst(const Candidate &c, const RankOptions &options,
                                        const std::vector<int> &excludedZ)
{
    std::vector<std::string> reasons;
    if (options.containsLithium && !c.hasLithium)
        reasons.push_back("contains no lithium");
    if (c.prediction.p < options.minimumP)
        reasons.push_back("P " + fixed(c.prediction.p, 3) + " below " + shortest(options.minimumP));
    if (options.minimumBandGap_eV > 0) {
        if (!c.bandGap_eV)
            reasons.push_back("band gap unknown");
        else if (*c.bandGap_eV < options.minimumBandGap_eV)
            reasons.push_back("band gap " + fixed(*c.bandGap_eV, 2) + " eV below " +
                              shortest(options.minimumBandGap_eV) + " eV");
    }
    if (options.novelOnly && !c.isNovel)
        reasons.push_back("composition is in the training data");
    if (options.excludeIntermetallics && c.isIntermetallic)
        reasons.push_back("intermetallic");
    if (!excludedZ.empty()) {
        const Composition composition = parseFormula(c.formula);
        for (const int Z : excludedZ)
            if (composition.contains(Z))
                reasons.push_back("contains " + symbolOf(Z));
    }
    return reasons;
}

}

Ranking rank(std::vector<Candidate> candidates, const RankOptions &options)
{
    std::vector<int> excludedZ;
    for (const std::string &symbol : options.excludedElements) {
        const auto Z = atomicNumber(symbol);
        if (!Z)
            throw Error("\"" + symbol + "\" is no element; give symbols such as Tl");
        excludedZ.push_back(*Z);
    }
    std::stable_sort(candidates.begin(), candidates.end(), [](const Candidate &a, const Candidate &b) {
        return std::tie(b.prediction.p, a.prediction.sd, a.dTraining, a.id) <
               std::tie(a.prediction.p, b.prediction.sd, b.dTraining, b.id);
    });
    Ranking ranking;
    for (Candidate &c : candidates) {
        const std::vector<std::string> reasons = reasonsAgainst(c, options, excludedZ);
        if (reasons.empty())
            ranking.candidates.push_back(std::move(c));
        else
            ranking.excluded.push_back({std::move(c), joined(reasons, "; ")});
    }
    return ranking;
}

}
