// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/rng.h"
#include "widgets/document/document.h"

#include <string>

/// All of a project that undoing restores: the audit log only grows.
inline engine::Files dataOf(engine::Project project)
{
    project.audit.clear();
    return engine::projectToFiles(project);
}

inline engine::Entry simpleEntry(const std::string &id, double sigma_S_cm = 1e-4, const std::string &structure = {})
{
    engine::Entry entry;
    entry.id = id;
    entry.formula = "Li3N";
    entry.measurement.sigma_S_cm = sigma_S_cm;
    entry.structureFile = structure;
    return entry;
}

/// Three entries, two of which share a structure.
inline engine::Project smallProject()
{
    engine::Project project;
    project.title = "Small";
    project.structures = {{"shared.cif", "data_shared\n"}};
    project.database.entries = {simpleEntry("a", 1e-3, "shared.cif"), simpleEntry("b", 1e-5, "shared.cif"),
                                simpleEntry("c", 1e-8)};
    project.audit = {{"2025-01-31T12:00:00Z", "k", "a", "added", "\"why\", in two\nlines"}};
    return project;
}

inline engine::Ensemble smallEnsemble(double weight)
{
    engine::Ensemble ensemble;
    ensemble.parentName = "parent.hdf5";
    ensemble.parentSha256 = std::string(64, 'a');
    ensemble.members = {{{"dense_1/kernel", engine::Matrix::Constant(2, 3, weight)}}};
    ensemble.trainingIds = {"a"};
    ensemble.trainingFormulas = {"Li3N"};
    ensemble.trainingMeans = engine::Matrix::Constant(1, 4, weight);
    return ensemble;
}

/// One command of any kind. The same project and random state give the same command.
inline void randomEdit(widgets::Document &document, engine::Rng &rng)
{
    const auto project = document.snapshot();
    const auto &entries = project->database.entries;
    const std::string fresh = "n" + std::to_string(rng.next() % 1000000);
    const std::string one = entries.empty() ? "" : entries[rng.below(entries.size())].id;
    const std::string text = "say \"" + fresh + "\", \n μ";
    switch (one.empty() ? 0 : rng.below(12)) {
    case 0:
        return document.addEntries(
            {simpleEntry(fresh, 1e-6, fresh + ".cif"), simpleEntry(fresh + "-2", 0.1, fresh + ".cif")},
            {{fresh + ".cif", std::string("data\0\xff", 6) + fresh}}, "tested");
    case 1:
    case 2: {
        auto entry = *project->database.find(one);
        entry.measurement.sigma_S_cm *= 1 + 0.1 * rng.uniform();
        return document.editEntry(one, entry);
    }
    case 3: {
        auto entry = *project->database.find(one);
        entry.note = text;
        entry.extra["column, " + fresh] = text;
        entry.measurement.ea_eV = rng.normal();
        return document.editEntry(one, entry, text);
    }
    case 4: {
        auto entry = *project->database.find(one);
        entry.id = fresh;
        return document.editEntry(one, entry);
    }
    case 5:
        return document.removeEntries({one});
    case 6:
        return document.setPartition({one, entries.front().id},
                                     rng.below(2) ? engine::Partition::Test : engine::Partition::Training);
    case 7:
        return document.setStatus({one}, rng.below(2) ? engine::Status::Excluded : engine::Status::Verified, text);
    case 8:
        return document.setEnsemble(rng.below(2) ? "one" : "two", smallEnsemble(rng.normal()));
    case 9:
        if (!project->ensembles.empty())
            document.removeEnsemble(project->ensembles.begin()->first);
        return;
    case 10:
        return document.setTitle(text);
    default:
        return document.setThreshold(1e-4 * (1 + rng.uniform()));
    }
}
