// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/options.h"
#include "engine/project/screen_inputs.h"
#include "engine/screening/rank.h"

#include <string>
#include <vector>

namespace cli {

/// What screen and run share.
struct ScreenFlags {
    engine::ScreenOptions screening;
    engine::InputOptions inputs;
    std::string bandGapModel, metalModel, propertiesFile;
    std::vector<std::string> propertyColumns;

    void declare(Options &options);
    engine::PropertyTable properties() const;
};

/// What rank and run share.
struct RankFlags {
    engine::RankOptions ranking; ///< complete after parsing
    bool includeKnown = false, includeIntermetallics = false, includeWithoutLithium = false;

    void declare(Options &options);
};

}
