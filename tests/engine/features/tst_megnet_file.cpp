// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/rng.h"
#include "engine/core/sha256.h"
#include "engine/features/megnet_file.h"

#include "tests/support/shared.h"

#include <QTemporaryDir>

#include <hdf5.h>

#include <functional>
#include <map>

using namespace engine;
using nlohmann::json;

namespace {

/// A complete network of two numbers per atom, in the published layout: one block, two readouts.
struct TinyNetwork {
    json config;                          ///< as in model_config
    std::map<std::string, Matrix> arrays; ///< "layer/layer/kernel:0"
    json sidecar;
    bool hasFixedLengthConfig = false;

    TinyNetwork()
    {
        const auto input = [](const char *name, json shape) {
            return layer("InputLayer", name, {}, {{"batch_input_shape", std::move(shape)}});
        };
        json layers = {input("atoms", {nullptr, nullptr}), input("bonds", {nullptr, nullptr, 3}),
                       input("state", {nullptr, nullptr, 2}), input("index1", {nullptr, nullptr})};
        layers.push_back(layer("Embedding", "table", {{"atoms", 0}}));
        layers.push_back(dense("dense_v", "table", "softplus2"));
        layers.push_back(dense("dense_e", "bonds", "softplus2"));
        layers.push_back(dense("dense_u", "state", "softplus2"));
        layers.push_back(layer("MEGNetLayer", "block", {{"dense_v", 0}, {"dense_e", 0}, {"dense_u", 0}, {"index1", 0}},
                               {{"activation", "softplus2"}, {"pool_method", "mean"}}));
        layers.push_back(layer("Add", "add_v", {{"dense_v", 0}, {"block", 0}}));
        layers.push_back(layer("Add", "add_e", {{"dense_e", 0}, {"block", 1}}));
        layers.push_back(layer("Add", "add_u", {{"dense_u", 0}, {"block", 2}}));
        layers.push_back(layer("Dropout", "dropout", {{"add_v", 0}}, {{"rate", 0.2}}));
        for (const auto &[name, source] : {std::pair{"read_v", "dropout"}, {"read_e", "add_e"}})
            layers.push_back(layer("Set2Set", name, {{source, 0}, {"index1", 0}}, {{"T", 2}, {"n_hidden", 1}}));
        layers.push_back(layer("Concatenate", "concatenate", {{"read_v", 0}, {"read_e", 0}, {"add_u", 0}}));
        layers.push_back(dense("out", "concatenate", "linear"));
        config = {{"class_name", "Model"},
                  {"config",
                   {{"layers", layers},
                    {"input_layers", {{"atoms", 0, 0}, {"bonds", 0, 0}, {"state", 0, 0}, {"index1", 0, 0}}},
                    {"output_layers", {{"out", 0, 0}}}}}};

        add("table", "embeddings", 4, 2);
        addDense("dense_v", 2, 2);
        addDense("dense_e", 3, 2);
        addDense("dense_u", 2, 2);
        const std::map<std::string, int> widths = {{"e", 8}, {"v", 6}, {"u", 6}};
        for (const auto &[of, width] : widths)
            for (int k = 0; k < 3; ++k) {
                const std::string number = std::to_string(k);
                add("block", "block/phi_" + of + "/weight_" + of + "_" + number, k == 0 ? width : 2, 2);
                add("block", "block/phi_" + of + "/bias_" + of + "_" + number, 1, 2);
            }
        for (const char *name : {"read_v", "read_e"}) {
            add(name, "x_to_m_weight", 2, 1);
            add(name, "x_to_m_bias", 1, 1);
            add(name, "recurrent_kernel", 2, 4);
            add(name, "recurrent_bias", 1, 4);
        }
        addDense("out", 6, 1);
        sidecar = {
            {"graph_converter", {{"cutoff", 4.0}, {"bond_converter", {{"centers", {0.0, 2.0, 4.0}}, {"width", 0.5}}}}},
            {"metadata", {{"name", "Formation energy"}}}};
    }

    json &layerNamed(const std::string &name)
    {
        for (json &l : config["config"]["layers"])
            if (l["name"] == name)
                return l;
        throw std::logic_error("no layer " + name);
    }
    Matrix &array(const std::string &path) { return arrays.at(path); }

