// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/files.h"
#include "engine/core/progress.h"
#include "engine/database/database.h"

#include <map>
#include <string>
#include <vector>

namespace engine {

/// What an importer made of its sources.
struct Import {
    Database database;
    std::map<std::string, std::string> structures; ///< file name under structures/ → bytes, verbatim
    std::vector<Reject> rejects;                   ///< rows and files that could not be used, with the reason
};

/// Which column of a CSV is what; an empty name means none. Used by the "csv" format.
struct ColumnMap {
    std::string id = "id", formula = "formula", sigma = "sigma_S_cm", doi = "doi", spaceGroup = "space_group",
                temperature = "", lowestTemperature = "", ea = "", icsd = "icsd", family = "family", structure = "structure";
    std::string sigmaUnit = "S/cm"; ///< "S/cm", "mS/cm", "S/m", or "log10(S/cm)"
};

/// One row of the table of importers. The sources are the given files, folders and archives, already opened into files.
struct Importer {
    std::string name;        ///< "obelix"
    std::string description; ///< for help and the import dialog
    bool (*recognises)(const std::vector<File> &sources);
    Import (*read)(const std::vector<File> &sources, const ColumnMap &columns, const Progress &progress);
};

/// obelix, mchaffie, laskowski, liverpool, csv.
const std::vector<Importer> &importers();

/// By name, or, for an empty name, the first that recognises the sources. Throws Error that lists the formats.
const Importer &importerFor(const std::string &name, const std::vector<File> &sources);

/// A conductivity as tables write it: "1.2e-4", "<1E-10", "1.30E-10" with a combining overline. Nothing when it is none.
struct ConductivityText {
    double value;
    bool isUpperBound;
};
std::optional<ConductivityText> parseConductivity(std::string_view text);

}
