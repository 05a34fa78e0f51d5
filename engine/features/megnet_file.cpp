// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/features/megnet_file.h"

#include "engine/core/error.h"
#include "engine/core/files.h"
#include "engine/core/sha256.h"
#include "engine/core/text.h"
#include "engine/features/hdf5_reader.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <map>

namespace engine {

namespace {

using nlohmann::json;

constexpr std::size_t mostLayers = 10'000;

/// Arrays as "layer/kernel" or "layer/phi_e/weight_e_0", by layer. Keras repeats the layer's name within a path, how often depends on
/// its version, and ends names with ":0".
std::map<std::string, std::map<std::string, Matrix>> byLayer(std::vector<std::pair<std::string, Matrix>> arrays)
{
    std::map<std::string, std::map<std::string, Matrix>> result;
    for (auto &[path, array] : arrays) {
        const auto parts = split(path, '/');
        const std::string layer(parts.front());
        std::string name = layer + "/";
        if (parts.size() > 2 && parts[parts.size() - 2].starts_with("phi_"))
            name += std::string(parts[parts.size() - 2]) + "/";
        name += parts.back().substr(0, parts.back().find(':'));
        result[layer][name] = std::move(array);
    }
    return result;
}

std::string textOr(const json &object, const char *key, const std::string &otherwise)
{
    return object.is_object() && object.contains(key) && object[key].is_string() ? object[key].get<std::string>()
                                                                                 : otherwise;
}

/// What of a layer's Keras configuration matters here; refuses what would change its formula.
NetworkLayer layerOf(const json &description)
{
    NetworkLayer layer;
    layer.name = description.at("name").get<std::string>();
    layer.kind = description.at("class_name").get<std::string>();
    const json &config = description.at("config");
    const auto refuse = [&](const std::string &what) { throw Error("layer \"" + layer.name + "\": " + what); };
    layer.activation = textOr(config, "activation", "linear");
    if (layer.kind == "Set2Set") {
        layer.steps = config.at("T").get<int>();
        if (textOr(config, "activation_lstm", "tanh") != "tanh" ||
            textOr(config, "recurrent_activation", "hard_sigmoid") != "hard_sigmoid")
            refuse("only tanh and hard_sigmoid are known inside a Set2Set");
    }
    if (layer.kind == "MEGNetLayer" && textOr(config, "pool_method", "mean") != "mean")
        refuse("only the pooling method \"mean\" is known");
    if (layer.kind == "InputLayer" && config.contains("batch_input_shape")) {
        const json &shape = config["batch_input_shape"]; // [batch, rows, width]; indices have no width
        if (shape.is_array() && shape.size() == 3 && shape[2].is_number_integer())
            layer.width = int(std::clamp<std::int64_t>(shape[2].get<std::int64_t>(), 0, 1'000'000));
    }
    return layer;
}

/// Layers in an order in which each comes after its inputs, which need not be the file's.
void readLayers(const json &model, Megnet &megnet)
{
    const json &config = model.at("config");
    std::vector<NetworkLayer> layers;
    std::vector<json> nodes;
    std::map<std::string, int> listed;
    if (config.at("layers").size() > mostLayers)
        throw Error("it has more layers than any network");
    for (const json &description : config.at("layers")) {
        layers.push_back(layerOf(description));
        nodes.push_back(description.at("inbound_nodes"));
        if (nodes.back().size() > 1)
            throw Error("layer \"" + layers.back().name + "\": it is used more than once, which is not supported");
        if (!listed.emplace(layers.back().name, int(layers.size()) - 1).second)
            throw Error("two layers are named \"" + layers.back().name + "\"");
    }
    const auto numberOf = [&](const json &name) {
        const auto found = listed.find(name.get<std::string>());
        if (found == listed.end())
            throw Error("there is no layer \"" + name.get<std::string>() + "\"");
        return found->second;
    };

    // The inputs stand in a fixed order: atoms, bonds, state, and four lists of indices.
    const json &inputs = config.at("input_layers");
    constexpr std::array order = {Rows::Atoms, Rows::Bonds, Rows::Structure};
    for (std::size_t i = 0; i < std::min(inputs.size(), order.size()); ++i)
        layers[numberOf(inputs[i].at(0))].rows = order[i];

    std::vector<int> place(layers.size(), -1); // in megnet.layers
    for (bool moved = true; moved && megnet.layers.size() < layers.size();) {
        moved = false;
        for (std::size_t k = 0; k < layers.size(); ++k) {
            if (place[k] >= 0)
                continue;
            std::vector<std::pair<int, int>> sources;
            for (const json &node : nodes[k])
                for (const json &source : node)
                    sources.emplace_back(numberOf(source.at(0)), source.at(2).get<int>());
            if (std::any_of(sources.begin(), sources.end(), [&](const auto &s) { return place[s.first] < 0; }))
                continue;
            for (auto &[source, output] : sources)
                source = place[source];
            layers[k].inputs = std::move(sources);
            place[k] = int(megnet.layers.size());
            megnet.layers.push_back(layers[k]);
            moved = true;
        }
    }
    if (megnet.layers.size() < layers.size())
        throw Error("its layers are connected in a circle");
    megnet.output = place[numberOf(config.at("output_layers").at(0).at(0))];
}

/// Weights in the order of the layers. A layer without biases gets zeros.
void takeWeights(std::map<std::string, std::map<std::string, Matrix>> &arraysOfLayer, Megnet &megnet)
{
    for (const NetworkLayer &layer : megnet.layers) {
        auto &arrays = arraysOfLayer[layer.name];
        const auto fillBias = [&](const std::string &kernel, const std::string &bias) {
            if (const auto found = arrays.find(layer.name + "/" + kernel); found != arrays.end())
                arrays.try_emplace(layer.name + "/" + bias, Matrix::Zero(1, found->second.cols()));
        };
        if (layer.kind == "Dense")
            fillBias("kernel", "bias");
        if (layer.kind == "Set2Set") {
            fillBias("x_to_m_weight", "x_to_m_bias");
            fillBias("recurrent_kernel", "recurrent_bias");
        }
        if (layer.kind == "MEGNetLayer")
            for (const std::string of : {"e", "v", "u"})
                for (const char *k : {"0", "1", "2"})
                    fillBias("phi_" + of + "/weight_" + of + "_" + k, "phi_" + of + "/bias_" + of + "_" + k);
        for (auto &[name, array] : arrays)
            megnet.weights.push_back({name, std::move(array)});
    }
}

/// Finds out what the network predicts: from our own keys `property` and `unit`, else from the name in the metadata or of the file.
void nameProperty(const json &metadata, const std::string &stem, Megnet &megnet)
{
    struct Known {
        std::string_view words, property, unit;
    };
    constexpr Known known[] = {{"formation energy", "formation_energy", "eV/atom"},
                               {"band gap", "band_gap", "eV"},
                               {"fermi", "fermi_energy", "eV"},
                               {"log10k", "log10_bulk_modulus", "log10(GPa)"},
                               {"log10g", "log10_shear_modulus", "log10(GPa)"}};
    megnet.property = textOr(metadata, "property", "");
    megnet.unit = textOr(metadata, "unit", "1");
    if (!megnet.property.empty())
        return;
    std::string words = lowered(textOr(metadata, "name", "") + " " + stem);
    std::replace(words.begin(), words.end(), '_', ' ');
    if (megnet.layers[megnet.output].activation == "sigmoid" && words.find("band") != std::string::npos) {
        // The published classifier answers 1 for a gap; turned round, it is the probability of a metal.
        megnet.property = "metal_probability";
        megnet.unit = "1";
        megnet.targetMean += megnet.targetScale;
        megnet.targetScale = -megnet.targetScale;
        return;
    }
    for (const auto &[text, property, unit] : known)
        if (words.find(text) != std::string::npos) {
            megnet.property = property;
            megnet.unit = unit;
            return;
        }
    megnet.property = stem;
}

double number(const json &object, const char *key, double low, double high)
{
    const double x = object.at(key).get<double>();
    if (!(x >= low && x <= high))
        throw Error(std::string(key) + " is " + shortest(x) + ", expected " + shortest(low) + " to " + shortest(high));
    return x;
}

void readSidecar(const json &sidecar, const std::string &stem, Megnet &megnet)
{
    const json &converter = sidecar.at("graph_converter");
    megnet.cutoff_A = number(converter, "cutoff", 0.1, 20.0);
    const json &bonds = converter.at("bond_converter");
    const json &centres = bonds.at("centers").is_object() ? bonds["centers"].at("data") : bonds["centers"];
    megnet.basis.centres_A = centres.get<std::vector<double>>();
    if (megnet.basis.centres_A.empty() || !std::all_of(megnet.basis.centres_A.begin(), megnet.basis.centres_A.end(),
                                                       [](double x) { return std::abs(x) <= 100; }))
        throw Error("centers are not a list of distances in Å");
    megnet.basis.width_A = number(bonds, "width", 1e-6, 100.0);
    if (sidecar.contains("target_scaler") && sidecar["target_scaler"].is_object() &&
        sidecar["target_scaler"].contains("std")) {
        const json &scaler = sidecar["target_scaler"];
        if (scaler.contains("is_intensive") && scaler["is_intensive"].is_boolean() &&
            !scaler["is_intensive"].get<bool>())
            throw Error("target_scaler: properties that grow with the number of atoms are not supported");
        megnet.targetMean = number(scaler, "mean", -1e9, 1e9);
        megnet.targetScale = number(scaler, "std", -1e9, 1e9);
    }
    nameProperty(sidecar.contains("metadata") ? sidecar["metadata"] : json(), stem, megnet);
}

/// Runs the step and puts the file's name before whatever it complains about.
void inFile(const std::filesystem::path &path, const auto &step)
{
    try {
        step();
    } catch (const Error &e) {
        throw Error(path.string() + ": " + e.what());
    } catch (const json::parse_error &e) {
        throw Error(path.string() + ": not valid JSON (at byte " + std::to_string(e.byte) + ")");
    } catch (const json::exception &e) {
        // "[json.exception.out_of_range.403] key 'cutoff' not found": the part a reader can use
        const std::string_view what = e.what();
        throw Error(path.string() + ": wrong layout, " + std::string(what.substr(what.find("] ") + 2)));
    }
}

}

Megnet readMegnet(const std::filesystem::path &path)
{
    const std::string bytes = readFile(path);
    Megnet megnet;
    megnet.name = path.filename().string();
    megnet.sha256 = sha256(bytes);

    inFile(path, [&] {
        const Hdf5Reader file(bytes);
        const auto config = file.textAttribute("model_config");
        if (!config)
            throw Error("no attribute model_config; a network saved with its layers is needed, not its weights alone");
        auto arrays = file.arraysBelow("model_weights");
        if (!arrays)
            throw Error("no group model_weights");
        readLayers(json::parse(*config), megnet);
        auto arraysOfLayer = byLayer(std::move(*arrays));
        takeWeights(arraysOfLayer, megnet);
    });

    std::filesystem::path sidecarPath = path;
    sidecarPath += ".json";
    if (!std::filesystem::exists(sidecarPath))
        throw Error(sidecarPath.string() +
                    ": missing; it holds the cutoff and the bond basis of the network and belongs beside it");
    const std::string sidecar = readFile(sidecarPath);
    inFile(sidecarPath, [&] { readSidecar(json::parse(sidecar), stemOf(megnet.name), megnet); });

    inFile(path, [&] { connectLayers(megnet); });
    return megnet;
}

}
