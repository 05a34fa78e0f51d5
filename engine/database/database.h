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

    const Entry *find(std::string_view id) const;
    /// Throws Error when an entry of that id exists or the entry is incomplete (no id, σ not positive).
    void add(Entry entry);
    bool operator==(const Database &) const = default;
};

/// The paper's Table 1, and the counts behind it.
struct Summary {
    int values = 0;          ///< entries with a conductivity, excluded ones left out
    int withStructure = 0;
    int unique = 0;          ///< not superseded as duplicates
    int spaceGroups = 0;     ///< distinct numbers
    int ordered = 0, disordered = 0; ///< of the structures that could be read
    int positive = 0, negative = 0;
    int upperBounds = 0;
    double threshold_S_cm = 1e-4;
    double sigmaMin_S_cm = 0, sigmaMax_S_cm = 0;
};

/// structureOf gives an entry's structure, or null when it has none that can be read.
Summary summarise(const Database &database, double threshold_S_cm,
                  const std::function<const Structure *(const Entry &)> &structureOf);

}