    void write(const std::filesystem::path &path) const
    {
        const hid_t file = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
        if (!config.is_null()) {
            const std::string text = config.dump();
            const hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate(H5S_SCALAR);
            H5Tset_size(type, hasFixedLengthConfig ? text.size() : H5T_VARIABLE);
            const hid_t attribute = H5Acreate2(file, "model_config", type, space, H5P_DEFAULT, H5P_DEFAULT);
            const char *pointer = text.c_str();
            H5Awrite(attribute, type, hasFixedLengthConfig ? static_cast<const void *>(pointer) : &pointer);
            H5Aclose(attribute);
            H5Sclose(space);
            H5Tclose(type);
        }
        const hid_t links = H5Pcreate(H5P_LINK_CREATE);
        H5Pset_create_intermediate_group(links, 1);
        for (const auto &[name, array] : arrays) {
            const Eigen::Matrix<float, -1, -1, Eigen::RowMajor> values = array.cast<float>();
            const hsize_t size[2] = {hsize_t(values.rows()), hsize_t(values.cols())};
            const hid_t space =
                values.rows() == 1 ? H5Screate_simple(1, size + 1, nullptr) : H5Screate_simple(2, size, nullptr);
            const hid_t dataset = H5Dcreate2(file, ("model_weights/" + name).c_str(), H5T_IEEE_F32LE, space, links,
                                             H5P_DEFAULT, H5P_DEFAULT);
            H5Dwrite(dataset, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
            H5Dclose(dataset);
            H5Sclose(space);
        }
        H5Pclose(links);
        H5Fclose(file);
        if (!sidecar.is_null())
            writeFile(path.string() + ".json", sidecar.is_string() ? sidecar.get<std::string>() : sidecar.dump());
    }

private:
    static json layer(const char *kind, const std::string &name,
                      const std::vector<std::pair<std::string, int>> &sources, json config = json::object())
    {
        json node = json::array();
        for (const auto &[source, output] : sources)
            node.push_back({source, 0, output, json::object()});
        return {{"class_name", kind},
                {"name", name},
                {"config", config},
                {"inbound_nodes", sources.empty() ? json::array() : json::array({node})}};
    }
    static json dense(const char *name, const char *source, const char *activation)
    {
        return layer("Dense", name, {{source, 0}}, {{"activation", activation}});
    }
    void add(const std::string &layer, const std::string &name, int rows, int cols)
    {
        Matrix values(rows, cols);
        for (Eigen::Index i = 0; i < values.size(); ++i)
            values.data()[i] = float(m_rng.normal());
        arrays[layer + "/" + layer + "/" + name + ":0"] = values;
    }
    void addDense(const std::string &layer, int in, int out)
    {
        add(layer, "kernel", in, out);
        add(layer, "bias", 1, out);
    }

    Rng m_rng{42};
};

Graph lithiumHydride()
{
    Structure structure;
    structure.lattice.vectors = 4.08 * Matrix3::Identity();
    structure.sites.resize(2);
    structure.sites[0].occupants = {{{3}, 1.0}};
    structure.sites[1].occupants = {{{1}, 1.0}};
    structure.sites[1].fractional = Vector3(0.5, 0.5, 0.4);
    return buildGraph(structure, {.cutoff_A = 4.0});
}

}

class TestMegnetFile : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::filesystem::path m_path;

    Megnet written(const TinyNetwork &network)
    {
        network.write(m_path);
        return readMegnet(m_path);
    }

private Q_SLOTS:
    void init()
    {
        m_path = std::filesystem::path(m_folder.path().toStdString()) / "tiny.hdf5";
        std::filesystem::remove(m_path);
        std::filesystem::remove(m_path.string() + ".json");
    }

    void aNetworkIsReadAsItWasWritten()
    {
        const TinyNetwork tiny;
        const Megnet megnet = written(tiny);
        QCOMPARE(megnet.name, std::string("tiny.hdf5"));
        QCOMPARE(megnet.sha256, sha256(readFile(m_path)));
        QCOMPARE(megnet.property, std::string("formation_energy"));
        QCOMPARE(megnet.unit, std::string("eV/atom"));
        QCOMPARE(megnet.cutoff_A, 4.0);
        QCOMPARE(megnet.basis.centres_A, (std::vector{0.0, 2.0, 4.0}));
        QCOMPARE(megnet.basis.width_A, 0.5);
        QCOMPARE(megnet.blocks(), 1);
        QCOMPARE(megnet.embeddingWidth(), 2);
        QCOMPARE(megnet.weights.size(), tiny.arrays.size());
        QVERIFY(arrayOf(megnet.weights, "out/kernel") == tiny.arrays.at("out/out/kernel:0"));
        QVERIFY(arrayOf(megnet.weights, "block/phi_e/weight_e_0") ==
                tiny.arrays.at("block/block/block/phi_e/weight_e_0:0"));
        QVERIFY(arrayOf(megnet.weights, "out/bias").rows() == 1);
        QVERIFY(std::isfinite(megnetPrediction(lithiumHydride(), megnet)));
        QCOMPARE(megnetFeatures(lithiumHydride(), megnet, 1).rows.cols(), 2);
    }

