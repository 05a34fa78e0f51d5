// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/crystal/lattice.h"

#include "engine/core/rng.h"

#include "tests/support/shared.h"

#include <Eigen/LU>

#include <limits>

using namespace engine;

class TestLattice : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void parametersComeBackAsTheyWentIn_data()
    {
        QTest::addColumn<std::vector<double>>("cell");
        QTest::newRow("cubic") << std::vector{5.13, 5.13, 5.13, 90.0, 90.0, 90.0};
        QTest::newRow("hexagonal") << std::vector{8.5, 8.5, 20.9, 90.0, 90.0, 120.0};
        QTest::newRow("monoclinic, Li2CrCl4") << std::vector{10.162, 10.172, 7.446, 90.0, 132.11, 90.0};
        QTest::newRow("triclinic") << std::vector{3.1, 4.2, 5.3, 71.0, 82.0, 93.0};
        QTest::newRow("needle") << std::vector{1.0, 2.0, 500.0, 3.0, 90.0, 90.5};
    }
    void parametersComeBackAsTheyWentIn()
    {
        QFETCH(std::vector<double>, cell);
        const Lattice lattice = Lattice::fromParameters(cell[0], cell[1], cell[2], cell[3], cell[4], cell[5]);
        const auto parameters = lattice.parameters();
        for (std::size_t i = 0; i < 6; ++i)
            COMPARE_NEAR(parameters[i], cell[i], 1e-9);
        QCOMPARE(lattice.vectors(0, 1), 0.0);
        QCOMPARE(lattice.vectors(0, 2), 0.0);
        QCOMPARE(lattice.vectors(1, 2), 0.0);
        QVERIFY(lattice.vectors.determinant() > 0);
    }

    void cartesianAndFractionalAreInverse()
    {
        const Lattice lattice = Lattice::fromParameters(3.1, 4.2, 5.3, 71, 82, 93);
        Rng rng{7};
        for (int i = 0; i < 50; ++i) {
            const Vector3 f(rng.normal(), rng.normal(), rng.normal());
            QVERIFY((lattice.fractional(lattice.cartesian(f)) - f).norm() < 1e-12);
        }
        // cartesian = fractional · vectors
        QVERIFY((lattice.cartesian({0, 1, 0}) - Vector3(lattice.vectors.row(1))).norm() < 1e-15);
    }

    void planeSpacingsAreTheHeightsOfTheCell()
    {
        // In a monoclinic cell d(100) = a sin β and d(010) = b.
        const Lattice lattice = Lattice::fromParameters(10.162, 10.172, 7.446, 90, 132.11, 90);
        const double sinBeta = std::sin(132.11 * std::acos(-1.0) / 180);
        const auto spacings = lattice.planeSpacings_A();
        COMPARE_NEAR(spacings[0], 10.162 * sinBeta, 1e-9);
        COMPARE_NEAR(spacings[1], 10.172, 1e-9);
        COMPARE_NEAR(spacings[2], 7.446 * sinBeta, 1e-9);
        COMPARE_NEAR(lattice.volume_A3(), 10.162 * 10.172 * 7.446 * sinBeta, 1e-9);
    }

    void aLeftHandedBasisHasAPositiveVolume()
    {
        Lattice lattice = Lattice::fromParameters(3, 4, 5, 90, 90, 90);
        lattice.vectors.row(2) *= -1;
        COMPARE_NEAR(lattice.volume_A3(), 60, 1e-12);
        COMPARE_NEAR(lattice.planeSpacings_A()[2], 5, 1e-12);
    }

    void cellsThatCannotBeAreRefused()
    {
        const double none = std::numeric_limits<double>::quiet_NaN();
        THROWS_ERROR(Lattice::fromParameters(0, 4, 5, 90, 90, 90), "the cell 0, 4, 5 Å, 90, 90, 90° has a length");
        THROWS_ERROR(Lattice::fromParameters(3, -4, 5, 90, 90, 90), "not positive");
        THROWS_ERROR(Lattice::fromParameters(3, none, 5, 90, 90, 90), "not positive");
        THROWS_ERROR(Lattice::fromParameters(3, 4, 5, 90, 180, 90), "not between 0° and 180°");
        THROWS_ERROR(Lattice::fromParameters(3, 4, 5, none, 90, 90), "not between 0° and 180°");
        THROWS_ERROR(Lattice::fromParameters(3, 4, 5, 120, 120, 120), "encloses no volume");
        THROWS_ERROR(Lattice::fromParameters(3, 4, 5, 150, 20, 30), "encloses no volume");
        THROWS_ERROR(Lattice::fromParameters(1e200, 1e200, 5, 90, 90, 90), "too large or too small");
        THROWS_ERROR(Lattice::fromParameters(1e-200, 1e-200, 5, 90, 90, 90), "too large or too small");
    }
};

QTEST_APPLESS_MAIN(TestLattice)
#include "tst_lattice.moc"
