// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/project/project.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace widgets {

/// Some parts of a project by their names, each with its value or with nothing where there is none. What an edit changes is two of
/// these with the same names: the values before and those after.
struct Parts {
    std::map<std::string, std::optional<engine::Entry>> entries;              ///< by id
    std::map<std::string, std::optional<std::string>> structures;             ///< by name under structures/
    std::map<std::string, std::shared_ptr<const engine::Ensemble>> ensembles; ///< null: none of that name
    std::optional<std::string> title;                                         ///< nothing: not a part of these
    std::optional<double> threshold_S_cm;                                     ///< the same

    bool isEmpty() const;
};

/// What changed in a project, for views that keep something of it.
struct Change {
    std::vector<std::string> added, changed,
        removed;                        ///< ids of entries, sorted; changed ones include those with a new structure
    std::vector<std::string> ensembles; ///< names, whatever happened to them
    bool settings = false;              ///< title or threshold
    bool everything = false;            ///< another project: the lists are empty

    bool operator==(const Change &) const = default;
};

/// The project with these parts. Checks nothing.
void apply(engine::Project &project, const Parts &parts);

/// The project's own values of the same parts.
Parts sameParts(const engine::Project &project, const Parts &parts);

/// What apply would change: parts that the project has already are left out.
Change changeBy(const engine::Project &project, const Parts &parts);
Parts differing(const engine::Project &project, const Parts &parts);

/// The later parts over the earlier ones.
void merge(Parts &earlier, const Parts &later);

/// Throws Error that names what a saved project could not hold: the errors of engine::check, an entry whose structure file is
/// not in the project, a name that is none, a threshold that is not above 0.
void checkThatItCanBeSaved(const engine::Project &project, const Parts &parts);

/// The columns of entries.csv in which two entries differ, with both values; "extra.<name>" for a column of the source.
struct FieldChange {
    std::string field, before, after;
};
std::vector<FieldChange> fieldChanges(const engine::Entry &before, const engine::Entry &after);

}
