// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/crystal/reduce.h"

#include "engine/core/rng.h"
#include "engine/crystal/composition.h"
#include "engine/crystal/element.h"
#include "engine/crystal/neighbours.h"

#include "tests/support/shared.h"

#include <Eigen/LU>

#include <algorithm>

using namespace engine;

namespace {
Lattice randomLattice(Rng &rng)
{
    for (;;) {
        try {
            const auto length = [&] { return 2 + 18 * rng.uniform(); };
            const auto angle = [&] { return 30 + 120 * rng.uniform(); };
            return Lattice::fromParameters(length(), length(), length(), angle(), angle(), angle());
        } catch (const Error &) { // angles that do not fit together
        }
    }
}

/// A product of shears: any basis change of determinant 1 is one.
Eigen::Matrix3i randomBasisChange(Rng &rng, int shears, int largest)
{
    Eigen::Matrix3i T = Eigen::Matrix3i::Identity();
    for (int n = 0; n < shears; ++n) {
        const auto i = int(rng.below(3)), j = int((std::size_t(i) + 1 + rng.below(2)) % 3);
        T.row(i) += (int(rng.below(std::size_t(2 * largest + 1))) - largest) * T.row(j);
    }
    return T;
}

/// The crystal in the cell whose vectors are T · (the given ones), |det T| times as large.
Structure supercell(const Structure &structure, const Eigen::Matrix3i &T)
{
    Structure result = structure;
    result.lattice.vectors = T.cast<double>() * structure.lattice.vectors;
    result.sites.clear();
    const Matrix3 Q = T.cast<double>().inverse().transpose();
    const auto wanted = std::size_t(std::abs(std::lround(T.cast<double>().determinant())));
    std::vector<Vector3> shifts;
    for (int reach = 0; shifts.size() < wanted; ++reach)
        for (int i = -reach; i <= reach; ++i)
            for (int j = -reach; j <= reach; ++j)
                for (int k = -reach; k <= reach; ++k) {
                    const Vector3 f = Q * Vector3(i, j, k);
                    if (std::max({std::abs(i), std::abs(j), std::abs(k)}) == reach &&
                        std::ranges::none_of(shifts,
                                             [&](const Vector3 &s) { return nearestImage(f - s).norm() < 1e-6; }))
                        shifts.push_back(f);
                }
    for (const Site &site : structure.sites)
        for (const Vector3 &shift : shifts) {
            result.sites.push_back(site);
            result.sites.back().fractional = wrapped(Q * site.fractional + shift);
        }
    return result;
}

/// Sites at random, at least 1 Å apart, of four kinds of content: primitive, as nothing relates them.
Structure randomStructure(Rng &rng, std::size_t sites)
{
    Structure structure;
    structure.lattice =
        Lattice::fromParameters(6 + rng.uniform(), 7 + rng.uniform(), 8 + rng.uniform(), 75 + 30 * rng.uniform(),
                                75 + 30 * rng.uniform(), 75 + 30 * rng.uniform());
    while (structure.sites.size() < sites) {
        Site site;
        site.fractional = {rng.uniform(), rng.uniform(), rng.uniform()};
        const std::array contents{Occupant{{.Z = 3}, 1}, Occupant{{.Z = 8}, 1}, Occupant{{.Z = 8}, 0.5},
                                  Occupant{{.Z = 16, .oxidationState = -2}, 1}};
        site.add(contents[structure.sites.size() % 4]);
        const bool isFree = std::ranges::none_of(structure.sites, [&](const Site &other) {
            return structure.lattice.cartesian(nearestImage(other.fractional - site.fractional)).norm() < 1;
        });
        if (isFree)
            structure.sites.push_back(site);
    }
    return structure;
}

void compareCells(const Lattice &lattice, const std::vector<double> &expected, const std::string &name)
{
    const auto parameters = lattice.parameters();
    for (std::size_t i = 0; i < 6; ++i)
        QVERIFY2(std::abs(parameters[i] - expected[i]) < (i < 3 ? 1e-3 : 1e-2),
                 (name + ": parameter " + std::to_string(i) + " is " + std::to_string(parameters[i]) + ", expected " +
                  std::to_string(expected[i]))
                     .c_str());
}

std::vector<double> cellOf(const Lattice &lattice)
{
    const auto parameters = lattice.parameters();
    return {parameters.begin(), parameters.end()};
}

/// Sorted distances from every site to its neighbours within the radius: what no change of cell may change.
std::vector<std::vector<double>> surroundings(const Structure &structure, double radius_A)
{
    std::vector<std::vector<double>> result;
    for (const auto &around : neighbours(structure, radius_A)) {
        std::vector<double> distances;
        for (const Neighbour &n : around)
            distances.push_back(n.distance_A);
        std::ranges::sort(distances);
        result.push_back(distances);
    }
    return result;
}

Structure fromGolden(const nlohmann::json &entry)
{
    const auto &cell = entry.at("cell");
    Structure structure;
    structure.id = entry.at("id");
    structure.lattice = Lattice::fromParameters(cell[0], cell[1], cell[2], cell[3], cell[4], cell[5]);
    for (const auto &s : entry.at("sites")) {
        Site site;
        for (int k = 0; k < 3; ++k)
            site.fractional[k] = s.at("frac").at(std::size_t(k));
        for (const auto &[symbol, occupancy] : s.at("species").items())
            site.add({{.Z = *atomicNumber(symbol)}, occupancy});
        structure.sites.push_back(site);
    }
    return structure;
}
}