    void theWayTheFileIsWrittenDoesNotMatter()
    {
        TinyNetwork tiny;
        const double expected = megnetPrediction(lithiumHydride(), written(tiny));

        tiny.hasFixedLengthConfig = true;
        QCOMPARE(megnetPrediction(lithiumHydride(), written(tiny)), expected);

        // Names are free, and so is the order of the list.
        std::string text = tiny.config.dump();
        for (std::size_t at; (at = text.find("dense_e")) != std::string::npos;)
            text.replace(at, 7, "preblock_bond");
        tiny.config = json::parse(text);
        for (const char *name : {"kernel:0", "bias:0"}) {
            auto node = tiny.arrays.extract(std::string("dense_e/dense_e/") + name);
            node.key() = std::string("preblock_bond/") + name; // and the layer's name is there once
            tiny.arrays.insert(std::move(node));
        }
        std::reverse(tiny.config["config"]["layers"].begin(), tiny.config["config"]["layers"].end());
        QCOMPARE(megnetPrediction(lithiumHydride(), written(tiny)), expected);

        tiny.sidecar["graph_converter"]["bond_converter"]["centers"] = {{"data", {0.0, 2.0, 4.0}},
                                                                        {"dtype", "float64"}};
        QCOMPARE(megnetPrediction(lithiumHydride(), written(tiny)), expected);
    }

    void aLayerWithoutBiasesHasZeros()
    {
        TinyNetwork tiny;
        tiny.array("out/out/bias:0").setZero();
        tiny.array("read_e/read_e/recurrent_bias:0").setZero();
        tiny.array("block/block/block/phi_v/bias_v_2:0").setZero();
        const double expected = megnetPrediction(lithiumHydride(), written(tiny));
        for (const char *name :
             {"out/out/bias:0", "read_e/read_e/recurrent_bias:0", "block/block/block/phi_v/bias_v_2:0"})
            tiny.arrays.erase(name);
        QCOMPARE(megnetPrediction(lithiumHydride(), written(tiny)), expected);
    }

    void theTargetIsScaledBack()
    {
        TinyNetwork tiny;
        const double output = megnetPrediction(lithiumHydride(), written(tiny));
        tiny.sidecar["target_scaler"] = {
            {"@class", "StandardScaler"}, {"mean", 2.5}, {"std", 3.0}, {"is_intensive", true}};
        COMPARE_NEAR(megnetPrediction(lithiumHydride(), written(tiny)), output * 3.0 + 2.5, 1e-12);
        tiny.sidecar["target_scaler"] = {{"@class", "DummyScaler"}};
        QCOMPARE(megnetPrediction(lithiumHydride(), written(tiny)), output);
    }

    void thePropertyIsFoundInTheMetadataOrTheName()
    {
        TinyNetwork tiny;
        const auto property = [&](json metadata) {
            tiny.sidecar["metadata"] = std::move(metadata);
            const Megnet megnet = written(tiny);
            return megnet.property + " / " + megnet.unit;
        };
        QCOMPARE(property({{"name", "Band gap regressor"}, {"unit", 1}}), std::string("band_gap / eV"));
        QCOMPARE(property({{"property", "band_gap"}, {"unit", "eV"}}), std::string("band_gap / eV"));
        QCOMPARE(property({{"name", "Fermi energy"}}), std::string("fermi_energy / eV"));
        QCOMPARE(property({}), std::string("tiny / 1"));
        tiny.layerNamed("out")["config"]["activation"] = "sigmoid";
        QCOMPARE(property({{"name", "Band gap classifier"}}), std::string("metal_probability / 1"));
        const double metal = megnetPrediction(lithiumHydride(), readMegnet(m_path));
        QCOMPARE(property({{"property", "gap_probability"}}), std::string("gap_probability / 1"));
        COMPARE_NEAR(megnetPrediction(lithiumHydride(), readMegnet(m_path)), 1.0 - metal, 1e-15);
    }

    void missingAndForeignFilesAreNamed()
    {
        THROWS_ERROR(readMegnet(m_path), "tiny.hdf5");
        writeFile(m_path, "{\"not\": \"HDF5\"}");
        THROWS_ERROR(readMegnet(m_path), "tiny.hdf5: not an HDF5 file");
        writeFile(m_path, "");
        THROWS_ERROR(readMegnet(m_path), "tiny.hdf5: not an HDF5 file");
        TinyNetwork tiny;
        tiny.sidecar = nullptr;
        THROWS_ERROR(written(tiny), "tiny.hdf5.json: missing; it holds the cutoff");
    }

