// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/inputs.h"

#include "engine/project/structures.h"

namespace cli {

using namespace engine;

Inputs readInputs(const std::vector<std::string> &paths, const Progress &progress)
{
    Inputs inputs;
    forEachStructure(
        {paths.begin(), paths.end()},
        [&](ReadResult read) {
            for (Structure &s : read.structures)
                inputs.structures.push_back(std::move(s));
            for (Reject &r : read.rejects)
                inputs.rejects.push_back(std::move(r));
        },
        progress);
    return inputs;
}

}
