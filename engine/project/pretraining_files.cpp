// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/project/pretraining_files.h"

#include "engine/core/files.h"
#include "engine/core/npy.h"
#include "engine/core/parallel.h"
#include "engine/core/sha256.h"
#include "engine/core/text.h"
#include "engine/crystal/composition.h"
#include "engine/project/archive.h"
#include "engine/project/options_json.h"
#include "engine/project/structures.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <functional>

namespace engine {

namespace {
using Json = nlohmann::ordered_json;

constexpr std::size_t batchSize = 256;

struct NamedParameters {
    const char *name;
    Eigen::VectorXf PretrainingCheckpoint::*values;
};
constexpr NamedParameters arrays[] = {{"parameters.npy", &PretrainingCheckpoint::parameters},
                                      {"first_moment.npy", &PretrainingCheckpoint::firstMoment},
                                      {"second_moment.npy", &PretrainingCheckpoint::secondMoment},
                                      {"average.npy", &PretrainingCheckpoint::average},
                                      {"best.npy", &PretrainingCheckpoint::best}};

/// Makes a T of every structure that has a target, on all cores, a batch in memory at a time, and takes them in the order of the
/// inputs. `result` gets the rejects, and the number of structures without a target.
template <class T, class Result>
void readLabelled(const std::vector<std::filesystem::path> &inputs, const std::map<std::string, double> &targets,
                  const std::function<T(const Structure &, double target)> &make, const std::function<void(T)> &take,
                  Result &result, const Progress &progress)
{
    std::vector<Structure> batch;
    const auto flush = [&] {
        std::vector<std::optional<T>> made(batch.size());
        std::vector<std::string> reasons(batch.size());
        parallelFor(batch.size(), [&](std::size_t i) {
            try {
                made[i] = make(batch[i], targets.at(batch[i].id));
            } catch (const Error &e) {
                reasons[i] = e.what();
            }
        });
        for (std::size_t i = 0; i < batch.size(); ++i) {
            if (made[i])
                take(std::move(*made[i]));
            else
                result.rejects.push_back({batch[i].id, reasons[i]});
        }
        batch.clear();
    };
    forEachStructure(
        inputs,
        [&](ReadResult read) {
            std::ranges::move(read.rejects, std::back_inserter(result.rejects));
            for (Structure &structure : read.structures) {
                if (!targets.contains(structure.id)) {
                    ++result.withoutTarget;
                    continue;
                }
                batch.push_back(std::move(structure));
                if (batch.size() == batchSize)
                    flush();
            }
        },
        progress);
    flush();
}
}

LabelledGraphs readLabelledGraphs(const std::vector<std::filesystem::path> &inputs,
                                  const std::map<std::string, double> &targets, const GraphOptions &options,
                                  const Progress &progress)
{
    LabelledGraphs result;
    readLabelled<LabelledGraph>(
        inputs, targets,
        [&](const Structure &s, double target) {
            return LabelledGraph{s.id, chemicalSystem(compositionOf(s)), buildGraph(s, options), target};
        },
        [&](LabelledGraph graph) { result.graphs.push_back(std::move(graph)); }, result, progress);
    return result;
}

LabelledFeatures readLabelledFeatures(const std::vector<std::filesystem::path> &inputs,
                                      const std::map<std::string, double> &targets, const Megnet &parent,
                                      const FeatureOptions &options, const Progress &progress)
{
    for (const auto &[id, target] : targets)
        if (target != 0 && target != 1)
            throw Error(id + ": the class must be 0 or 1, not " + shortest(target) +
                        "; --one \"= 0\" makes classes of values");
    LabelledFeatures result;
    using Labelled = std::pair<Sample, std::string>;
    readLabelled<Labelled>(
        inputs, targets,
        [&](const Structure &s, double target) {
            return Labelled{{s.id, featurize(s, parent, options).features, target == 1},
                            chemicalSystem(compositionOf(s))};
        },
        [&](Labelled labelled) {
            result.dataset.samples.push_back(std::move(labelled.first));
            result.systems.push_back(std::move(labelled.second));
        },
        result, progress);
    return result;
}

std::string pretrainingIdentity(const PretrainingOptions &options, const std::vector<LabelledGraph> &data,
                                const std::string &startSha256)
{
    std::string text = toJson(options) + startSha256;
    for (const LabelledGraph &g : data)
        text += "\n" + g.id + " " + g.system + " " + shortest(g.target) + " " + std::to_string(g.graph.bonds());
    return sha256(text);
}

void savePretrainingCheckpoint(const PretrainingCheckpoint &c, const std::string &identity,
                               const std::filesystem::path &path)
{
    Json history = Json::array();
    for (const PretrainingEpoch &e : c.history)
        history.push_back({e.epoch, e.loss, e.validationError});
    const Json json = {{"identity", identity},     {"epoch", c.epoch},         {"updates", c.updates},
                       {"bestError", c.bestError}, {"bestEpoch", c.bestEpoch}, {"history", history}};
    std::vector<File> files = {{"checkpoint.json", json.dump(1) + "\n"}};
    for (const auto &[name, values] : arrays)
        files.push_back({name, writeNpy((c.*values).cast<double>())});
    writeZip(path, std::move(files));
}

std::optional<PretrainingCheckpoint> openPretrainingCheckpoint(const std::filesystem::path &path,
                                                               const std::string &identity)
{
    if (!std::filesystem::exists(path))
        return {};
    const std::string name = path.string();
    std::map<std::string, std::string> files;
    for (File &file : unzipped(readFile(path), name))
        files[file.name] = std::move(file.bytes);
    PretrainingCheckpoint c;
    try {
        const Json json = Json::parse(files["checkpoint.json"]);
        if (json.at("identity") != identity)
            throw Error(name + ": belongs to other data or options: delete it to begin anew, or go on with its own");
        c.epoch = json.at("epoch");
        c.updates = json.at("updates");
        c.bestError = json.at("bestError");
        c.bestEpoch = json.at("bestEpoch");
        for (const Json &e : json.at("history"))
            c.history.push_back({e.at(0), e.at(1), e.at(2)});
    } catch (const Json::exception &) {
        throw Error(name + ": is no checkpoint of a pre-training, or is damaged: delete it to begin anew");
    }
    for (const auto &[array, values] : arrays)
        c.*values = readNpy(files[array], name + "/" + array).reshaped().cast<float>();
    return c;
}

}