    void everyWrongLayoutIsToldInOneLine_data()
    {
        using Change = std::function<void(TinyNetwork &)>;
        QTest::addColumn<Change>("change");
        QTest::addColumn<QString>("message");
        const auto row = [](const char *name, Change change, const char *message) {
            QTest::newRow(name) << change << message;
        };
        row(
            "weights only", [](TinyNetwork &t) { t.config = nullptr; }, "tiny.hdf5: no attribute model_config");
        row(
            "no weights", [](TinyNetwork &t) { t.arrays.clear(); }, "tiny.hdf5: no group model_weights");
        row(
            "no layers", [](TinyNetwork &t) { t.config["config"].erase("layers"); },
            "tiny.hdf5: wrong layout, key 'layers' not found");
        row(
            "missing array", [](TinyNetwork &t) { t.arrays.erase("out/out/kernel:0"); },
            "no array named \"out/kernel\"");
        row(
            "wrong shape", [](TinyNetwork &t) { t.array("out/out/kernel:0") = Matrix::Ones(5, 1); },
            "layer \"out\": kernel is 5 × 1 instead of 6 × 1");
        row(
            "wrong shape in a block",
            [](TinyNetwork &t) { t.array("block/block/block/phi_u/weight_u_0:0") = Matrix::Ones(3, 2); },
            "layer \"block\": phi_u/weight_u_0 is 3 × 2 instead of 6 × 2");
        row(
            "wrong shape in a readout",
            [](TinyNetwork &t) { t.array("read_e/read_e/recurrent_kernel:0") = Matrix::Ones(2, 3); },
            "layer \"read_e\": recurrent_kernel is 2 × 3 instead of 2 × 4");
        row(
            "not a number", [](TinyNetwork &t) { t.array("out/out/bias:0")(0) = std::nan(""); },
            "array \"out/out/bias:0\" holds infinities or not-a-number");
        row(
            "unknown layer", [](TinyNetwork &t) { t.layerNamed("out")["class_name"] = "LSTM"; },
            "layer \"out\": layers of kind LSTM are not known");
        row(
            "unknown activation", [](TinyNetwork &t) { t.layerNamed("out")["config"]["activation"] = "swish"; },
            "layer \"out\": the activation \"swish\" is not known");
        row(
            "unknown pooling", [](TinyNetwork &t) { t.layerNamed("block")["config"]["pool_method"] = "max"; },
            "layer \"block\": only the pooling method \"mean\" is known");
        row(
            "a circle", [](TinyNetwork &t) { t.layerNamed("dense_v")["inbound_nodes"][0][0][0] = "out"; },
            "connected in a circle");
        row(
            "no such source", [](TinyNetwork &t) { t.layerNamed("out")["inbound_nodes"][0][0][0] = "nowhere"; },
            "there is no layer \"nowhere\"");
        row(
            "no such output", [](TinyNetwork &t) { t.layerNamed("add_e")["inbound_nodes"][0][1][2] = 3; },
            "layer \"add_e\": its inputs are not outputs of earlier layers");
        row(
            "atoms added to bonds", [](TinyNetwork &t) { t.layerNamed("add_e")["inbound_nodes"][0][1][2] = 0; },
            "layer \"add_e\": its inputs differ");
        row(
            "readout of the state", [](TinyNetwork &t) { t.layerNamed("read_v")["inbound_nodes"][0][0][0] = "add_u"; },
            "layer \"read_v\": reads out neither atoms nor bonds");
        row(
            "atoms for bonds", [](TinyNetwork &t) { t.layerNamed("block")["inbound_nodes"][0][1][0] = "dense_v"; },
            "layer \"block\": works on bonds but is given atoms");
        row(
            "too many steps", [](TinyNetwork &t) { t.layerNamed("read_v")["config"]["T"] = 1'000'000; },
            "layer \"read_v\": the number of steps is 1000000");
        row(
            "output per atom", [](TinyNetwork &t) { t.config["config"]["output_layers"][0][0] = "add_v"; },
            "the network's output is not one number per structure");
        row(
            "JSON cut short", [](TinyNetwork &t) { t.sidecar = "{\"graph_converter\": "; },
            "tiny.hdf5.json: not valid JSON");
        row(
            "no cutoff", [](TinyNetwork &t) { t.sidecar["graph_converter"].erase("cutoff"); },
            "tiny.hdf5.json: wrong layout, key 'cutoff' not found");
        row(
            "a cutoff of no use", [](TinyNetwork &t) { t.sidecar["graph_converter"]["cutoff"] = -1.0; },
            "tiny.hdf5.json: cutoff is -1");
        row(
            "other number of centres",
            [](TinyNetwork &t) {
                t.sidecar["graph_converter"]["bond_converter"]["centers"] = {1.0, 2.0};
            },
            "layer \"dense_e\": kernel is 3 × 2 instead of 2 × 2");
        row(
            "a total",
            [](TinyNetwork &t) {
                t.sidecar["target_scaler"] = {{"mean", 0.0}, {"std", 1.0}, {"is_intensive", false}};
            },
            "grow with the number of atoms are not supported");
    }
    void everyWrongLayoutIsToldInOneLine()
    {
        QFETCH(std::function<void(TinyNetwork &)>, change);
        QFETCH(QString, message);
        TinyNetwork tiny;
        change(tiny);
        tiny.write(m_path);
        QString told = QStringLiteral("nothing was thrown");
        try {
            readMegnet(m_path);
        } catch (const Error &e) {
            told = QString::fromUtf8(e.what());
        }
        QVERIFY2(told.contains(message), qPrintable(told));
        QVERIFY2(told.contains(QStringLiteral("tiny.hdf5")), qPrintable(told));
        QVERIFY2(!told.contains(u'\n'), qPrintable(told));
    }

