// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/database/importers.h"

#include "engine/core/text.h"
#include "engine/database/import_sources.h"

namespace engine {

const std::vector<Importer> &importers()
{
    // A McHaffie table may come with OBELiX beside it, for its structures, so it is asked first; "csv" would take any table.
    static const std::vector<Importer> table{
        {"mchaffie",
         "McHaffie et al. 2025: 571 conductivities by ICSD number; structures from OBELiX or ICSD files beside it",
         recognisesMcHaffie, readMcHaffie},
        {"obelix", "OBELiX (Therrien et al. 2025): all.csv or train.csv and test.csv, with the CIFs as folder or zip",
         recognisesObelix, readObelix},
        {"laskowski",
         "Laskowski et al. 2023: digitized_data_for_SSEs.csv, Semi-supervised_labels.csv and their OBELiX versions",
         recognisesLaskowski, readLaskowski},
        {"liverpool", "Liverpool (Hargreaves et al. 2023): LiIonDatabase.csv, rows at 15 to 35 °C", recognisesLiverpool,
         readLiverpool},
        {"csv", "Any table with a column of conductivities; a column map says what is where", recognisesCsv,
         readCsvTables},
    };
    return table;
}

const Importer &importerFor(const std::string &name, const std::vector<File> &sources)
{
    std::vector<std::string> names;
    for (const auto &importer : importers()) {
        if (name.empty() ? importer.recognises(sources) : importer.name == lowered(name))
            return importer;
        names.push_back(importer.name);
    }
    if (name.empty())
        throw Error("no source is a table in a known format; the formats are: " + joined(names, ", "));
    throw Error("\"" + name + "\" is no format of tables; the formats are: " + joined(names, ", "));
}

}
