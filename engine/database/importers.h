// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/files.h"
#include "engine/core/progress.h"
#include "engine/database/database.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace engine {

/// Conductivities of tables that give the temperature count as those at room temperature within this window.
inline constexpr double roomTemperatureMin_C = 15, roomTemperatureMax_C = 35;

/// What an importer made of its sources.
struct Import {
    Database database;
    std::map<std::string, std::string> structures; ///< file name under structures/ → bytes, verbatim
    std::vector<Reject> rejects; ///< rows ("all.csv:12") and files that could not be used, with the reason
};

/// Which column of a CSV is what; an empty name means none. Used by the "csv" format. The columns of id (if named) and σ must be
/// there, and every one whose name is not the default; columns without a meaning are kept in Entry::extra.
struct ColumnMap {
    std::string id = "id", ///< none: rows get the name of the file and their number, "table-0001"
        formula = "formula", sigma = "sigma_S_cm", doi = "doi",
                spaceGroup = "space_group", ///< number or symbol
        temperature = "",                   ///< of the value; rows away from room temperature are rejected
        lowestTemperature = "",             ///< K, of an extrapolation; "na" or nothing: measured
        ea = "",                            ///< eV
        icsd = "icsd", family = "family",
                structure = "structure"; ///< name of a file among the sources; without one, the id is its stem
    std::string sigmaUnit = "S/cm";      ///< "S/cm", "mS/cm", "S/m", or "log10(S/cm)"
    std::string temperatureUnit = "C";   ///< "C" or "K"
    bool operator==(const ColumnMap &) const = default;
};

/// One row of the table of importers. The sources are the given files, folders and archives, already opened into files.
struct Importer {
    std::string name;        ///< "obelix"
    std::string description; ///< for help and the import dialog
    bool (*recognises)(const std::vector<File> &sources);
    /// Goes on after a bad row, which becomes a Reject. Throws Error when no source is a table of this format, or a column is missing.
    Import (*read)(const std::vector<File> &sources, const ColumnMap &columns, const Progress &progress);
};

/// mchaffie, obelix, laskowski, liverpool, csv: in the order in which they are asked to recognise sources.
const std::vector<Importer> &importers();

/// By name, or, for an empty name, the first that recognises the sources. Throws Error that lists the formats.
const Importer &importerFor(const std::string &name, const std::vector<File> &sources);

/// A conductivity as tables write it: "1.2e-4", "<1E-10", "1.2E−4" with a typographic minus, "1.30E-10" with a combining
/// overline, "3 × 10^-5". Nothing when it is none.
struct ConductivityText {
    double value;
    bool isUpperBound;
    bool operator==(const ConductivityText &) const = default;
};
std::optional<ConductivityText> parseConductivity(std::string_view text);

}
