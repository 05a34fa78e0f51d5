// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/learning/atomsets.h"
#include "engine/learning/models.h"

#include "tests/support/toy_dataset.h"

using namespace engine;

namespace {
/// The small network of golden/learn/atomsets_forward_backward.json.
struct Golden {
    nlohmann::json json = sharedJson("golden/learn/atomsets_forward_backward.json");
    TrainingOptions options{.pooling = "set2set", .neurons = 5, .set2setHidden = 4, .l2Initial = 1e-3, .l2Final = 1e-2};
    Batch batch;

    Golden()
    {
        Dataset dataset;
        for (std::size_t i = 0; i < json["graphs"].size(); ++i) {
            AtomFeatures f;
            f.rows = matrixFrom(json["graphs"][i]);
            f.orbits.multiplicity.assign(f.rows.rows(), 1);
            for (int k = 0; k < f.rows.rows(); ++k) {
                f.orbits.orbitOfSite.push_back(k);
                f.orbits.representative.push_back(k);
            }
            dataset.samples.push_back({std::to_string(i), f, json["labels"][i].get<int>() == 1});
        }
        batch = makeBatch(dataset);
    }

    /// In the model's order, from "dense" and "set2set", or from "d_dense" and "d_set2set".
    Weights arrays(const std::string &prefix) const
    {
        Weights w;
        const auto add = [&](const nlohmann::json &group, const char *from, const std::string &name) {
            w.push_back({name, matrixFrom(group[from])});
        };
        const auto &dense = json[prefix + "dense"], &set = json[prefix + "set2set"];
        for (const std::string l : {"0", "1"}) {
            add(dense["phi" + l], "kernel", "initial_" + l + "/kernel");
            add(dense["phi" + l], "bias", "initial_" + l + "/bias");
        }
        add(set, "x_to_m_weight", "set2set/memory_kernel");
        add(set, "x_to_m_bias", "set2set/memory_bias");
        add(set, "recurrent_kernel", "set2set/recurrent_kernel");
        add(set, "recurrent_bias", "set2set/recurrent_bias");
        for (const std::string l : {"0", "1"}) {
            add(dense["rho" + l], "kernel", "final_" + l + "/kernel");
            add(dense["rho" + l], "bias", "final_" + l + "/bias");
        }
        add(dense["out"], "kernel", "output/kernel");
        add(dense["out"], "bias", "output/bias");
        return w;
    }
};

void addPoolings()
{
    QTest::addColumn<QString>("pooling");
    QTest::newRow("mean") << "mean";
    QTest::newRow("Set2Set") << "set2set";
}

TrainingOptions optionsOfRow()
{
    QFETCH(QString, pooling);
    TrainingOptions options = toyOptions();
    options.pooling = pooling.toStdString();
    return options;
}
}

