// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/database/database.h"

#include <algorithm>
#include <set>

namespace engine {

Summary summarise(const Database &database, double threshold_S_cm,
                  const std::function<const Structure *(const Entry &)> &structureOf)
{
    Summary summary{.threshold_S_cm = threshold_S_cm};
    std::set<int> groups, groupsWithStructure;
    for (const auto &entry : database.entries) {
        if (entry.status == Status::Excluded)
            continue;
        ++summary.values;
        if (entry.status == Status::Superseded)
            continue;
        ++summary.unique;
        const bool positive = isSuperionic(entry, threshold_S_cm);
        ++(positive ? summary.positive : summary.negative);
        if (entry.spaceGroupNumber > 0)
            groups.insert(entry.spaceGroupNumber);
        const double sigma_S_cm = entry.measurement.sigma_S_cm;
        if (entry.measurement.isUpperBound) {
            ++summary.upperBounds;
        } else {
            const bool first = summary.sigmaMax_S_cm == 0;
            summary.sigmaMin_S_cm = first ? sigma_S_cm : std::min(summary.sigmaMin_S_cm, sigma_S_cm);
            summary.sigmaMax_S_cm = std::max(summary.sigmaMax_S_cm, sigma_S_cm);
        }
        if (entry.structureFile.empty())
            continue;
        ++summary.withStructure;
        summary.positiveWithStructure += positive;
        if (entry.spaceGroupNumber > 0)
            groupsWithStructure.insert(entry.spaceGroupNumber);
        if (const auto *structure = structureOf(entry))
            ++(structure->isOrdered() ? summary.ordered : summary.disordered);
    }
    summary.spaceGroups = int(groups.size());
    summary.spaceGroupsWithStructure = int(groupsWithStructure.size());
    return summary;
}

}
