// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/rng.h"
#include "engine/features/megnet.h"
#include "engine/features/megnet_file.h"

#include "tests/support/golden_structure.h"
#include "tests/support/shared.h"

#include <algorithm>
#include <numeric>

using namespace engine;

namespace {

const char *const goldenFiles[] = {
    "disordered_97b",       "disordered_9n0", "disordered_gas",        "disordered_gwu_camns",
    "disordered_hx7_camns", "disordered_ia5", "edge_cutoff_exactly_5", "edge_isolated_atom",
    "edge_skewed_cell",     "edge_unwrapped", "ordered_010",           "ordered_014",
    "ordered_015",          "ordered_049",    "ordered_050",           "ordered_076"};

Megnet published(const std::string &name)
{
    return readMegnet(sharedPath("data/megnet/" + name + ".hdf5"));
}

Matrix matrixOf(const nlohmann::json &rows)
{
    Matrix m(Eigen::Index(rows.size()), Eigen::Index(rows.at(0).size()));
    for (Eigen::Index r = 0; r < m.rows(); ++r)
        for (Eigen::Index c = 0; c < m.cols(); ++c)
            m(r, c) = rows[r][c].get<double>();
    return m;
}

double largestDifference(const Matrix &a, const Matrix &b)
{
    return (a - b).cwiseAbs().maxCoeff() / b.cwiseAbs().maxCoeff();
}

/// A lattice of three times the volume, and the same crystal in it.
Structure supercell(const Structure &structure)
{
    Structure large = structure;
    large.sites.clear();
    large.lattice.vectors.row(1) *= 3.0;
    for (int n = 0; n < 3; ++n)
        for (Site site : structure.sites) {
            site.fractional[1] = (site.fractional[1] + n) / 3.0;
            large.sites.push_back(site);
        }
    return large;
}

Structure golden(const std::string &name)
{
    return goldenStructure(sharedJson("golden/megnet/" + name + ".json"));
}

/// A structure as pymatgen stores it.
Structure pymatgenStructure(const nlohmann::json &entry)
{
    Structure structure;
    structure.lattice.vectors = matrixOf(entry["lattice"]["matrix"]);
    for (const auto &s : entry["sites"]) {
        Site site;
        for (int k = 0; k < 3; ++k)
            site.fractional[k] = s["abc"][k].get<double>();
        for (const auto &species : s["species"])
            site.occupants.push_back(
                {{*atomicNumber(species["element"].get<std::string>())}, species["occu"].get<double>()});
        structure.sites.push_back(site);
    }
    return structure;
}

Structure rockSalt()
{
    Structure structure;
    structure.lattice.vectors << 0, 2.565, 2.565, 2.565, 0, 2.565, 2.565, 2.565, 0;
    structure.sites.resize(2);
    structure.sites[0].occupants = {{{3}, 1.0}};
    structure.sites[1].fractional = Vector3(0.5, 0.5, 0.5);
    structure.sites[1].occupants = {{{17}, 1.0}};
    return structure;
}

void addGoldenRows()
{
    QTest::addColumn<QString>("name");
    for (const char *name : goldenFiles)
        QTest::newRow(name) << name;
}

}

class TestMegnet : public QObject {
    Q_OBJECT

    Megnet m_parent, m_bandGap, m_classifier;

private Q_SLOTS:
    void initTestCase()
    {
        if (!std::filesystem::exists(sharedPath("data/megnet")))
            return; // every test that needs a network skips
        m_parent = published("mp-2019.4.1/formation_energy");
        m_bandGap = published("mp-2018.6.1/band_gap_regression");
        m_classifier = published("mp-2018.6.1/band_classification");
    }

    void agreesWithTheIndependentImplementation_data() { addGoldenRows(); }
    void agreesWithTheIndependentImplementation()
    {
        NEEDS_SHARED("golden/megnet");
        NEEDS_SHARED("data/megnet");
        QFETCH(QString, name);
        const auto entry = sharedJson("golden/megnet/" + name.toStdString() + ".json");
        const Structure structure = goldenStructure(entry);

        const auto &expected = entry["formation_energy_model"];
        const Graph graph = buildGraph(structure, {.cutoff_A = m_parent.cutoff_A});
        QCOMPARE(graph.bondsOfCell(), expected["n_edges"].get<long>());
        double distanceSum_A = 0;
        for (int i = 0; i < graph.orbits.count(); ++i)
            for (int b = graph.firstBond[i]; b < graph.firstBond[i + 1]; ++b)
                distanceSum_A += graph.distance_A[b] * graph.count[b] * graph.orbits.multiplicity[i];
        COMPARE_NEAR(distanceSum_A, expected["distance_sum"].get<double>(), 1e-9 * distanceSum_A);
        for (int site = 0; site < graph.orbits.sites(); ++site)
            QCOMPARE(graph.bondsOfSite(graph.orbits.orbitOfSite[site]), expected["edges_per_site"][site].get<long>());
        for (int layer = 0; layer <= 3; ++layer)
            COMPARE_NEAR(largestDifference(megnetFeatures(graph, m_parent, layer).expanded(),
                                           matrixOf(expected["V" + std::to_string(layer)])),
                         0.0, 1e-9);
        COMPARE_NEAR(megnetPrediction(graph, m_parent), expected["formation_energy_eV_per_atom"].get<double>(), 1e-9);

        const Graph near = buildGraph(structure, {.cutoff_A = m_bandGap.cutoff_A});
        QCOMPARE(near.bondsOfCell(), entry["band_gap_model"]["n_edges"].get<long>());
        const double gap_eV = entry["band_gap_model"]["band_gap_eV"].get<double>();
        COMPARE_NEAR(megnetPrediction(near, m_bandGap), gap_eV, 1e-9 * std::max(1.0, std::abs(gap_eV)));
        COMPARE_NEAR(megnetPrediction(near, m_classifier),
                     1.0 - entry["band_classifier_model"]["probability_nonmetal"].get<double>(), 1e-9);
    }

