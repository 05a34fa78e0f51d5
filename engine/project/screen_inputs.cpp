// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/project/screen_inputs.h"

#include "engine/core/csv.h"
#include "engine/core/text.h"
#include "engine/crystal/composition.h"
#include "engine/crystal/element.h"
#include "engine/project/structures.h"

#include <algorithm>
#include <iterator>

namespace engine {

namespace {

// Enough to keep all cores busy, little enough to report progress and to hold in memory.
constexpr std::size_t batchSize = 64;

std::vector<int> atomicNumbers(const std::vector<std::string> &symbols)
{
    std::vector<int> numbers;
    for (const std::string &symbol : symbols) {
        const auto Z = atomicNumber(symbol);
        if (!Z)
            throw Error("\"" + symbol + "\" is no element; give symbols such as Li");
        numbers.push_back(*Z);
    }
    return numbers;
}

}

PropertyTable readProperties(const std::filesystem::path &path, const std::vector<std::string> &columns)
{
    const std::string name = path.filename().string();
    std::string text = readFile(path);
    if (!columns.empty())
        text = joined(columns, ",") + "\n" + text;
    const Csv table = readCsv(text, name);
    const std::size_t id = table.column("id", name);
    PropertyTable properties;
    for (const auto &row : table.rows)
        for (std::size_t c = 0; c < row.size(); ++c)
            if (c != id && table.header[c] != "_" && !row[c].empty())
                properties[row[id]][table.header[c]] = row[c];
    return properties;
}

Screening screenInputs(const std::vector<std::filesystem::path> &inputs, const Screener &screener,
                       const InputOptions &options, const PropertyTable &properties, const Progress &progress)
{
    const std::vector<int> wanted = atomicNumbers(options.containing);
    Screening all;
    std::vector<Structure> batch;
    std::size_t taken = 0;

    // Nobody knows how many structures there are until all are read; with a limit, the share of it is known.
    double fraction = 0;
    Progress reading{{}, progress.stop};
    if (options.limit == 0)
        reading.report = [&](double f, std::string_view) { fraction = f; };
    const auto screenBatch = [&] {
        if (options.limit > 0)
            fraction = double(taken) / double(options.limit);
        progress.at(std::min(fraction, 1.0), "Screening");
        Screening part = screener.screen(batch, {{}, progress.stop});
        std::move(part.candidates.begin(), part.candidates.end(), std::back_inserter(all.candidates));
        std::move(part.rejects.begin(), part.rejects.end(), std::back_inserter(all.rejects));
        batch.clear();
    };
    const auto take = [&](Structure s) {
        const Composition composition = compositionOf(s);
        if (!std::all_of(wanted.begin(), wanted.end(), [&](int Z) { return composition.contains(Z); }))
            return;
        if (const auto more = properties.find(s.id); more != properties.end())
            s.properties.insert(more->second.begin(), more->second.end());
        ++taken;
        batch.push_back(std::move(s));
        if (batch.size() == batchSize)
            screenBatch();
    };

    struct Enough {};
    try {
        forEachStructure(
            inputs,
            [&](ReadResult read) {
                for (Structure &s : read.structures) {
                    if (options.limit > 0 && taken == options.limit)
                        throw Enough();
                    take(std::move(s));
                }
                std::move(read.rejects.begin(), read.rejects.end(), std::back_inserter(all.rejects));
                if (options.limit > 0 && taken == options.limit)
                    throw Enough();
            },
            reading);
    } catch (const Enough &) {
        // the limit is reached: the rest need not be read
    }
    screenBatch();
    progress.at(1, "Screening");
    return all;
}

}
