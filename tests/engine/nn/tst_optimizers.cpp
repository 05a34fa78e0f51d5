// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nn/optimizer.h"

#include "tests/support/arrays.h"

using namespace engine;

class TestOptimizers : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void lambAgreesWithTheReference()
    {
        NEEDS_SHARED("golden/learn/lamb_step.json");
        const auto json = sharedJson("golden/learn/lamb_step.json");
        const Matrix g = matrixFrom(json["g"]);
        for (const auto &item : json["cases"]) {
            Weights w = {{"w", matrixFrom(json["w"])}};
            Optimizer lamb(
                {.kind = OptimizerKind::Lamb, .learningRate = json["lr"], .weightDecay = item["weight_decay"]}, w);
            lamb.step(w, {{"w", g}});
            COMPARE_MATRIX(w[0].array, matrixFrom(item["after_step1"]), 1e-13);
            COMPARE_MATRIX(arrayOf(lamb.state(), "m/w"), matrixFrom(item["m1"]), 1e-13);
            COMPARE_MATRIX(arrayOf(lamb.state(), "v/w"), matrixFrom(item["v1"]), 1e-13);
            lamb.step(w, {{"w", (-0.5 * g).array() + 0.1}});
            COMPARE_MATRIX(w[0].array, matrixFrom(item["after_step2"]), 1e-13);
        }
    }

    void aFreshBiasHasTrustRatioOne()
    {
        NEEDS_SHARED("golden/learn/lamb_step.json");
        const auto json = sharedJson("golden/learn/lamb_step.json");
        const Matrix g = matrixFrom(json["zero_tensor"]["g"]);
        Weights w = {{"w", Matrix::Zero(1, 3)}};
        Optimizer({.kind = OptimizerKind::Lamb, .learningRate = json["lr"]}, w).step(w, {{"w", g}});
        COMPARE_MATRIX(w[0].array, matrixFrom(json["zero_tensor"]["after"]), 1e-13);
    }

    void triangular2AgreesWithTheReference()
    {
        NEEDS_SHARED("golden/learn/triangular2.json");
        const auto json = sharedJson("golden/learn/triangular2.json");
        for (std::size_t i = 0; i < json["steps"].size(); ++i)
            COMPARE_NEAR(triangular2(json["steps"][i], json["step_size"], json["init_lr"], json["max_lr"]),
                         json["lr"][i].get<double>(), 1e-13);
    }

    void theWholeChainAgreesWithTheReference()
    {
        NEEDS_SHARED("golden/learn/lamb_lookahead_triangular2.json");
        const auto json = sharedJson("golden/learn/lamb_lookahead_triangular2.json");
        Weights w = {{"w", matrixFrom(json["w0"])}};
        Optimizer optimizer({.kind = OptimizerKind::Lamb,
                             .learningRate = json["init_lr"],
                             .learningRateMax = json["max_lr"],
                             .scheduleHalfWidth = json["step_size"],
                             .lookahead = true},
                            w);
        for (std::size_t t = 0; t < json["trace"].size(); ++t) {
            optimizer.step(w, {{"w", matrixFrom(json["gradients"][t])}});
            COMPARE_MATRIX(w[0].array, matrixFrom(json["trace"][t]["w"]), 1e-12);
        }
    }

    void adamAgreesWithAHandCalculation()
    {
        // g = 0.5, then −1:  m = 0.05, −0.055;  v = 2.5e-4, 1.24975e-3
        Weights w = {{"w", Matrix::Constant(1, 1, 2.0)}};
        Optimizer adam({.learningRate = 0.1}, w);
        adam.step(w, {{"w", Matrix::Constant(1, 1, 0.5)}});
        const double first = 2.0 - 0.1 * 0.5 / (0.5 + 1e-7);
        COMPARE_NEAR(w[0].array(0, 0), first, 1e-12);
        adam.step(w, {{"w", Matrix::Constant(1, 1, -1.0)}});
        const double mHat = -0.055 / (1.0 - 0.81), vHat = 1.24975e-3 / (1.0 - 0.998001);
        COMPARE_NEAR(w[0].array(0, 0), first - 0.1 * mHat / (std::sqrt(vHat) + 1e-7), 1e-12);
    }

    void everyKindFindsTheMinimumOfABowl_data()
    {
        QTest::addColumn<bool>("isLamb");
        QTest::addColumn<bool>("lookahead");
        QTest::newRow("Adam") << false << false;
        QTest::newRow("Adam with Lookahead") << false << true;
        QTest::newRow("LAMB with Lookahead") << true << true;
    }

    void everyKindFindsTheMinimumOfABowl()
    {
        QFETCH(bool, isLamb);
        QFETCH(bool, lookahead);
        Rng rng(1);
        const Matrix target = randomMatrix(40, 50, rng); // longer than one chunk of the update
        Weights w = {{"w", randomMatrix(40, 50, rng)}};
        // The schedule ends with small steps: with large ones any of them wanders about the minimum.
        Optimizer optimizer({.kind = isLamb ? OptimizerKind::Lamb : OptimizerKind::Adam,
                             .learningRate = 1e-4,
                             .learningRateMax = 0.05,
                             .scheduleHalfWidth = 500,
                             .lookahead = lookahead},
                            w);
        for (int t = 0; t < 3000; ++t)
            optimizer.step(w, {{"w", w[0].array - target}});
        QVERIFY((w[0].array - target).cwiseAbs().maxCoeff() < 0.02);
    }

    void aRestoredStateContinuesBitForBit()
    {
        Rng rng(2);
        const OptimizerOptions options{
            .kind = OptimizerKind::Lamb, .learningRateMax = 0.1, .scheduleHalfWidth = 7, .lookahead = true};
        Weights w = {{"a", randomMatrix(3, 4, rng)}, {"b", randomMatrix(1, 4, rng)}};
        const auto gradients = [&](int t) {
            Rng draw = Rng(3).split(t);
            return Weights{{"a", randomMatrix(3, 4, draw)}, {"b", randomMatrix(1, 4, draw)}};
        };
        Optimizer straight(options, w);
        for (int t = 0; t < 8; ++t)
            straight.step(w, gradients(t));
        Weights restoredWeights = w;
        Optimizer restored(options, w);
        restored.setState(straight.state());
        for (int t = 8; t < 20; ++t) {
            straight.step(w, gradients(t));
            restored.step(restoredWeights, gradients(t));
        }
        QVERIFY(w == restoredWeights);
        QVERIFY(straight.state() == restored.state());
    }

    void theStateOfAnotherOptimizerIsAnError()
    {
        const Weights w = {{"a", Matrix::Ones(2, 2)}};
        Optimizer plain({}, w), withLookahead({.lookahead = true}, w);
        THROWS_ERROR(withLookahead.setState(plain.state()), "slow/a");
    }
};

QTEST_APPLESS_MAIN(TestOptimizers)
#include "tst_optimizers.moc"
