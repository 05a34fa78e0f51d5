// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/error.h"
#include "engine/core/files.h"
#include "engine/features/megnet_file.h"

#include <nlohmann/json.hpp>

#include <hdf5.h>

#include <algorithm>

namespace engine {

namespace {

using Json = nlohmann::ordered_json;

/// An identifier of the HDF5 library, given back when it goes out of scope. Throws Error when it is none.
class Handle {
public:
    Handle(hid_t id, herr_t (*close)(hid_t)) : m_id(id), m_close(close)
    {
        if (id < 0)
            throw Error("the HDF5 library refused to write");
    }
    ~Handle() { m_close(m_id); }
    Handle(const Handle &) = delete;
    Handle &operator=(const Handle &) = delete;
    operator hid_t() const { return m_id; }

private:
    hid_t m_id;
    herr_t (*m_close)(hid_t);
};

void need(herr_t status)
{
    if (status < 0)
        throw Error("the HDF5 library refused to write");
}

void writeText(hid_t object, const char *name, const std::string &text)
{
    const Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
    need(H5Tset_size(type, H5T_VARIABLE));
    const Handle space(H5Screate(H5S_SCALAR), H5Sclose);
    const Handle attribute(H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
    const char *pointer = text.c_str();
    need(H5Awrite(attribute, type, &pointer));
}

/// Texts of one length, as Keras lists names.
void writeNames(hid_t object, const char *name, const std::vector<std::string> &names)
{
    std::size_t length = 1;
    for (const auto &n : names)
        length = std::max(length, n.size());
    std::string padded;
    for (const auto &n : names)
        padded += n + std::string(length - n.size(), '\0');
    const Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
    need(H5Tset_size(type, length));
    need(H5Tset_strpad(type, H5T_STR_NULLPAD));
    const hsize_t n = names.size();
    const Handle space(H5Screate_simple(1, &n, nullptr), H5Sclose);
    const Handle attribute(H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
    if (!names.empty())
        need(H5Awrite(attribute, type, padded.data()));
}

void writeArray(hid_t group, const std::string &path, const Matrix &array)
{
    const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> values = array.cast<float>();
    const hsize_t size[2] = {hsize_t(values.rows()), hsize_t(values.cols())};
    const bool isBias = values.rows() == 1 && path.find("bias") != std::string::npos;
    const Handle space(isBias ? H5Screate_simple(1, size + 1, nullptr) : H5Screate_simple(2, size, nullptr), H5Sclose);
    const Handle links(H5Pcreate(H5P_LINK_CREATE), H5Pclose);
    need(H5Pset_create_intermediate_group(links, 1));
    // No time stamps: the same network gives the same bytes.
    const Handle creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
    need(H5Pset_obj_track_times(creation, false));
    const Handle dataset(H5Dcreate2(group, path.c_str(), H5T_IEEE_F32LE, space, links, creation, H5P_DEFAULT),
                         H5Dclose);
    need(H5Dwrite(dataset, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()));
}

Json glorot()
{
    return {{"class_name", "VarianceScaling"},
            {"config", {{"scale", 1.0}, {"mode", "fan_avg"}, {"distribution", "uniform"}, {"seed", nullptr}}}};
}

/// A layer as Keras 2 describes it, with what is needed to build it again.
Json describe(const Megnet &megnet, const NetworkLayer &layer)
{
    const auto array = [&](const std::string &name) -> const Matrix & {
        return arrayOf(megnet.weights, layer.name + "/" + name);
    };
    const Json zeros = {{"class_name", "Zeros"}, {"config", Json::object()}};
    Json config = {{"name", layer.name}};
    if (layer.kind == "InputLayer") {
        const bool isIndex = layer.width == 0;
        config["batch_input_shape"] = isIndex ? Json{nullptr, nullptr} : Json{nullptr, nullptr, layer.width};
        config["dtype"] = isIndex ? "int32" : "float32";
        config["sparse"] = false;
    } else {
        config["trainable"] = true;
    }
    if (layer.kind == "Embedding") {
        const Matrix &table = array("embeddings");
        config.update(
            {{"batch_input_shape", {nullptr, nullptr}},
             {"dtype", "float32"},
             {"input_dim", table.rows()},
             {"output_dim", table.cols()},
             {"embeddings_initializer",
              {{"class_name", "RandomUniform"}, {"config", {{"minval", -0.05}, {"maxval", 0.05}, {"seed", nullptr}}}}},
             {"mask_zero", false},
             {"input_length", nullptr}});
    } else if (layer.kind == "Dense") {
        config.update({{"units", array("kernel").cols()},
                       {"activation", layer.activation},
                       {"use_bias", true},
                       {"kernel_initializer", glorot()},
                       {"bias_initializer", zeros}});
    } else if (layer.kind == "MEGNetLayer") {
        config.update({{"activation", layer.activation},
                       {"use_bias", true},
                       {"kernel_initializer", glorot()},
                       {"bias_initializer", zeros}});
        for (const std::string of : {"e", "v", "u"}) {
            Json units;
            for (const char *k : {"0", "1", "2"})
                units.push_back(array("phi_" + of + "/weight_" + of + "_" + k).cols());
            config["units_" + of] = units;
        }
        config["pool_method"] = "mean";
    } else if (layer.kind == "Set2Set") {
        config.update(
            {{"T", layer.steps},
             {"n_hidden", array("x_to_m_weight").cols()},
             {"activation", "linear"},
             {"activation_lstm", "tanh"},
             {"recurrent_activation", "hard_sigmoid"},
             {"kernel_initializer", glorot()},
             {"recurrent_initializer", {{"class_name", "Orthogonal"}, {"config", {{"gain", 1.0}, {"seed", nullptr}}}}},
             {"bias_initializer", zeros},
             {"use_bias", true},
             {"unit_forget_bias", true}});
    } else if (layer.kind == "Concatenate") {
        config["axis"] = -1;
    }
    Json nodes = Json::array();
    if (!layer.inputs.empty()) {
        Json node = Json::array();
        for (const auto &[source, output] : layer.inputs)
            node.push_back({megnet.layers[source].name, 0, output, Json::object()});
        nodes.push_back(node);
    }
    return {{"name", layer.name}, {"class_name", layer.kind}, {"config", config}, {"inbound_nodes", nodes}};
}

Json modelConfig(const Megnet &megnet)
{
    Json layers = Json::array(), inputs = Json::array();
    for (const NetworkLayer &layer : megnet.layers) {
        layers.push_back(describe(megnet, layer));
        if (layer.kind == "InputLayer")
            inputs.push_back({layer.name, 0, 0});
    }
    // atoms, bonds, state, indices: input_1 … input_7, wherever they stand in the list of layers
    std::sort(inputs.begin(), inputs.end());
    return {{"class_name", "Model"},
            {"config",
             {{"name", "model_1"},
              {"layers", layers},
              {"input_layers", inputs},
              {"output_layers", {{megnet.layers[megnet.output].name, 0, 0}}}}}};
}

/// "dense_1/kernel" is stored as "dense_1/dense_1/kernel:0", a block's array below its name twice.
std::string storedPath(const std::string &name, const std::string &layer)
{
    const bool isOfBlock = name.find("/phi_") != std::string::npos;
    return layer + (isOfBlock ? "/" + layer + "/" : "/") + name.substr(layer.size() + 1) + ":0";
}

void writeHdf5(const Megnet &megnet, const std::filesystem::path &path)
{
    const Handle file(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), H5Fclose);
    writeText(file, "backend", "tensorflow");
    writeText(file, "keras_version", "2.2.4");
    writeText(file, "model_config", modelConfig(megnet).dump());
    const Handle group(H5Gcreate2(file, "model_weights", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Gclose);
    writeText(group, "backend", "tensorflow");
    writeText(group, "keras_version", "2.2.4");
    std::vector<std::string> names;
    for (const NetworkLayer &layer : megnet.layers) {
        names.push_back(layer.name);
        const Handle own(H5Gcreate2(group, layer.name.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Gclose);
        std::vector<std::string> paths;
        for (const auto &[name, array] : megnet.weights)
            if (name.starts_with(layer.name + "/")) {
                paths.push_back(storedPath(name, layer.name));
                writeArray(own, paths.back(), array);
            }
        writeNames(own, "weight_names", paths);
    }
    writeNames(group, "layer_names", names);
}

}

void writeMegnet(const Megnet &megnet, const std::filesystem::path &path,
                 const std::map<std::string, std::string> &metadata)
{
    Json notes = {{"property", megnet.property}, {"unit", megnet.unit}};
    for (const auto &[key, text] : metadata)
        notes[key] = text;
    const Json sidecar = {
        {"graph_converter",
         {{"@class", "CrystalGraph"},
          {"cutoff", megnet.cutoff_A},
          {"bond_converter",
           {{"@class", "GaussianDistance"}, {"centers", megnet.basis.centres_A}, {"width", megnet.basis.width_A}}}}},
        {"target_scaler",
         {{"@class", "StandardScaler"},
          {"mean", megnet.targetMean},
          {"std", megnet.targetScale},
          {"is_intensive", true}}},
        {"metadata", notes}};
    // The library writes beside the path; the bytes then go their usual way, all or none.
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    std::filesystem::path aside = path;
    aside += ".hdf5part";
    std::string bytes;
    try {
        writeHdf5(megnet, aside);
        bytes = readFile(aside);
        std::filesystem::remove(aside);
    } catch (const Error &e) {
        std::error_code ignored;
        std::filesystem::remove(aside, ignored);
        throw Error(path.string() + ": cannot be written: " + e.what() +
                    "; is the disk full or the folder not writable?");
    }
    std::filesystem::path sidecarPath = path;
    sidecarPath += ".json";
    writeFile(sidecarPath, sidecar.dump(1) + "\n");
    writeFile(path, bytes);
}

}
