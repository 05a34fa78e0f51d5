// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/rng.h"
#include "engine/crystal/neighbours.h"

#include "tests/support/shared.h"

#include <Eigen/LU>

#include <algorithm>

using namespace engine;

namespace {

Structure randomStructure(Rng &rng, int sites, double lengthSpread_A, double skew)
{
    Structure structure;
    for (int r = 0; r < 3; ++r)
        for (int c = 0; c < 3; ++c)
            structure.lattice.vectors(r, c) = r == c ? 3.0 + lengthSpread_A * rng.uniform()
                                                     : skew * (rng.uniform() - 0.5) * structure.lattice.vectors(0, 0);
    for (int i = 0; i < sites; ++i) {
        Site site;
        site.fractional = Vector3(rng.uniform(), rng.uniform(), rng.uniform()) * 3.0 - Vector3::Ones();
        site.occupants = {{{3}, 1.0}};
        structure.sites.push_back(site);
    }
    return structure;
}

/// Every image in a range that is certainly wide enough, in Cartesian coordinates.
std::vector<Neighbour> bruteForce(const Structure &structure, double radius_A, int centre)
{
    const Matrix3 inverse = structure.lattice.vectors.inverse();
    std::array<int, 3> range;
    for (int k = 0; k < 3; ++k)
        range[k] = int(std::ceil(radius_A * inverse.col(k).norm())) + 3; // coordinates differ by less than 3
    std::vector<Neighbour> found;
    for (int j = 0; j < int(structure.sites.size()); ++j)
        for (int a = -range[0]; a <= range[0]; ++a)
            for (int b = -range[1]; b <= range[1]; ++b)
                for (int c = -range[2]; c <= range[2]; ++c) {
                    const Vector3 delta =
                        structure.sites[j].fractional + Vector3(a, b, c) - structure.sites[centre].fractional;
                    const double d2 = structure.lattice.cartesian(delta).squaredNorm();
                    if (d2 < radius_A * radius_A + 1e-8 && !(j == centre && d2 <= 1e-16))
                        found.push_back({j, {a, b, c}, std::sqrt(d2)});
                }
    return found;
}

}

