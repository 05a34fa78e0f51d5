// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/project/project_data.h"

#include "engine/crystal/composition.h"
#include "engine/project/structures.h"

#include <cmath>
#include <map>

namespace engine {

bool counts(const Entry &entry)
{
    return entry.status != Status::Excluded && entry.status != Status::Superseded;
}

ProjectData projectData(const Project &project, const Megnet &parent, const FeatureOptions &options,
                        const Progress &progress)
{
    ProjectData data;
    ProjectStructures read = readProjectStructures(project, progress.part(0, 0.3));
    data.rejects = std::move(read.rejects);
    std::map<std::string, const Structure *> structureOf;
    for (const Structure &s : read.structures)
        structureOf[s.id] = &s;
    const auto find = [&](const Entry &e) -> const Structure * {
        const auto found = structureOf.find(e.id);
        return found == structureOf.end() ? nullptr : found->second;
    };
    data.summary = summarise(project.database, project.threshold_S_cm, find);

    std::map<std::string, const Entry *> entryOf;
    std::vector<Structure> wanted;
    for (const Entry &e : project.database.entries) {
        if (!counts(e))
            continue;
        ShownEntry shown{
            e.id, e.formula, std::log10(e.measurement.sigma_S_cm), e.measurement.isUpperBound, e.spaceGroupNumber, {}};
        if (const Structure *structure = find(e)) {
            shown.isOrdered = structure->isOrdered();
            if (shown.spaceGroupNumber == 0)
                shown.spaceGroupNumber = structure->spaceGroup.number;
            entryOf[e.id] = &e;
            wanted.push_back(*structure);
        }
        data.entries.push_back(std::move(shown));
    }

    FeaturizeResult result = featurizeAll(wanted, parent, options, progress.part(0.3, 1));
    data.rejects.insert(data.rejects.end(), result.rejects.begin(), result.rejects.end());
    for (Featurized &f : result.features) {
        const Entry &e = *entryOf.at(f.id);
        Dataset &part = e.partition == Partition::Test ? data.test : data.training;
        part.samples.push_back({f.id, std::move(f.features), isSuperionic(e, project.threshold_S_cm),
                                std::log10(e.measurement.sigma_S_cm)});
        if (e.partition == Partition::Training)
            data.trainingFormulas.push_back(formula(compositionOf(*structureOf.at(f.id))));
    }
    return data;
}

Ensemble trainOn(const ProjectData &data, const Megnet &parent, const FeatureOptions &features,
                 const TrainingOptions &training, int members, std::uint64_t seed, const Progress &progress,
                 const StartingWeights *start)
{
    Ensemble ensemble =
        trainEnsemble(data.training, members, training, seed, progress, start ? &start->weights : nullptr);
    if (start) {
        ensemble.startName = start->name;
        ensemble.startSha256 = start->sha256;
    }
    ensemble.parentSha256 = parent.sha256;
    ensemble.parentName = parent.name;
    ensemble.features = features;
    ensemble.trainingFormulas = data.trainingFormulas;
    return ensemble;
}

}
