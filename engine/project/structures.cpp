// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/project/structures.h"
#include "engine/core/parallel.h"
#include "engine/project/archive.h"
namespace engine {
ProjectStructures readProjectStructures(const Project &project, const Progress &progress)
{
    std::vector<ReadResult> results(project.database.entries.size());
    parallelFor(results.size(), [&](std::size_t i) {
        const Entry &e = project.database.entries[i];
        if (auto f = project.structures.find(e.structureFile); f != project.structures.end())
            results[i] = readStructures({f->first, f->second});
    }, progress, "Reading structures");
    ProjectStructures out;
    for (std::size_t i = 0; i < results.size(); ++i) {
        for (auto &r : results[i].rejects) out.rejects.push_back({project.database.entries[i].id, r.reason});
        if (!results[i].structures.empty()) { out.structures.push_back(results[i].structures[0]); out.structures.back().id = project.database.entries[i].id; }
    }
    return out;
}
void forEachStructure(const std::vector<std::filesystem::path> &paths, const std::function<void(ReadResult)> &visit, const Progress &progress)
{
    for (const auto &p : paths)
        visitFiles(p, [&](File f) { visit(readStructures(f)); }, progress, looksLikeStructure);
}
}
