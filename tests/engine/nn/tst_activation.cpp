// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nn/activation.h"

#include "tests/support/shared.h"

#include <cmath>

using namespace engine;

class TestActivation : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void namesAreThoseOfStoredNetworks()
    {
        QVERIFY(activationNamed("softplus2") == Activation::Softplus2);
        QVERIFY(activationNamed("linear") == Activation::Linear);
        QVERIFY(activationNamed("sigmoid") == Activation::Sigmoid);
        QVERIFY(activationNamed("relu") == Activation::Relu);
        QVERIFY(activationNamed("tanh") == Activation::Tanh);
        QVERIFY(!activationNamed("swish"));
    }

    void softplus2IsExactFromOverflowToZero()
    {
        Matrix y(1, 7);
        y << -1000.0, -30.0, -1e-9, 0.0, 1e-9, 30.0, 1e300;
        activate(Activation::Softplus2, y);
        // ln(1 + eˣ) − ln 2; near zero x/2 + x²/8
        COMPARE_NEAR(y(0), -std::log(2.0), 1e-15);
        COMPARE_NEAR(y(1), std::log1p(std::exp(-30.0)) - std::log(2.0), 1e-15);
        COMPARE_NEAR(y(2), -0.5e-9, 1e-16);
        QCOMPARE(y(3), 0.0);
        COMPARE_NEAR(y(4), 0.5e-9, 1e-16);
        COMPARE_NEAR(y(5), 30.0 + std::log1p(std::exp(-30.0)) - std::log(2.0), 1e-14);
        QCOMPARE(y(6), 1e300);
    }

    void slopesAgreeWithFiniteDifferences()
    {
        for (const Activation f :
             {Activation::Linear, Activation::Relu, Activation::Sigmoid, Activation::Tanh, Activation::Softplus2}) {
            Matrix x(2, 3);
            x << -3.0, -0.7, -0.1, 0.2, 0.9, 4.0;
            const double h = 1e-5;
            Matrix y = x, up = (x.array() + h).matrix(), down = (x.array() - h).matrix();
            activate(f, y);
            activate(f, up);
            activate(f, down);
            Matrix dy = Matrix::Constant(2, 3, 2.0);
            activateBackward(f, y, dy);
            for (int i = 0; i < x.size(); ++i)
                COMPARE_NEAR(dy.data()[i], 2.0 * (up.data()[i] - down.data()[i]) / (2 * h), 1e-9);
        }
    }
};

QTEST_APPLESS_MAIN(TestActivation)
#include "tst_activation.moc"
