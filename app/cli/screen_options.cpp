// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/screen_options.h"

namespace cli {

void ScreenFlags::declare(Options &options)
{
    options.add("bandGapModel", bandGapModel,
                "MEGNet model that predicts band gaps which the input does not bring; left out: the one that comes "
                "with the program; none");
    options.add("metalModel", metalModel,
                "MEGNet classifier; what it calls a metal gets band gap 0; left out: the bundled one; none");
    options.add("limit", inputs.limit, "Stop after so many structures; 0: all");
    options.add("containing", inputs.containing, "Only structures with all of these elements, such as Li,O")
        ->delimiter(',');
    options.add("properties", propertiesFile, "CSV with further columns by id, such as band_gap");
    options
        .add("propertyColumns", propertyColumns,
             "Names for the columns of a CSV without a header, such as id,_,band_gap")
        ->delimiter(',');
    options.add("noveltyTolerance", screening.noveltyTolerance, "How near, in atomic fraction, is a known composition")
        ->check(CLI::Range(0.0, 1.0));
    options.add("strictIntermetallics", screening.strictIntermetallics,
                "Count borides, silicides, arsenides and antimonides as intermetallic");
}

engine::PropertyTable ScreenFlags::properties() const
{
    if (propertiesFile.empty())
        return {};
    return engine::readProperties(propertiesFile, propertyColumns);
}

void RankFlags::declare(Options &options)
{
    options.add("minimumP", ranking.minimumP, "Smallest probability")->check(CLI::Range(0.0, 1.0));
    options.add("minimumBandGap_eV", ranking.minimumBandGap_eV, "Smallest band gap in eV; 0: any, also unknown ones")
        ->check(CLI::Range(0.0, 100.0));
    options.add("includeKnown", includeKnown, "Keep compositions of the training data");
    options.add("includeIntermetallics", includeIntermetallics, "Keep intermetallics");
    options.add("includeWithoutLithium", includeWithoutLithium, "Keep compounds without lithium");
    options.add("excludedElements", ranking.excludedElements, "Leave out compounds with any of these, such as Tl,Hg")
        ->delimiter(',');
    options.whenParsed([this] {
        ranking.novelOnly = !includeKnown;
        ranking.excludeIntermetallics = !includeIntermetallics;
        ranking.containsLithium = !includeWithoutLithium;
    });
}

}