class TestAtomSets : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void agreesWithTheReference()
    {
        NEEDS_SHARED("golden/learn/atomsets_forward_backward.json");
        const Golden golden;
        AtomSets model(golden.options, 6, Rng(1));
        model.setWeights(golden.arrays(""));
        COMPARE_MATRIX(model.logits(golden.batch).transpose(), matrixFrom(golden.json["logits"]), 1e-10);
        COMPARE_MATRIX(model.predict(golden.batch).transpose(), matrixFrom(golden.json["probability"]), 1e-10);

        Weights gradient = zerosLike(model.weights());
        const AtomSets::Loss loss = model.lossAndGradient(golden.batch, nullptr, gradient);
        COMPARE_NEAR(loss.crossEntropy, golden.json["bce"].get<double>(), 1e-10);
        COMPARE_NEAR(loss.penalty, golden.json["penalty"].get<double>(), 1e-10);
        COMPARE_NEAR(loss.total(), golden.json["loss"].get<double>(), 1e-10);
        const Weights expected = golden.arrays("d_");
        for (std::size_t k = 0; k < expected.size(); ++k) {
            QCOMPARE(gradient[k].name, expected[k].name);
            // Relative to the array's largest element; the file has 14 digits after the point.
            const double scale = std::max(1e-4, expected[k].array.cwiseAbs().maxCoeff());
            COMPARE_MATRIX(gradient[k].array / scale, expected[k].array / scale, 1e-10);
        }
    }

    void gradientsAgreeWithFiniteDifferences_data() { addPoolings(); }
    void gradientsAgreeWithFiniteDifferences()
    {
        TrainingOptions options = optionsOfRow();
        options.layers = 2;
        options.dropoutInitial = 0.2;
        options.dropoutFinal = 0.1;
        options.l2Initial = 0.01;
        options.l2Final = 0.02;
        const Batch batch = makeBatch(toyDataset(7, 4, Rng(2)));
        AtomSets model(options, 4, Rng(3));
        // Not on relu's corner, where a unit without input stands as long as its bias is 0.
        Weights weights = model.weights(), unused = zerosLike(weights), gradient = unused;
        Rng rng(5);
        for (NamedArray &w : weights)
            w.array += 0.1 * randomMatrix(int(w.array.rows()), int(w.array.cols()), rng);
        model.setWeights(weights);
        const auto loss = [&] {
            Rng masks(4);
            model.setWeights(weights);
            return model.lossAndGradient(batch, &masks, unused).total();
        };
        Rng masks(4);
        model.lossAndGradient(batch, &masks, gradient);
        for (std::size_t k = 0; k < weights.size(); ++k)
            COMPARE_MATRIX(gradient[k].array, finiteDifferences(weights[k].array, loss, 1e-6), 1e-6);
    }

    void theBatchingDoesNotMatter_data() { addPoolings(); }
    void theBatchingDoesNotMatter()
    {
        const Dataset dataset = toyDataset(150, 4, Rng(5)); // more than one batch of predict
        const AtomSets model(optionsOfRow(), 4, Rng(6));
        const Vector together = model.logits(makeBatch(dataset));
        for (std::size_t i = 0; i < dataset.size(); i += 29) {
            const Vector alone = model.logits(makeBatch(dataset, std::array{i}));
            COMPARE_NEAR(alone(0), together(Eigen::Index(i)), 1e-12);
        }
    }

    void orbitsWeightedByMultiplicityAreTheirSites_data() { addPoolings(); }
    void orbitsWeightedByMultiplicityAreTheirSites()
    {
        const Dataset dataset = toyDataset(20, 4, Rng(7));
        const Batch orbits = makeBatch(dataset), sites = makeBatch(dataset, true);
        QVERIFY(sites.segments.rows() > orbits.segments.rows());
        AtomSets model(optionsOfRow(), 4, Rng(8));
        COMPARE_MATRIX(model.logits(sites), model.logits(orbits), 1e-12);
        Weights fromOrbits = zerosLike(model.weights()), fromSites = fromOrbits;
        COMPARE_NEAR(model.lossAndGradient(orbits, nullptr, fromOrbits).total(),
                     model.lossAndGradient(sites, nullptr, fromSites).total(), 1e-12);
        for (std::size_t k = 0; k < fromOrbits.size(); ++k)
            COMPARE_MATRIX(fromSites[k].array, fromOrbits[k].array, 1e-12);
    }

    void learnsASeparableSet_data() { addPoolings(); }
    void learnsASeparableSet()
    {
        TrainingOptions options = optionsOfRow();
        options.epochs = 60;
        const Batch training = makeBatch(toyDataset(90, 4, Rng(9))), unseen = makeBatch(toyDataset(60, 4, Rng(10)));
        AtomSets model(options, 4, Rng(11));
        const Checkpoint trained = model.train(training, {.validation = &unseen});
        QCOMPARE(trained.history.back().aucPr, 1.0);
        QVERIFY(trained.history.back().mcc > 0.95);
        QVERIFY(trained.history.back().loss < 0.3 * trained.history.front().loss);
    }

    void weightsSurviveARoundTrip_data() { addPoolings(); }
    void weightsSurviveARoundTrip()
    {
        const Batch batch = makeBatch(toyDataset(10, 4, Rng(12)));
        const AtomSets model(optionsOfRow(), 4, Rng(13));
        const auto copy = makeModel(optionsOfRow(), model.weights());
        QVERIFY(copy->weights() == model.weights());
        QCOMPARE(copy->predict(batch), model.predict(batch));
    }

    void weightsOfAnotherShapeAreErrors()
    {
        TrainingOptions wide = toyOptions();
        wide.neurons = 9;
        AtomSets model(toyOptions(), 4, Rng(14));
        const Weights before = model.weights();
        THROWS_ERROR(model.setWeights(AtomSets(wide, 4, Rng(15)).weights()),
                     "\"initial_0/kernel\" is 4 × 9 instead of 4 × 8");
        QVERIFY(model.weights() == before);
        THROWS_ERROR(makeModel(toyOptions(), Weights{}), "no weights");
    }

    void freshWeightsAreAsDescribed()
    {
        TrainingOptions options = toyOptions();
        options.pooling = "set2set";
        const Weights w = AtomSets(options, 4, Rng(16)).weights();
        const Matrix &R = arrayOf(w, "set2set/recurrent_kernel"), &b = arrayOf(w, "set2set/recurrent_bias");
        COMPARE_MATRIX(R * R.transpose(), Matrix::Identity(8, 8), 1e-13);
        QVERIFY(b.middleCols(4, 4) == Matrix::Ones(1, 4));
        QCOMPARE(b.sum(), 4.0);
        QVERIFY(AtomSets(options, 4, Rng(17)).weights() != w);
        QVERIFY(AtomSets(options, 4, Rng(16)).weights() == w);
    }

    void unfitFeaturesAreErrors()
    {
        Dataset dataset = toyDataset(4, 3, Rng(18));
        dataset.samples[2].features.rows.conservativeResize(Eigen::NoChange, 2);
        THROWS_ERROR(makeBatch(dataset), "s2: has 2 features per atom where s0 has 3");
        dataset = toyDataset(4, 3, Rng(18));
        dataset.samples[1].features.rows(0, 0) = std::nan("");
        THROWS_ERROR(makeBatch(dataset), "s1: some of its features are not finite");
        dataset.samples[1].features = {};
        THROWS_ERROR(makeBatch(dataset), "s1: there is not one row of features");
    }
};

QTEST_APPLESS_MAIN(TestAtomSets)
#include "tst_atomsets.moc"
