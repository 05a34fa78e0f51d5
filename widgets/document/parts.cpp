// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/document/parts.h"

#include "engine/core/csv.h"
#include "engine/project/entries_csv.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace widgets {

namespace {

std::optional<engine::Entry> entryOf(const engine::Project &project, const std::string &id)
{
    const auto *entry = project.database.find(id);
    return entry ? std::optional(*entry) : std::nullopt;
}

std::optional<std::string> structureOf(const engine::Project &project, const std::string &name)
{
    const auto found = project.structures.find(name);
    return found == project.structures.end() ? std::nullopt : std::optional(found->second);
}

bool isSame(const engine::Project &project, const std::string &name, const engine::Ensemble *ensemble)
{
    const auto found = project.ensembles.find(name);
    return found == project.ensembles.end() && !ensemble; // two ensembles are not compared: they are only ever replaced
}

// One pass over both sorted lists: an import brings as many entries as there are.
void applyEntries(std::vector<engine::Entry> &entries, const std::map<std::string, std::optional<engine::Entry>> &parts)
{
    std::vector<engine::Entry> result;
    result.reserve(entries.size() + parts.size());
    auto old = entries.begin();
    for (const auto &[id, entry] : parts) {
        while (old != entries.end() && old->id < id)
            result.push_back(std::move(*old++));
        if (old != entries.end() && old->id == id)
            ++old;
        if (entry)
            result.push_back(*entry);
    }
    std::move(old, entries.end(), std::back_inserter(result));
    entries = std::move(result);
}

}

bool Parts::isEmpty() const
{
    return entries.empty() && structures.empty() && ensembles.empty() && !title && !threshold_S_cm;
}

void apply(engine::Project &project, const Parts &parts)
{
    if (!parts.entries.empty())
        applyEntries(project.database.entries, parts.entries);
    for (const auto &[name, bytes] : parts.structures) {
        if (bytes)
            project.structures[name] = *bytes;
        else
            project.structures.erase(name);
    }
    for (const auto &[name, ensemble] : parts.ensembles) {
        if (ensemble)
            project.ensembles[name] = *ensemble;
        else
            project.ensembles.erase(name);
    }
    if (parts.title)
        project.title = *parts.title;
    if (parts.threshold_S_cm)
        project.threshold_S_cm = *parts.threshold_S_cm;
}

Parts sameParts(const engine::Project &project, const Parts &parts)
{
    Parts same;
    for (const auto &[id, unused] : parts.entries)
        same.entries[id] = entryOf(project, id);
    for (const auto &[name, unused] : parts.structures)
        same.structures[name] = structureOf(project, name);
    for (const auto &[name, unused] : parts.ensembles) {
        const auto found = project.ensembles.find(name);
        same.ensembles[name] =
            found == project.ensembles.end() ? nullptr : std::make_shared<const engine::Ensemble>(found->second);
    }
    if (parts.title)
        same.title = project.title;
    if (parts.threshold_S_cm)
        same.threshold_S_cm = project.threshold_S_cm;
    return same;
}

Change changeBy(const engine::Project &project, const Parts &parts)
{
    Change change;
    std::set<std::string> changed;
    for (const auto &[id, entry] : parts.entries) {
        const auto *old = project.database.find(id);
        if (!old && entry)
            change.added.push_back(id);
        else if (old && !entry)
            change.removed.push_back(id);
        else if (old && *old != *entry)
            changed.insert(id);
    }
    if (!parts.structures.empty())
        for (const auto &entry : project.database.entries) {
            const auto structure = parts.structures.find(entry.structureFile);
            const auto part = parts.entries.find(entry.id);
            if (structure != parts.structures.end() && structure->second != structureOf(project, entry.structureFile) &&
                (part == parts.entries.end() || part->second))
                changed.insert(entry.id);
        }
    change.changed.assign(changed.begin(), changed.end());
    for (const auto &[name, ensemble] : parts.ensembles)
        if (!isSame(project, name, ensemble.get()))
            change.ensembles.push_back(name);
    change.settings = (parts.title && *parts.title != project.title) ||
                      (parts.threshold_S_cm && *parts.threshold_S_cm != project.threshold_S_cm);
    return change;
}