class TestNeighbours : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void agreeWithBruteForce_data()
    {
        QTest::addColumn<int>("sites");
        QTest::addColumn<double>("spread_A");
        QTest::addColumn<double>("skew");
        QTest::newRow("one site, small cells") << 1 << 1.0 << 0.3;
        QTest::newRow("a few sites, strongly skewed") << 4 << 3.0 << 3.0;
        QTest::newRow("dozens of sites") << 40 << 8.0 << 0.5;
        QTest::newRow("cells much longer than the radius") << 150 << 40.0 << 0.5;
    }
    void agreeWithBruteForce()
    {
        QFETCH(int, sites);
        QFETCH(double, spread_A);
        QFETCH(double, skew);
        Rng rng(7);
        for (int trial = 0; trial < 10; ++trial) {
            const Structure structure = randomStructure(rng, sites, spread_A, skew);
            const double radius_A = 2.0 + 2.5 * rng.uniform();
            const auto all = neighbours(structure, radius_A);
            QCOMPARE(all.size(), structure.sites.size());
            for (int i = 0; i < std::min(sites, 6); ++i) {
                const auto expected = bruteForce(structure, radius_A, i);
                QCOMPARE(all[i].size(), expected.size());
                for (std::size_t k = 0; k < expected.size(); ++k) {
                    QCOMPARE(all[i][k].index, expected[k].index);
                    QVERIFY(all[i][k].image == expected[k].image);
                    COMPARE_NEAR(all[i][k].distance_A, expected[k].distance_A, 1e-12);
                }
            }
        }
    }

    void aSubsetOfCentresIsAnsweredInItsOrder()
    {
        Rng rng(3);
        const Structure structure = randomStructure(rng, 30, 6.0, 0.4);
        const auto all = neighbours(structure, 4.0);
        const auto some = neighbours(structure, 4.0, {7, 2});
        QCOMPARE(some.size(), 2u);
        QCOMPARE(some[0].size(), all[7].size());
        QCOMPARE(some[1].size(), all[2].size());
        QCOMPARE(some[1].front().distance_A, all[2].front().distance_A);
    }

    void aNeighbourAtExactlyTheRadiusCounts()
    {
        Structure structure;
        structure.lattice.vectors = 5.0 * Matrix3::Identity();
        structure.sites.resize(1);
        const auto found = neighbours(structure, 5.0);
        QCOMPARE(found[0].size(), 6u);
        QVERIFY((found[0].front().image == std::array{-1, 0, 0}));
        QCOMPARE(neighbours(structure, 4.999999)[0].size(), 0u);
    }

    void sitesAtTheSamePositionAreNeighboursButNoSiteOfItself()
    {
        Structure structure;
        structure.lattice.vectors = 10.0 * Matrix3::Identity();
        structure.sites.resize(2);
        structure.sites[1].fractional = Vector3(1, 0, 0); // the same point, one cell further
        const auto found = neighbours(structure, 3.0);
        QCOMPARE(found[0].size(), 1u);
        QCOMPARE(found[0][0].index, 1);
        QVERIFY((found[0][0].image == std::array{-1, 0, 0}));
        QCOMPARE(found[0][0].distance_A, 0.0);
    }

    void anEmptyStructureHasNone() { QCOMPARE(neighbours(Structure{}, 5.0).size(), 0u); }

    void tenThousandSitesAreNoTrouble()
    {
        Rng rng(1);
        Structure structure = randomStructure(rng, 10'000, 0.0, 0.0);
        structure.lattice.vectors = 46.0 * Matrix3::Identity();
        const auto all = neighbours(structure, 5.0);
        long count = 0;
        for (const auto &list : all)
            count += long(list.size());
        // Every pair is seen from both ends, and the density makes the number to expect: 10⁴ · (4π/3) 5³ / (46³ / 10⁴).
        QVERIFY(count % 2 == 0);
        COMPARE_NEAR(count / 1e4, 53.79, 1.0);
        for (const int i : {0, 5000, 9999})
            QCOMPARE(all[i].size(), bruteForce(structure, 5.0, i).size());
    }

    void cellsThatNoCrystalHasAreRefused()
    {
        Structure structure;
        structure.sites.resize(20);
        structure.lattice.vectors = 0.01 * Matrix3::Identity();
        THROWS_ERROR(neighbours(structure, 5.0), "check the cell's lengths and angles");
        structure.lattice.vectors.setZero();
        THROWS_ERROR(neighbours(structure, 5.0), "check the cell's lengths and angles");
        structure.lattice.vectors = 5.0 * Matrix3::Identity();
        structure.sites[3].label = "Li4";
        structure.sites[3].fractional[1] = std::nan("");
        THROWS_ERROR(neighbours(structure, 5.0), "site 4 (Li4): fractional coordinate nan");
        structure.sites[3].fractional[1] = 1e300;
        THROWS_ERROR(neighbours(structure, 5.0), "out of range");
    }

    void countsOfRealStructuresAgreeWithPymatgen()
    {
        NEEDS_SHARED("golden/crystal/structures.json");
        for (const auto &entry : sharedJson("golden/crystal/structures.json")["entries"]) {
            const auto cell = entry["cell"].get<std::array<double, 6>>();
            Structure structure;
            structure.lattice = Lattice::fromParameters(cell[0], cell[1], cell[2], cell[3], cell[4], cell[5]);
            for (const auto &s : entry["sites"]) {
                const auto f = s["frac"].get<std::array<double, 3>>();
                Site site;
                site.fractional = Vector3(f[0], f[1], f[2]);
                structure.sites.push_back(site);
            }
            const auto within5 = neighbours(structure, 5.0);
            const auto within4 = neighbours(structure, 4.0);
            const std::string id = entry["id"];
            for (std::size_t i = 0; i < structure.sites.size(); ++i) {
                const auto &s = entry["sites"][i];
                QVERIFY2(int(within4[i].size()) == s["n4"].get<int>(), id.c_str());
                QVERIFY2(int(within5[i].size()) == s["n5"].get<int>(), id.c_str());
                double nearest_A = 1e9;
                for (const Neighbour &n : within5[i])
                    nearest_A = std::min(nearest_A, n.distance_A);
                COMPARE_NEAR(nearest_A, s["nearest"].get<double>(), 1e-4);
            }
        }
    }
};

QTEST_APPLESS_MAIN(TestNeighbours)
#include "tst_neighbours.moc"
