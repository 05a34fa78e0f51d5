// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/learning/logistic.h"
#include "engine/learning/models.h"

#include "tests/support/toy_dataset.h"

using namespace engine;

namespace {
/// Every row of X a structure of one atom.
Batch batchOf(const Matrix &X, const std::vector<int> &labels)
{
    Dataset dataset;
    for (Eigen::Index i = 0; i < X.rows(); ++i)
        dataset.samples.push_back({std::to_string(i), toyFeatures(X.row(i)), labels[i] == 1});
    return makeBatch(dataset);
}
}

class TestLogistic : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void agreesWithTheReference()
    {
        NEEDS_SHARED("golden/crystal/logreg.json");
        const auto json = sharedJson("golden/crystal/logreg.json");
        const Batch batch = batchOf(matrixFrom(json["X"]), json["y"]);
        int compared = 0;
        for (const auto &fit : json["fits"]) {
            if (!fit["class_weight"].is_null())
                continue;
            const double C = fit["C"], tolerance = C >= 100 ? 1e-3 : 1e-4;
            const TrainingOptions options{.model = "logistic", .inverseRegularisation = C};
            Logistic model(options, int(batch.X.cols()), Rng(1));
            const Checkpoint trained = model.train(batch, {.validation = &batch});
            const Weights w = model.weights();
            COMPARE_MATRIX(arrayOf(w, "mean"), matrixFrom(json["mean"]), 1e-6);
            COMPARE_MATRIX(arrayOf(w, "scale"), matrixFrom(json["scale"]), 1e-6);
            COMPARE_MATRIX(arrayOf(w, "coefficients").transpose(), matrixFrom(fit["coef"]), tolerance);
            COMPARE_NEAR(arrayOf(w, "intercept")(0, 0), fit["intercept"].get<double>(), tolerance);
            const Vector p = model.predict(batch);
            for (int i = 0; i < 5; ++i)
                COMPARE_NEAR(p(i), fit["proba_first5"][i].get<double>(), tolerance);
            COMPARE_NEAR(trained.history[0].mcc, fit["mcc"].get<double>(), 1e-6);
            ++compared;
        }
        QVERIFY(compared >= 3);
    }

    void aConstantColumnTellsNothing()
    {
        Rng rng(1);
        Matrix X = randomMatrix(30, 3, rng);
        X.col(1).setConstant(0.1);
        std::vector<int> labels;
        for (int i = 0; i < 30; ++i)
            labels.push_back(X(i, 0) > 0.0);
        const Batch batch = batchOf(X, labels);
        Logistic model({.model = "logistic"}, 3, Rng(1));
        model.train(batch, {});
        QCOMPARE(arrayOf(model.weights(), "coefficients")(1, 0), 0.0);
        QCOMPARE(arrayOf(model.weights(), "scale")(0, 1), 1.0);
    }

    void theGradientVanishesAtTheSolution()
    {
        // Separable data and hardly any penalty: the hardest case for Newton's method.
        const Batch batch = makeBatch(toyDataset(40, 4, Rng(2)));
        const double C = 1e4;
        Logistic model({.model = "logistic", .inverseRegularisation = C}, 4, Rng(1));
        model.train(batch, {});
        const Weights w = model.weights();
        const RowVector mean = arrayOf(w, "mean"), scale = arrayOf(w, "scale");
        const Matrix Z = (meanRows(batch).rowwise() - mean).array().rowwise() / scale.array();
        const Vector residual = model.predict(batch) - batch.labels;
        const Matrix gradient = arrayOf(w, "coefficients") + C * (Z.transpose() * residual);
        QVERIFY(gradient.cwiseAbs().maxCoeff() < 1e-5);
        COMPARE_NEAR(C * residual.sum(), 0.0, 1e-5);
    }

    void learnsASeparableSetAndSurvivesARoundTrip()
    {
        const TrainingOptions options{.model = "logistic"};
        const Batch training = makeBatch(toyDataset(60, 4, Rng(3))), unseen = makeBatch(toyDataset(60, 4, Rng(4)));
        const auto model = makeModel(options, 4, Rng(1));
        const Checkpoint trained = model->train(training, {.validation = &unseen});
        QVERIFY(trained.history.back().aucPr > 0.99);
        QCOMPARE(trained.epoch, options.epochs);
        const auto copy = makeModel(options, model->weights());
        QVERIFY(copy->weights() == model->weights());
        QCOMPARE(copy->predict(unseen), model->predict(unseen));
        THROWS_ERROR(copy->setWeights({}), "\"coefficients\" is missing");
    }

    void neitherOrderNorSeedMatters()
    {
        const Dataset dataset = toyDataset(40, 4, Rng(5), 0.0);
        std::vector<std::size_t> reversed(40);
        for (std::size_t i = 0; i < 40; ++i)
            reversed[i] = 39 - i;
        Logistic a({.model = "logistic"}, 4, Rng(1)), b({.model = "logistic"}, 4, Rng(2));
        a.train(makeBatch(dataset), {});
        b.train(makeBatch(dataset, reversed), {});
        COMPARE_MATRIX(arrayOf(b.weights(), "coefficients"), arrayOf(a.weights(), "coefficients"), 1e-7);
    }

    void labelsOfOneKindAreErrors()
    {
        Batch batch = makeBatch(toyDataset(10, 4, Rng(6)));
        batch.labels.setOnes();
        THROWS_ERROR(Logistic({.model = "logistic"}, 4, Rng(1)).train(batch, {}), "all 10 are superionic");
    }
};

QTEST_APPLESS_MAIN(TestLogistic)
#include "tst_logistic.moc"