    void orderOfSitesOriginAndCellDoNotMatter_data() { addGoldenRows(); }
    void orderOfSitesOriginAndCellDoNotMatter()
    {
        NEEDS_SHARED("golden/megnet");
        NEEDS_SHARED("data/megnet");
        QFETCH(QString, name);
        const Structure structure = goldenStructure(sharedJson("golden/megnet/" + name.toStdString() + ".json"));
        const Graph graph = buildGraph(structure);
        const double energy = megnetPrediction(graph, m_parent);

        Rng rng(11);
        Structure moved = structure;
        const auto order = rng.permutation(structure.sites.size());
        for (std::size_t i = 0; i < order.size(); ++i) {
            moved.sites[i] = structure.sites[order[i]];
            moved.sites[i].fractional += Vector3(0.123, -0.456, 0.789);
        }
        const Graph movedGraph = buildGraph(moved);
        const Graph large = buildGraph(supercell(structure));
        const Graph perSite = buildGraph(structure, {.mergeEqualSites = false});
        const double tolerance = 1e-10 * std::max(1.0, std::abs(energy));
        COMPARE_NEAR(megnetPrediction(movedGraph, m_parent), energy, tolerance);
        COMPARE_NEAR(megnetPrediction(large, m_parent), energy, tolerance);
        COMPARE_NEAR(megnetPrediction(perSite, m_parent), energy, tolerance);
        QCOMPARE(large.orbits.sites(), 3 * graph.orbits.sites());
        for (int layer = 0; layer <= 3; ++layer) {
            const Matrix V = megnetFeatures(graph, m_parent, layer).expanded();
            const Matrix movedV = megnetFeatures(movedGraph, m_parent, layer).expanded();
            Matrix expected = V;
            for (std::size_t i = 0; i < order.size(); ++i)
                expected.row(Eigen::Index(i)) = V.row(Eigen::Index(order[i]));
            COMPARE_NEAR(largestDifference(movedV, expected), 0.0, 1e-10);
            COMPARE_NEAR(largestDifference(megnetFeatures(large, m_parent, layer).expanded(), V.replicate(3, 1)), 0.0,
                         1e-10);
            COMPARE_NEAR(largestDifference(megnetFeatures(perSite, m_parent, layer).expanded(), V), 0.0, 1e-10);
        }
    }

    void theEmbeddingIsThePublishedTable()
    {
        NEEDS_SHARED("data/megnet");
        const auto table = sharedJson("data/megnet/embeddings/maml_elemental_embedding_3MEGNet_layer.json");
        QVERIFY(table.size() >= 89);
        for (const auto &[symbol, expected] : table.items()) {
            Structure structure;
            structure.lattice.vectors = 4.0 * Matrix3::Identity();
            structure.sites.resize(1);
            structure.sites[0].occupants = {{{*atomicNumber(symbol)}, 1.0}};
            const Matrix V0 = megnetFeatures(buildGraph(structure), m_parent, 0).rows;
            QCOMPARE(V0.cols(), m_parent.embeddingWidth());
            for (int k = 0; k < V0.cols(); ++k)
                COMPARE_NEAR(V0(0, k), expected[k].get<double>(), 1e-7);
        }
    }

