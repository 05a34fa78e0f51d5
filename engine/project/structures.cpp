// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/project/structures.h"

#include "engine/core/parallel.h"
#include "engine/project/archive.h"

#include <set>

namespace engine {

namespace {
constexpr std::size_t largestBatch = 64;
constexpr std::size_t largestBatch_B = std::size_t(64) << 20;

// Files come one by one and are read some dozens at a time, on all cores; results leave in the order of the files.
class Batches {
public:
    Batches(const std::function<void(ReadResult)> &visit, const Progress &progress, const ReadOptions &options)
        : m_visit(visit), m_progress{{}, progress.stop}, m_options(options)
    {
    }

    void add(File file)
    {
        m_bytes += file.bytes.size();
        m_files.push_back(std::move(file));
        if (m_files.size() >= largestBatch || m_bytes >= largestBatch_B)
            flush();
    }

    void flush()
    {
        const auto files = std::exchange(m_files, {});
        m_bytes = 0;
        std::vector<ReadResult> results(files.size());
        parallelFor(
            files.size(), [&](std::size_t i) { results[i] = readStructures(files[i], m_options); }, m_progress);
        for (auto &result : results)
            pass(std::move(result));
    }

    void pass(ReadResult result)
    {
        for (auto &structure : result.structures)
            structure.id = unique(structure.id);
        m_visit(std::move(result));
    }

private:
    std::string unique(const std::string &id)
    {
        auto candidate = id;
        while (!m_ids.insert(candidate).second)
            candidate = id + "~" + std::to_string(++m_repeats.try_emplace(id, 1).first->second);
        return candidate;
    }

    const std::function<void(ReadResult)> &m_visit;
    Progress m_progress;
    ReadOptions m_options;
    std::vector<File> m_files;
    std::size_t m_bytes = 0;
    std::set<std::string> m_ids;
    std::map<std::string, int> m_repeats; // the last number given, so that a thousand equal ids take a thousand steps
};

void passProject(const std::filesystem::path &path, Batches &batches, const Progress &progress,
                 const ReadOptions &options)
{
    auto read = readProjectStructures(openProject(path), progress, options);
    for (auto &structure : read.structures) {
        ReadResult result;
        result.structures.push_back(std::move(structure));
        batches.pass(std::move(result));
    }
    if (!read.rejects.empty())
        batches.pass({{}, std::move(read.rejects)});
}
}

ProjectStructures readProjectStructures(const Project &project, const Progress &progress, const ReadOptions &options)
{
    const auto &entries = project.database.entries;
    std::vector<ReadResult> results(entries.size());
    parallelFor(
        entries.size(),
        [&](std::size_t i) {
            const auto file = project.structures.find(entries[i].structureFile);
            if (file != project.structures.end())
                results[i] = readStructures({file->first, file->second}, options);
        },
        progress, "Reading structures");

    ProjectStructures read;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        auto &[structures, rejects] = results[i];
        if (structures.empty()) {
            for (auto &reject : rejects)
                read.rejects.push_back({entries[i].id, std::move(reject.reason)});
            continue;
        }
        auto &first = structures.front();
        if (structures.size() > 1)
            first.warnings.push_back({"its file holds " + std::to_string(structures.size()) +
                                      " structures; this is the first, " + first.id});
        first.id = entries[i].id;
        read.structures.push_back(std::move(first));
    }
    return read;
}

void forEachStructure(const std::vector<std::filesystem::path> &inputs, const std::function<void(ReadResult)> &visit,
                      const Progress &progress, const ReadOptions &options)
{
    Batches batches(visit, progress, options);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const auto &input = inputs[i];
        const auto part = progress.part(double(i) / double(inputs.size()), double(i + 1) / double(inputs.size()));
        if (isProject(input)) {
            batches.flush();
            passProject(input, batches, part, options);
            continue;
        }
        // "data.txt" may be a CIF; a path that is no folder or zip comes back under its own name.
        const auto ownName = input.filename().string();
        bool any = false;
        visitFiles(
            input,
            [&](File file) {
                any = true;
                batches.add(std::move(file));
            },
            part, [&](std::string_view name) { return name == ownName || looksLikeStructure(name); },
            [&](Reject reject) {
                any = true;
                batches.flush(); // keeps the order
                batches.pass({{}, {std::move(reject)}});
            });
        if (!any)
            throw Error(input.string() + ": holds no structure file; CIF, JSON and POSCAR are read");
    }
    batches.flush();
}

}
