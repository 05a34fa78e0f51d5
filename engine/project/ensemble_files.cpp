// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/project/ensemble_files.h"

#include "engine/core/npy.h"
#include "engine/core/sha256.h"
#include "engine/project/options_json.h"
#include "engine/project/project.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace engine {

namespace {
using Json = nlohmann::ordered_json;

constexpr auto manifestName = "model.json";
constexpr auto meansName = "training_means.npy";

// The number keeps arrays apart and in order; the name is for people, model.json has it in full.
std::string fileNameOf(std::size_t member, std::size_t array, std::string name)
{
    std::ranges::replace_if(
        name, [](unsigned char c) { return c >= 0x80 || !(std::isalnum(c) || c == '_' || c == '-'); }, '_');
    const auto number = std::to_string(array);
    return "member_" + std::to_string(member + 1) + "/" + (number.size() < 2 ? "0" : "") + number + "_" + name + ".npy";
}

std::string dumped(const Json &json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Ensemble read(const Files &files, const Json &json, const std::string &where)
{
    const auto array = [&](const std::string &name) {
        const auto file = files.find(name);
        if (file == files.end())
            throw Error(where + "/" + name + ": is missing, although model.json names it");
        return readNpy(file->second, where + "/" + name);
    };
    const auto options = where + "/model.json";
    Ensemble ensemble;
    ensemble.parentName = json.at("parent").at("name").get<std::string>();
    ensemble.parentSha256 = json.at("parent").at("sha256").get<std::string>();
    if (json.contains("start")) {
        ensemble.startName = json.at("start").at("name").get<std::string>();
        ensemble.startSha256 = json.at("start").at("sha256").get<std::string>();
    }
    ensemble.seed = json.at("seed").get<std::uint64_t>();
    ensemble.features = optionsFromJson<FeatureOptions>(dumped(json.at("features")), options);
    ensemble.training = optionsFromJson<TrainingOptions>(dumped(json.at("training")), options);
    for (const auto &member : json.at("members")) {
        auto &weights = ensemble.members.emplace_back();
        for (const auto &entry : member)
            weights.push_back({entry.at("name").get<std::string>(), array(entry.at("file").get<std::string>())});
    }
    for (const auto &sample : json.at("trainingSet")) {
        ensemble.trainingIds.push_back(sample.at(0).get<std::string>());
        ensemble.trainingFormulas.push_back(sample.at(1).get<std::string>());
    }
    if (json.at("hasTrainingMeans").get<bool>())
        ensemble.trainingMeans = array(meansName);
    if (ensemble.trainingMeans.size() > 0 && ensemble.trainingMeans.rows() != Eigen::Index(ensemble.trainingIds.size()))
        throw Error(where + "/" + meansName + ": has " + std::to_string(ensemble.trainingMeans.rows()) + " rows for " +
                    std::to_string(ensemble.trainingIds.size()) + " training structures");
    return ensemble;
}
}

Files ensembleToFiles(const Ensemble &ensemble)
{
    Files files;
    Json json{{"parent", {{"name", ensemble.parentName}, {"sha256", ensemble.parentSha256}}},
              {"seed", ensemble.seed},
              {"features", Json::parse(toJson(ensemble.features))},
              {"training", Json::parse(toJson(ensemble.training))},
              {"members", Json::array()},
              {"trainingSet", Json::array()},
              {"hasTrainingMeans", ensemble.trainingMeans.size() > 0}};
    if (!ensemble.startSha256.empty())
        json["start"] = {{"name", ensemble.startName}, {"sha256", ensemble.startSha256}};
    for (std::size_t i = 0; i < ensemble.members.size(); ++i) {
        Json member = Json::array();
        for (std::size_t j = 0; j < ensemble.members[i].size(); ++j) {
            const auto &[name, array] = ensemble.members[i][j];
            const auto file = fileNameOf(i, j, name);
            member.push_back({{"name", name}, {"file", file}});
            files[file] = writeNpy(array);
        }
        json["members"].push_back(std::move(member));
    }
    for (std::size_t i = 0; i < ensemble.trainingIds.size(); ++i)
        json["trainingSet"].push_back(Json::array(
            {ensemble.trainingIds[i], i < ensemble.trainingFormulas.size() ? ensemble.trainingFormulas[i] : ""}));
    if (ensemble.trainingMeans.size() > 0)
        files[meansName] = writeNpy(ensemble.trainingMeans);
    auto manifest = manifestOf(dumped(json), files);
    files[manifestName] = std::move(manifest);
    return files;
}

Ensemble ensembleFromFiles(const Files &files, const std::string &where)
{
    checkManifest(files, manifestName, where);
    try {
        return read(files, Json::parse(files.at(manifestName)), where);
    } catch (const Json::exception &error) {
        const std::string_view message = error.what(); // "[json.exception…] key 'seed' not found"
        throw Error(where + "/model.json: is damaged: " + std::string(message.substr(message.find("] ") + 2)));
    }
}

std::string ensembleSha256(const Ensemble &ensemble)
{
    return sha256(ensembleToFiles(ensemble).at(manifestName));
}

void saveEnsemble(const Ensemble &ensemble, const std::filesystem::path &path)
{
    writeTree(path, manifestName, ensembleToFiles(ensemble));
}

Ensemble openEnsemble(const std::filesystem::path &path)
{
    if (!isProject(path))
        return ensembleFromFiles(readTree(path, manifestName), path.string());
    auto project = openProject(path);
    if (project.ensembles.size() == 1)
        return std::move(project.ensembles.begin()->second);
    std::string names;
    for (const auto &[name, ensemble] : project.ensembles)
        names += (names.empty() ? "" : ", ") + name;
    if (names.empty())
        throw Error(path.string() + ": is a project without an ensemble; train one first");
    throw Error(path.string() + ": is a project with several ensembles (" + names +
                "); name one, as models/NAME in its folder");
}

}