    void energiesOfKnownCrystalsAreRight()
    {
        NEEDS_SHARED("data/mp/maml_atomsets");
        NEEDS_SHARED("data/megnet");
        const auto data = sharedJson("data/mp/maml_atomsets/mp_ef_100.json");
        std::vector<double> errors;
        for (std::size_t i = 0; i < data["structure"].size(); ++i) {
            const Graph graph = buildGraph(pymatgenStructure(data["structure"][i]), {.cutoff_A = m_parent.cutoff_A});
            errors.push_back(std::abs(megnetPrediction(graph, m_parent) - data["Ef"][i].get<double>()));
        }
        const double mean = std::accumulate(errors.begin(), errors.end(), 0.0) / double(errors.size());
        std::nth_element(errors.begin(), errors.begin() + std::ptrdiff_t(errors.size() / 2), errors.end());
        const double median = errors[errors.size() / 2];
        qInfo("formation energy of %zu structures: mean absolute error %.4f, median %.4f eV/atom", errors.size(), mean,
              median);
        QVERIFY(mean <= 0.055);
        QVERIFY(median <= 0.016);
    }

    void metalsAreToldFromNonMetals()
    {
        NEEDS_SHARED("data/mp/maml_atomsets");
        NEEDS_SHARED("data/megnet");
        const auto data = sharedJson("data/mp/maml_atomsets/mp_is_metal_100.json");
        int right = 0;
        double metalGap_eV = 0, otherGap_eV = 0;
        int metals = 0, n = int(data["structure"].size());
        for (int i = 0; i < n; ++i) {
            const Graph graph =
                buildGraph(pymatgenStructure(data["structure"][i]), {.cutoff_A = m_classifier.cutoff_A});
            const bool isMetal = data["is_metal"][i].get<bool>();
            right += (megnetPrediction(graph, m_classifier) > 0.5) == isMetal;
            metals += isMetal;
            (isMetal ? metalGap_eV : otherGap_eV) += megnetPrediction(graph, m_bandGap);
        }
        qInfo("metal or not: %d of %d right; mean predicted gap of %d metals %.2f eV, of %d non-metals %.2f eV", right,
              n, metals, metalGap_eV / metals, n - metals, otherGap_eV / (n - metals));
        QVERIFY(right >= 0.7 * n);
        QVERIFY(otherGap_eV / (n - metals) > metalGap_eV / metals);
    }

    void blocksAboveTheLayerAreNotNeeded()
    {
        NEEDS_SHARED("golden/megnet");
        NEEDS_SHARED("data/megnet");
        // Not-a-number anywhere behind the first block's atoms must not matter to V1, nor any bond weight to V0.
        const Graph graph = buildGraph(golden("ordered_015"));
        Megnet damaged = m_parent;
        bool isBehind = false;
        for (const NetworkLayer &layer : damaged.layers) {
            for (NamedArray &w : damaged.weights)
                if (w.name.starts_with(layer.name + "/") && (isBehind || w.name.find("/phi_u/") != std::string::npos))
                    w.array.setConstant(std::nan(""));
            isBehind = isBehind || layer.kind == "MEGNetLayer";
        }
        QVERIFY(std::isnan(megnetPrediction(graph, damaged)));
        QCOMPARE(megnetFeatures(graph, damaged, 1).rows, megnetFeatures(graph, m_parent, 1).rows);
        for (NamedArray &w : damaged.weights)
            if (!w.name.ends_with("/embeddings"))
                w.array.setConstant(std::nan(""));
        QCOMPARE(megnetFeatures(graph, damaged, 0).rows, megnetFeatures(graph, m_parent, 0).rows);
    }

    void whatTheNetworkDoesNotKnowIsNamed()
    {
        NEEDS_SHARED("data/megnet");
        Structure structure;
        structure.lattice.vectors = 4.0 * Matrix3::Identity();
        structure.sites.resize(1);
        structure.sites[0].occupants = {{{95}, 1.0}};
        const Graph americium = buildGraph(structure);
        THROWS_ERROR(megnetFeatures(americium, m_parent, 0), "does not know the element Am: its embedding ends at Pu");
        THROWS_ERROR(megnetPrediction(americium, m_parent), "does not know the element Am");
        structure.sites[0].occupants = {{{11}, 0.5}, {{86}, 0.5}};
        const Graph radon = buildGraph(structure);
        THROWS_ERROR(megnetFeatures(radon, m_parent, 4), "no layer V4, only V0 to V3");
        THROWS_ERROR(megnetFeatures(radon, m_parent, -1), "no layer V-1");
        QCOMPARE(untrainedElements(radon, m_parent), (std::vector{86}));
        QVERIFY(untrainedElements(buildGraph(rockSalt()), m_parent).empty());
    }

    void onlyPoloniumToRadiumWereNeverTrained()
    {
        NEEDS_SHARED("data/megnet");
        Structure all;
        all.lattice.vectors = 4.0 * Matrix3::Identity();
        all.sites.resize(1);
        for (int Z = 1; Z <= 94; ++Z)
            all.sites[0].occupants.push_back({{Z}, 0.01});
        QCOMPARE(untrainedElements(buildGraph(all), m_parent), (std::vector{84, 85, 86, 87, 88}));
    }
};

QTEST_APPLESS_MAIN(TestMegnet)
#include "tst_megnet.moc"
