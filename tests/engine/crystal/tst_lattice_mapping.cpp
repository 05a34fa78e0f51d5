// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/crystal/lattice_mapping.h"

#include "engine/core/rng.h"

#include "tests/support/shared.h"

#include <Eigen/LU>

using namespace engine;

class TestLatticeMapping : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aLatticeMapsOntoItselfByItsSymmetry_data()
    {
        QTest::addColumn<Lattice>("lattice");
        QTest::addColumn<int>("order");
        QTest::newRow("triclinic") << Lattice::fromParameters(4, 5.5, 7.5, 71, 83, 98) << 2;
        QTest::newRow("monoclinic") << Lattice::fromParameters(4, 5.5, 7.5, 90, 99, 90) << 4;
        QTest::newRow("orthorhombic") << Lattice::fromParameters(4, 5.5, 7.5, 90, 90, 90) << 8;
        QTest::newRow("tetragonal") << Lattice::fromParameters(4, 4, 7, 90, 90, 90) << 16;
        QTest::newRow("hexagonal") << Lattice::fromParameters(4, 4, 7, 90, 90, 120) << 24;
        QTest::newRow("cubic") << Lattice::fromParameters(4, 4, 4, 90, 90, 90) << 48;
        QTest::newRow("face-centred cubic") << Lattice::fromParameters(4, 4, 4, 60, 60, 60) << 48;
    }
    void aLatticeMapsOntoItselfByItsSymmetry()
    {
        QFETCH(Lattice, lattice);
        const auto mappings = latticeMappings(lattice, lattice, 0.05, 2);
        QTEST(int(mappings.size()), "order");
        for (const Eigen::Matrix3i &m : mappings)
            QCOMPARE(std::abs(m.cast<double>().determinant()), 1.0);
    }

    void mappedBasesLookLikeTheTarget()
    {
        const Lattice from = Lattice::fromParameters(4, 4.3, 7, 88, 92, 119);
        const Lattice onto = Lattice::fromParameters(4.2, 4.1, 7.4, 90, 91, 117);
        const auto mappings = latticeMappings(from, onto, 0.2, 5);
        QVERIFY(!mappings.empty());
        const auto target = onto.parameters();
        for (const Eigen::Matrix3i &m : mappings) {
            const auto p = Lattice{m.cast<double>() * from.vectors}.parameters();
            for (int i = 0; i < 3; ++i) {
                QVERIFY(p[i] < 1.2 * target[i] && p[i] > target[i] / 1.2);
                QVERIFY(std::abs(p[i + 3] - target[i + 3]) < 5);
            }
        }
    }

    void differentLatticesHaveNoMapping()
    {
        const Lattice cube = Lattice::fromParameters(4, 4, 4, 90, 90, 90);
        QVERIFY(latticeMappings(cube, Lattice::fromParameters(4, 4, 4, 60, 60, 60), 0.2, 5).empty());
        QVERIFY(latticeMappings(cube, Lattice::fromParameters(4, 4, 5, 90, 90, 90), 0.2, 5).empty());
        QVERIFY(!latticeMappings(cube, Lattice::fromParameters(4, 4, 4.7, 90, 90, 90), 0.2, 5).empty());
    }

    void shortVectorsSpanTheSameLattice()
    {
        Rng rng{5};
        for (int trial = 0; trial < 100; ++trial) {
            const Lattice good =
                Lattice::fromParameters(3 + rng.uniform(), 5 + rng.uniform(), 7 + rng.uniform(), 85, 92, 97);
            Eigen::Matrix3i shear;
            shear << 1, 0, 0, int(rng.below(9)) - 4, 1, 0, int(rng.below(9)) - 4, int(rng.below(9)) - 4, 1;
            const Lattice sheared{shear.cast<double>() * good.vectors};
            const Eigen::Matrix3i m = lllTransformation(sheared);
            QCOMPARE(std::abs(m.cast<double>().determinant()), 1.0);
            const auto p = Lattice{m.cast<double>() * sheared.vectors}.parameters();
            // |b1| |b2| |b3| ≤ 2^(n(n−1)/4) V for a reduced basis (Lenstra, Lenstra and Lovász, proposition 1.6)
            QVERIFY(p[0] * p[1] * p[2] <= std::pow(2.0, 1.5) * good.volume_A3() * (1 + 1e-9));
        }
    }
};

QTEST_APPLESS_MAIN(TestLatticeMapping)
#include "tst_lattice_mapping.moc"