class TestReduce : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void publishedCellsAreReduced()
    {
        // Křivý and Gruber 1976, doi:10.1107/S0567739476000636: the worked example of the method.
        const Lattice given = Lattice::fromParameters(3, 5.196152422706632, 2, 103.91977, 109.47122, 134.88211);
        compareCells(niggli(given).lattice, {2, 3, 3, 60, 75.5225, 70.5288}, "Křivý and Gruber");
        // Face-centred cubic: three vectors a/√2 with 60° between them; body-centred: a√3/2 with 109.47°.
        Lattice fcc, bcc;
        fcc.vectors << 0, 2, 2, 2, 0, 2, 2, 2, 0;
        bcc.vectors << -2, 2, 2, 2, -2, 2, 2, 2, -2;
        const double f = 2 * std::sqrt(2.0), b = 2 * std::sqrt(3.0);
        compareCells(niggli(fcc).lattice, {f, f, f, 60, 60, 60}, "fcc");
        compareCells(niggli(bcc).lattice, {b, b, b, 109.4712, 109.4712, 109.4712}, "bcc");
    }

    void theNiggliCellDoesNotDependOnTheBasis()
    {
        Rng rng{1};
        for (int i = 0; i < 300; ++i) {
            const Lattice lattice = randomLattice(rng);
            const Lattice reduced = niggli(lattice).lattice;
            for (int n = 0; n < 5; ++n) {
                Lattice other;
                other.vectors = randomBasisChange(rng, 6, 4).cast<double>() * lattice.vectors;
                compareCells(niggli(other).lattice, cellOf(reduced), std::to_string(i));
            }
            compareCells(niggli(reduced).lattice, cellOf(reduced), "twice");
        }
    }

    void symmetricLatticesHaveOneNiggliCell()
    {
        Rng rng{2};
        const std::vector<std::array<double, 6>> cells{
            {4, 4, 4, 90, 90, 90},    {4, 4, 7, 90, 90, 120},
            {4, 4, 4, 60, 60, 60},    {4, 4, 4, 109.4712206, 109.4712206, 109.4712206},
            {4, 4, 9, 90, 90, 90},    {5, 5, 5, 75, 75, 75},
            {5, 5, 5, 112, 112, 112}, {5, 6, 7, 90, 104.4775122, 90}};
        for (const auto &c : cells) {
            const Lattice lattice = Lattice::fromParameters(c[0], c[1], c[2], c[3], c[4], c[5]);
            const auto expected = cellOf(niggli(lattice).lattice);
            for (int n = 0; n < 100; ++n) {
                Lattice other;
                other.vectors = randomBasisChange(rng, 5, 3).cast<double>() * lattice.vectors;
                compareCells(niggli(other).lattice, expected, std::to_string(c[2]));
            }
        }
    }

    void theTransformationLeadsToTheReducedCell()
    {
        Rng rng{3};
        for (int i = 0; i < 200; ++i) {
            const Lattice lattice = randomLattice(rng);
            const ReducedLattice reduced = niggli(lattice);
            const Matrix3 T = reduced.transformation.cast<double>();
            QVERIFY((T * lattice.vectors - reduced.lattice.vectors).norm() < 1e-9);
            COMPARE_NEAR(T.determinant(), 1, 1e-9);
            // Sorted by length, and angles all below 90° or all not.
            const auto p = reduced.lattice.parameters();
            QVERIFY(p[0] < p[1] + 1e-4 && p[1] < p[2] + 1e-4);
            const auto acute = std::count_if(p.begin() + 3, p.end(), [](double angle) { return angle < 90 - 1e-2; });
            QVERIFY(acute == 0 || acute == 3);
        }
    }

    void extremeCellsAreReducedOrRefused()
    {
        Lattice needle = Lattice::fromParameters(3, 4, 5, 90, 90, 90);
        needle.vectors.row(0) += 1e6 * needle.vectors.row(2);
        compareCells(niggli(needle).lattice, {3, 4, 5, 90, 90, 90}, "needle");
        needle.vectors.row(0) += 1e12 * needle.vectors.row(2);
        THROWS_ERROR(niggli(needle), "too skewed");
        Lattice flat = Lattice::fromParameters(3, 4, 5, 90, 90, 90);
        flat.vectors.row(2) = flat.vectors.row(0) + flat.vectors.row(1);
        THROWS_ERROR(niggli(flat), "encloses no volume");
        flat.vectors(0, 0) = std::numeric_limits<double>::quiet_NaN();
        THROWS_ERROR(niggli(flat), "encloses no volume");
    }

    void theNiggliCellHoldsTheSameCrystal()
    {
        Rng rng{4};
        for (int i = 0; i < 20; ++i) {
            const Structure structure = supercell(randomStructure(rng, 6), randomBasisChange(rng, 4, 2));
            const Structure reduced = niggliCell(structure);
            QCOMPARE(reduced.sites.size(), structure.sites.size());
            const auto before = surroundings(structure, 4), after = surroundings(reduced, 4);
            for (std::size_t s = 0; s < before.size(); ++s) {
                QCOMPARE(before[s].size(), after[s].size());
                for (std::size_t n = 0; n < before[s].size(); ++n)
                    COMPARE_NEAR(after[s][n], before[s][n], 1e-9);
            }
        }
    }

    void symmetryOperationsFollowTheCell()
    {
        // A C-centred monoclinic cell, glide and centring included; every operation still takes sites to sites.
        Structure structure;
        structure.lattice = Lattice::fromParameters(10.162, 10.172, 7.446, 90, 132.11, 90);
        for (const double centring : {0.0, 0.5})
            for (const int twoFold : {1, -1})
                for (const int inversion : {1, -1}) {
                    SymmetryOperation operation;
                    operation.rotation.diagonal() << inversion * twoFold, inversion, inversion * twoFold;
                    operation.translation << centring, centring, twoFold < 0 ? 0.5 : 0;
                    structure.operations.push_back(operation);
                }
        for (const SymmetryOperation &operation : structure.operations) {
            structure.sites.emplace_back();
            structure.sites.back().fractional = wrapped(operation({0.11, 0.23, 0.37}));
            structure.sites.back().add({{.Z = 17}, 1});
        }
        const Structure reduced = niggliCell(structure);
        QCOMPARE(reduced.operations.size(), structure.operations.size());
        for (const SymmetryOperation &operation : reduced.operations)
            for (const Site &site : reduced.sites) {
                const Vector3 image = operation(site.fractional);
                QVERIFY(std::ranges::any_of(reduced.sites, [&](const Site &other) {
                    return nearestImage(other.fractional - image).norm() < 1e-9;
                }));
            }
    }

    void supercellsLeadBackToThePrimitiveCell()
    {
        Rng rng{5};
        for (int i = 0; i < 60; ++i) {
            const Structure primitive = randomStructure(rng, 5 + rng.below(8));
            Eigen::Matrix3i T = randomBasisChange(rng, 3, 1);
            for (int k = 0; k < 3; ++k)
                T.row(k) *= int(1 + rng.below(3));
            const Structure large = supercell(primitive, T * randomBasisChange(rng, 3, 1));
            const Structure found = primitiveCell(large);
            QCOMPARE(found.sites.size(), primitive.sites.size());
            compareCells(niggli(found.lattice).lattice, cellOf(niggli(primitive.lattice).lattice), std::to_string(i));
            QCOMPARE(reducedFormula(compositionOf(found)), reducedFormula(compositionOf(primitive)));
        }
    }

    void scatterWithinTheToleranceIsAveraged()
    {
        Rng rng{6};
        for (int i = 0; i < 20; ++i) {
            const Structure primitive = randomStructure(rng, 8);
            Structure large = supercell(primitive, Eigen::Vector3i(2, 1, 3).asDiagonal());
            for (Site &site : large.sites)
                site.fractional += large.lattice.fractional(0.03 * Vector3(rng.normal(), rng.normal(), rng.normal()));
            for (Site &site : large.sites)
                site.row = 0;
            rng.shuffle(large.sites);
            const Structure found = primitiveCell(large);
            QCOMPARE(found.sites.size(), primitive.sites.size());
            COMPARE_NEAR(found.lattice.volume_A3(), primitive.lattice.volume_A3(), 1e-6);
            QVERIFY(std::ranges::all_of(found.sites, [](const Site &site) { return site.row == -1; }));
        }
    }

    void contentAndToleranceDecide()
    {
        Structure structure;
        structure.lattice = Lattice::fromParameters(8, 4, 4, 90, 90, 90);
        structure.sites.resize(2);
        structure.sites[0].fractional = {0.0, 0.5, 0.5};
        structure.sites[1].fractional = {0.5, 0.5, 0.5};
        const auto sites = [&](const Occupant &first, const Occupant &second, double shift_A) {
            structure.sites[0].occupants = {first};
            structure.sites[1].occupants = {second};
            structure.sites[1].fractional[0] = 0.5 + shift_A / 8;
            return primitiveCell(structure).sites.size();
        };
        const Occupant Li{{.Z = 3}, 1}, third{{.Z = 3}, 0.3333}, nearlyThird{{.Z = 3}, 0.3334}, half{{.Z = 3}, 0.5},
            charged{{.Z = 3, .oxidationState = 1}, 1};
        QCOMPARE(sites(Li, Li, 0), 1u);
        QCOMPARE(sites(third, nearlyThird, 0), 1u);
        COMPARE_NEAR(compositionOf(primitiveCell(structure)).at(3), 0.33335, 1e-12);
        QCOMPARE(sites(third, half, 0), 2u);
        QCOMPARE(sites(Li, charged, 0), 2u);
        QCOMPARE(sites(Li, Li, 0.2), 1u);
        QCOMPARE(sites(Li, Li, 0.3), 2u);
    }

    void splitSitesAreNotMergedIntoOne()
    {
        // Two half-occupied positions 0.2 Å apart are closer than the tolerance, but no translation relates them.
        Structure structure;
        structure.lattice = Lattice::fromParameters(4, 4, 4, 90, 90, 90);
        structure.sites.resize(2);
        structure.sites[0].fractional = {0.0, 0.0, 0.0};
        structure.sites[1].fractional = {0.05, 0.0, 0.0};
        for (Site &site : structure.sites)
            site.add({{.Z = 3}, 0.5});
        QCOMPARE(primitiveCell(structure), structure);
        const Structure large = supercell(structure, Eigen::Vector3i(2, 2, 1).asDiagonal());
        QCOMPARE(primitiveCell(large).sites.size(), 2u);
    }

    void aPrimitiveCellIsLeftAsItIs()
    {
        Rng rng{7};
        Structure structure = randomStructure(rng, 12);
        structure.sites[0].fractional[0] -= 3;
        QCOMPARE(primitiveCell(structure), structure);
        QCOMPARE(primitiveCell(Structure{}), Structure{});
    }

    void aThousandSitesAreNoHarm()
    {
        Structure cube;
        cube.lattice = Lattice::fromParameters(3, 3, 3, 90, 90, 90);
        cube.sites.resize(1);
        cube.sites[0].add({{.Z = 84}, 1});
        Structure large = supercell(cube, Eigen::Vector3i(10, 10, 10).asDiagonal());
        QCOMPARE(large.sites.size(), 1000u);
        QCOMPARE(primitiveCell(large).sites.size(), 1u);
        Rng rng{8};
        for (Site &site : large.sites)
            site.fractional += 0.001 * Vector3(rng.normal(), rng.normal(), rng.normal()); // 0.03 Å
        QCOMPARE(primitiveCell(large).sites.size(), 1u);
        for (Site &site : large.sites)
            site.fractional = {rng.uniform(), rng.uniform(), rng.uniform()};
        QCOMPARE(primitiveCell(large).sites.size(), 1000u);
    }

    void cellsEqualThoseOfThePeer()
    {
        NEEDS_SHARED("golden/crystal/structures.json");
        const auto golden = sharedJson("golden/crystal/structures.json").at("entries");
        QCOMPARE(golden.size(), 15u);
        for (const auto &entry : golden) {
            const Structure structure = fromGolden(entry);
            QCOMPARE(structure.sites.size(), entry.at("n_sites").get<std::size_t>());
            compareCells(niggli(structure.lattice).lattice, entry.at("niggli_of_cif_cell"), structure.id);
            const Structure primitive = primitiveCell(structure);
            QCOMPARE(primitive.sites.size(), entry.at("primitive_n_sites").get<std::size_t>());
            COMPARE_NEAR(primitive.lattice.volume_A3(), entry.at("primitive_volume").get<double>(), 1e-2);
            compareCells(niggli(primitive.lattice).lattice, entry.at("niggli_of_primitive"), structure.id);
        }
    }
};

QTEST_APPLESS_MAIN(TestReduce)
#include "tst_reduce.moc"
