// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/learning/dataset.h"

#include <algorithm>

namespace engine {

std::size_t Dataset::positives() const
{
    return std::size_t(std::count_if(samples.begin(), samples.end(), [](const Sample &s) { return s.isSuperionic; }));
}

Dataset Dataset::subset(const std::vector<std::size_t> &indices) const
{
    Dataset part;
    part.samples.reserve(indices.size());
    for (const std::size_t i : indices)
        part.samples.push_back(samples.at(i));
    return part;
}

}