    void aTruncatedFileIsAnErrorWhereverItEnds()
    {
        TinyNetwork().write(m_path);
        const std::string whole = readFile(m_path);
        for (std::size_t length = 8; length < whole.size(); length += 1 + whole.size() / 200) {
            writeFile(m_path, whole.substr(0, length));
            THROWS_ERROR(readMegnet(m_path), "tiny.hdf5: the file is truncated or damaged");
        }
    }

    void aDamagedFileNeverCrashes()
    {
        TinyNetwork().write(m_path);
        const std::string whole = readFile(m_path);
        Rng rng(9);
        int errors = 0;
        for (int trial = 0; trial < 300; ++trial) {
            std::string damaged = whole;
            for (int k = 0; k < 4; ++k)
                damaged[rng.below(damaged.size())] = char(rng.next());
            writeFile(m_path, damaged);
            try {
                megnetPrediction(lithiumHydride(), readMegnet(m_path));
            } catch (const Error &e) {
                QVERIFY(std::string_view(e.what()).find("tiny.hdf5") != std::string_view::npos);
                ++errors;
            }
        }
        QVERIFY(errors > 0);
    }

    void thePublishedNetworksAreRead_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("property");
        QTest::addColumn<QString>("unit");
        QTest::addColumn<int>("steps");
        QTest::newRow("formation energy 2019") << "mp-2019.4.1/formation_energy"
                                               << "formation_energy"
                                               << "eV/atom" << 2;
        QTest::newRow("formation energy 2018") << "mp-2018.6.1/formation_energy"
                                               << "formation_energy"
                                               << "eV/atom" << 3;
        QTest::newRow("band gap") << "mp-2018.6.1/band_gap_regression"
                                  << "band_gap"
                                  << "eV" << 3;
        QTest::newRow("metal or not") << "mp-2018.6.1/band_classification"
                                      << "metal_probability"
                                      << "1" << 3;
    }
    void thePublishedNetworksAreRead()
    {
        NEEDS_SHARED("data/megnet");
        QFETCH(QString, file);
        QFETCH(QString, property);
        QFETCH(QString, unit);
        QFETCH(int, steps);
        const Megnet megnet = readMegnet(sharedPath("data/megnet/" + file.toStdString() + ".hdf5"));
        QCOMPARE(QString::fromStdString(megnet.property), property);
        QCOMPARE(QString::fromStdString(megnet.unit), unit);
        QCOMPARE(megnet.blocks(), 3);
        QCOMPARE(megnet.embeddingWidth(), 16);
        QCOMPARE(megnet.basis.centres_A.size(), 100u);
        Eigen::Index parameters = 0;
        for (const NamedArray &w : megnet.weights)
            parameters += w.array.size();
        QCOMPARE(parameters, 167'761);
        for (const NetworkLayer &layer : megnet.layers)
            if (layer.kind == "Set2Set")
                QCOMPARE(layer.steps, steps);
    }
};

QTEST_APPLESS_MAIN(TestMegnetFile)
#include "tst_megnet_file.moc"
