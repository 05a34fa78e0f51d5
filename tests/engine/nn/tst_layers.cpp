// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nn/dense.h"
#include "engine/nn/initialise.h"
#include "engine/nn/loss.h"
#include "engine/nn/pooling.h"
#include "engine/nn/weights.h"

#include "tests/support/arrays.h"

using namespace engine;

class TestLayers : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void denseGradientsAgreeWithFiniteDifferences()
    {
        Rng rng(1);
        Matrix X = randomMatrix(7, 4, rng), W = randomMatrix(4, 3, rng), b = randomMatrix(1, 3, rng);
        const Matrix c = randomMatrix(7, 3, rng); // loss = Σ c Y²
        Matrix Y(7, 3);
        const auto loss = [&] {
            denseForward(X, W, b, Y);
            return c.cwiseProduct(Y).cwiseProduct(Y).sum();
        };
        loss();
        const Matrix dY = 2.0 * c.cwiseProduct(Y);
        Matrix dW(4, 3), db(1, 3), dX(7, 4);
        denseBackward(X, dY, dW, db);
        denseBackwardInput(W, dY, dX);
        COMPARE_MATRIX(dW, finiteDifferences(W, loss), 1e-6);
        COMPARE_MATRIX(db, finiteDifferences(b, loss), 1e-6);
        COMPARE_MATRIX(dX, finiteDifferences(X, loss), 1e-6);
    }

    void reluGradientAgreesWithFiniteDifferences_data()
    {
        QTest::addColumn<double>("dropout");
        QTest::newRow("no dropout") << 0.0;
        QTest::newRow("30 % dropped") << 0.3;
    }

    void reluGradientAgreesWithFiniteDifferences()
    {
        QFETCH(double, dropout);
        Rng rng(2);
        Matrix X = randomMatrix(20, 5, rng);
        const Matrix c = randomMatrix(20, 5, rng);
        Matrix Y;
        const auto loss = [&] {
            Y = X;
            Rng masks(3); // the same masks in every call
            reluForward(Y, dropout, &masks);
            return c.cwiseProduct(Y).sum();
        };
        loss();
        Matrix dY = c;
        reluBackward(Y, dropout, dY);
        COMPARE_MATRIX(dY, finiteDifferences(X, loss), 1e-6);
    }

    void dropoutKeepsTheMeanAndActsInTrainingOnly()
    {
        const Matrix ones = Matrix::Ones(1000, 100);
        Matrix Y = ones;
        reluForward(Y, 0.3, nullptr);
        QVERIFY(Y == ones);
        Rng rng(4);
        reluForward(Y, 0.3, &rng);
        // Each unit is 0 or 1/0.7, with standard deviation √(0.3 / 0.7): five standard errors.
        COMPARE_NEAR(Y.mean(), 1.0, 5 * std::sqrt(0.3 / 0.7 / 1e5));
        COMPARE_NEAR((Y.array() == 0.0).cast<double>().mean(), 0.3, 5 * std::sqrt(0.3 * 0.7 / 1e5));
        COMPARE_NEAR(Y.maxCoeff(), 1.0 / 0.7, 1e-15);
    }

    void dropoutDrawsANewMaskForEveryRow()
    {
        Matrix Y = Matrix::Ones(2, 64);
        Rng rng(5);
        reluForward(Y, 0.5, &rng);
        QVERIFY(Y.row(0) != Y.row(1));
    }

    void meanPoolingIsTheWeightedMean()
    {
        Matrix X(3, 2), q(2, 2);
        X << 1, 2, 4, 8, 5, 7;
        const Segments segments{.first = {0, 2, 3}, .weight = Vector{{1.0, 2.0, 6.0}}};
        meanPoolForward(X, segments, q);
        COMPARE_MATRIX(q, Matrix({{3, 6}, {5, 7}}), 1e-15);
    }

    void meanPoolingGradientAgreesWithFiniteDifferences()
    {
        Rng rng(6);
        Matrix X = randomMatrix(6, 3, rng), q(2, 3);
        const Matrix c = randomMatrix(2, 3, rng);
        Segments segments{.first = {0, 4, 6}, .weight = Vector{{1, 3, 2, 2, 8, 1}}};
        const auto loss = [&] {
            meanPoolForward(X, segments, q);
            return c.cwiseProduct(q).sum();
        };
        Matrix dX(6, 3);
        meanPoolBackward(segments, c, dX);
        COMPARE_MATRIX(dX, finiteDifferences(X, loss), 1e-6);
    }

    void crossEntropyAgreesWithItsDefinition()
    {
        const Matrix z{{0.3}, {-1.2}, {2.0}};
        const Vector y{{1.0, 0.0, 0.0}};
        Matrix dz(3, 1);
        const auto p = [](double x) { return 1.0 / (1.0 + std::exp(-x)); };
        COMPARE_NEAR(binaryCrossEntropy(z, y, dz),
                     -(std::log(p(0.3)) + std::log(1.0 - p(-1.2)) + std::log(1.0 - p(2.0))) / 3.0, 1e-15);
    }

    void crossEntropyStaysFiniteForSureMistakes()
    {
        const Matrix z{{800.0}, {-800.0}};
        const Vector y{{0.0, 1.0}};
        Matrix dz(2, 1);
        COMPARE_NEAR(binaryCrossEntropy(z, y, dz), 800.0, 1e-12);
        COMPARE_MATRIX(dz, Matrix({{0.5}, {-0.5}}), 1e-15);
    }

    void crossEntropyGradientAgreesWithFiniteDifferences()
    {
        Rng rng(7);
        Matrix z = randomMatrix(8, 1, rng), dz(8, 1), unused(8, 1);
        const Vector y{{1, 0, 0, 1, 1, 0, 1, 0}};
        binaryCrossEntropy(z, y, dz);
        COMPARE_MATRIX(dz, finiteDifferences(z, [&] { return binaryCrossEntropy(z, y, unused); }), 1e-6);
    }

    void l2GradientAgreesWithFiniteDifferences()
    {
        Rng rng(8);
        Matrix W = randomMatrix(3, 4, rng), dW = Matrix::Zero(3, 4), unused = dW;
        COMPARE_NEAR(l2Penalty(0.01, W, dW), 0.01 * W.squaredNorm(), 1e-15);
        COMPARE_MATRIX(dW, finiteDifferences(W, [&] { return l2Penalty(0.01, W, unused); }), 1e-6);
    }

    void glorotFillsItsRange()
    {
        Rng rng(9);
        const Matrix W = glorotUniform(200, 100, rng);
        const double limit = std::sqrt(6.0 / 300.0);
        QVERIFY(W.cwiseAbs().maxCoeff() <= limit);
        COMPARE_NEAR(W.cwiseAbs().maxCoeff(), limit, 0.01 * limit);
        COMPARE_NEAR(W.mean(), 0.0, 5 * limit / std::sqrt(3.0 * 20000));
    }

    void orthogonalMatricesAreOrthogonal()
    {
        Rng rng(10);
        const Matrix wide = orthogonal(6, 12, rng), tall = orthogonal(12, 6, rng);
        COMPARE_MATRIX(wide * wide.transpose(), Matrix::Identity(6, 6), 1e-14);
        COMPARE_MATRIX(tall.transpose() * tall, Matrix::Identity(6, 6), 1e-14);
    }

    void weightsOfAnotherNetworkAreErrors()
    {
        const Weights expected = {{"a", Matrix::Zero(2, 3)}, {"b", Matrix::Zero(1, 3)}};
        QVERIFY(zerosLike(expected) == expected);
        checkSameShapes(expected, expected);
        THROWS_ERROR(checkSameShapes({expected[0]}, expected), "\"b\" is missing");
        THROWS_ERROR(checkSameShapes({{"a", Matrix::Zero(3, 2)}, expected[1]}, expected),
                     "\"a\" is 3 × 2 instead of 2 × 3");
        THROWS_ERROR(checkSameShapes({expected[0], expected[1], expected[0]}, expected), "it has no \"a\"");
        THROWS_ERROR(arrayOf(expected, "c"), "no array named \"c\"");
        QVERIFY(expected[0] != (NamedArray{"a", Matrix::Zero(3, 2)}));
    }
};

QTEST_APPLESS_MAIN(TestLayers)
#include "tst_layers.moc"
