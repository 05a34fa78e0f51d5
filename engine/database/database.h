// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/crystal/structure.h"
#include "engine/database/entry.h"

#include <functional>

namespace engine {

/// Entries by id, sorted.
struct Database {
    std::vector<Entry> entries;

    /// Null when there is none. Valid until the entries change.
    const Entry *find(std::string_view id) const;
    /// Throws Error when an entry of that id exists, and the errors of check(entry).
    void add(Entry entry);
    bool operator==(const Database &) const = default;
};

/// What Table 1 of McHaffie et al. tells of a database, and the counts behind it. Excluded entries count nowhere; superseded ones
/// (duplicates) only in `values`.
struct Summary {
    int values = 0;                   ///< conductivities
    int unique = 0;                   ///< not superseded
    int withStructure = 0;            ///< of the unique: with a structure file
    int spaceGroups = 0;              ///< distinct numbers among the unique
    int spaceGroupsWithStructure = 0; ///< distinct numbers among those with a structure file
    int ordered = 0, disordered = 0;  ///< of the structures that could be read
    int positive = 0, negative = 0;   ///< of the unique: superionic or not
    int positiveWithStructure = 0;
    int upperBounds = 0; ///< of the unique: only known to be below a value
    double threshold_S_cm = 1e-4;
    double sigmaMin_S_cm = 0, sigmaMax_S_cm = 0; ///< of the unique, bounds left out; 0 when there is none
    bool operator==(const Summary &) const = default;
};

/// structureOf gives an entry's structure, or null when it has none that can be read.
Summary summarise(const Database &database, double threshold_S_cm,
                  const std::function<const Structure *(const Entry &)> &structureOf);

}