Parts differing(const engine::Project &project, const Parts &parts)
{
    Parts result = parts;
    std::erase_if(result.entries, [&](const auto &part) { return part.second == entryOf(project, part.first); });
    std::erase_if(result.structures, [&](const auto &part) { return part.second == structureOf(project, part.first); });
    std::erase_if(result.ensembles, [&](const auto &part) { return isSame(project, part.first, part.second.get()); });
    if (parts.title == project.title)
        result.title.reset();
    if (parts.threshold_S_cm == project.threshold_S_cm)
        result.threshold_S_cm.reset();
    return result;
}

void merge(Parts &earlier, const Parts &later)
{
    for (const auto &[id, entry] : later.entries)
        earlier.entries.insert_or_assign(id, entry);
    for (const auto &[name, bytes] : later.structures)
        earlier.structures.insert_or_assign(name, bytes);
    for (const auto &[name, ensemble] : later.ensembles)
        earlier.ensembles.insert_or_assign(name, ensemble);
    if (later.title)
        earlier.title = later.title;
    if (later.threshold_S_cm)
        earlier.threshold_S_cm = later.threshold_S_cm;
}

void checkThatItCanBeSaved(const engine::Project &project, const Parts &parts)
{
    engine::Database written;
    for (const auto &[id, entry] : parts.entries) {
        if (!entry)
            continue;
        written.add(*entry);
        const auto &name = entry->structureFile;
        const auto part = parts.structures.find(name);
        const bool isThere =
            part == parts.structures.end() ? project.structures.contains(name) : part->second.has_value();
        if (!name.empty() && !isThere)
            throw engine::Error("entry " + id + " names structures/" + name + ", which is not there");
    }
    engine::readEntries(engine::writeEntries(written), "entries.csv"); // an energy that is no number, say
    for (const auto &[name, bytes] : parts.structures)
        if (name.empty() || name.find('/') != name.npos)
            throw engine::Error("a structure file cannot be named \"" + name + "\"");
    for (const auto &[name, ensemble] : parts.ensembles)
        if (name.empty() || name.find('/') != name.npos)
            throw engine::Error("an ensemble cannot be named \"" + name + "\"");
    if (parts.threshold_S_cm && !(std::isfinite(*parts.threshold_S_cm) && *parts.threshold_S_cm > 0))
        throw engine::Error("the threshold must be above 0 S/cm");
}

std::vector<FieldChange> fieldChanges(const engine::Entry &before, const engine::Entry &after)
{
    std::vector<FieldChange> changes;
    const auto rowOf = [](engine::Entry entry) {
        entry.extra.clear();
        return engine::readCsv(engine::writeEntries({.entries = {entry}}), "entries.csv", ',');
    };
    const auto old = rowOf(before), now = rowOf(after);
    for (std::size_t i = 0; i < old.header.size(); ++i)
        if (old.rows[0][i] != now.rows[0][i])
            changes.push_back({old.header[i], old.rows[0][i], now.rows[0][i]});
    const auto textOf = [](const engine::Entry &entry, const std::string &name) {
        const auto found = entry.extra.find(name);
        return found == entry.extra.end() ? std::string() : found->second;
    };
    std::set<std::string> names;
    for (const auto *entry : {&before, &after})
        for (const auto &[name, text] : entry->extra)
            names.insert(name);
    for (const auto &name : names)
        if (before.extra.contains(name) != after.extra.contains(name) || textOf(before, name) != textOf(after, name))
            changes.push_back({"extra." + name, textOf(before, name), textOf(after, name)});
    return changes;
}

}
