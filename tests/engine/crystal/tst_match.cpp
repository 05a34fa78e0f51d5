// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/crystal/match.h"

#include "engine/core/rng.h"
#include "engine/crystal/element.h"

#include "tests/support/shared.h"

#include <algorithm>

using namespace engine;

namespace {

struct Atom {
    Vector3 position;
    int Z;
    double occupancy = 1;
};

Structure crystal(const Lattice &lattice, const std::vector<Atom> &atoms)
{
    Structure structure{.lattice = lattice};
    for (const Atom &atom : atoms) {
        Site site{.fractional = atom.position};
        site.add({{atom.Z, {}}, atom.occupancy});
        structure.sites.push_back(site);
    }
    return structure;
}

Structure fromJson(const nlohmann::json &json)
{
    Structure structure;
    for (int i = 0; i < 3; ++i)
        for (int j = 0; j < 3; ++j)
            structure.lattice.vectors(i, j) = json.at("lattice")[i][j];
    for (const auto &row : json.at("sites")) {
        Site site;
        for (int i = 0; i < 3; ++i)
            site.fractional(i) = row.at("frac")[i];
        for (const auto &[symbol, occupancy] : row.at("species").items())
            site.add({{*atomicNumber(symbol), {}}, occupancy.get<double>()});
        structure.sites.push_back(site);
    }
    return structure;
}

/// Four formula units in the cubic cell: Li at (0, 0, 0), the anion at (½, ½, ½), face-centred.
Structure rockSalt(double a_A, int anionZ, double lithium = 1)
{
    std::vector<Atom> atoms;
    for (const Vector3 &centring :
         {Vector3(0, 0, 0), Vector3(0, 0.5, 0.5), Vector3(0.5, 0, 0.5), Vector3(0.5, 0.5, 0)}) {
        atoms.push_back({centring, 3, lithium});
        atoms.push_back({centring + Vector3(0.5, 0.5, 0.5), anionZ});
    }
    return crystal(Lattice::fromParameters(a_A, a_A, a_A, 90, 90, 90), atoms);
}

/// Eight sites without symmetry, three of them equal.
Structure irregular()
{
    Rng rng{3};
    std::vector<Atom> atoms;
    for (int Z : {3, 3, 3, 8, 16, 17, 15, 32})
        atoms.push_back({Vector3(rng.uniform(), rng.uniform(), rng.uniform()), Z});
    return crystal(Lattice::fromParameters(6.1, 7.3, 9.2, 84, 97, 101), atoms);
}

Structure moved(Structure structure, const Vector3 &shift)
{
    for (Site &site : structure.sites)
        site.fractional += shift;
    return structure;
}

Structure shaken(Structure structure, double amplitude_A, Rng rng)
{
    for (Site &site : structure.sites)
        site.fractional +=
            structure.lattice.fractional(amplitude_A * Vector3(rng.normal(), rng.normal(), rng.normal()));
    return structure;
}

}

class TestMatch : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void agreesWithTheReferenceProgram_data()
    {
        NEEDS_SHARED("golden/crystal/matcher_cases.json");
        QTest::addColumn<int>("index");
        const auto cases = sharedJson("golden/crystal/matcher_cases.json").at("cases");
        for (int i = 0; i < int(cases.size()); ++i)
            QTest::addRow("%d: %s, %s", i, cases[i].at("base").get<std::string>().c_str(),
                          cases[i].at("kind").get<std::string>().c_str())
                << i;
    }
    void agreesWithTheReferenceProgram()
    {
        NEEDS_SHARED("golden/crystal/matcher_cases.json");
        QFETCH(int, index);
        static const auto cases = sharedJson("golden/crystal/matcher_cases.json").at("cases"); // pymatgen 2022.11.7
        const auto &expected = cases[index];
        const Structure a = fromJson(expected.at("a")), b = fromJson(expected.at("b"));
        const auto found = match(a, b);
        QCOMPARE(found && found->fits, expected.at("fit").get<bool>());
        QCOMPARE(fit(a, b), expected.at("fit").get<bool>());
        QCOMPARE(found.has_value(), !expected.at("rms").is_null());
        if (found) {
            COMPARE_NEAR(found->rms, expected.at("rms").get<double>(), 2e-3);
            COMPARE_NEAR(found->largest, expected.at("max_dist").get<double>(), 2e-3);
        }
    }

    void aCrystalMatchesItselfHoweverItIsWritten()
    {
        const Structure original = irregular();
        Structure other = moved(original, {0.3, 0.77, 0.12});
        std::ranges::reverse(other.sites);
        other.lattice.vectors *= 1.3;                                 // another volume
        other.lattice.vectors.row(1) += other.lattice.vectors.row(0); // b' = a + b …
        for (Site &site : other.sites)
            site.fractional(0) -= site.fractional(1); // … so x' = x − y
        const auto found = match(original, other);
        QVERIFY(found && found->fits);
        QVERIFY(found->rms < 1e-6);
        QVERIFY(fit(other, original));
    }

    void theMirrorImageIsTheSameCrystal()
    {
        Structure mirrored = irregular();
        for (Site &site : mirrored.sites)
            site.fractional *= -1;
        QVERIFY(fit(irregular(), mirrored));
    }

    void aSupercellIsTheSameCrystal()
    {
        Structure supercell = rockSalt(5.13, 17);
        supercell.lattice.vectors.row(2) *= 2;
        const auto once = supercell.sites;
        supercell.sites.clear();
        for (Site site : once) {
            site.fractional(2) /= 2;
            supercell.sites.push_back(site);
            site.fractional(2) += 0.5;
            supercell.sites.push_back(site);
        }
        QVERIFY(fit(rockSalt(5.13, 17), supercell));
    }

    void rockSaltWithCationsAndAnionsExchangedIsRockSalt()
    {
        QVERIFY(fit(rockSalt(5.13, 17), moved(rockSalt(5.13, 17), {0.5, 0.5, 0.5})));
    }

    void otherElementsOccupanciesAndFrameworksDiffer()
    {
        QVERIFY(!match(rockSalt(5.13, 17), rockSalt(5.13, 9)));
        QVERIFY(!match(rockSalt(5.13, 17), rockSalt(5.13, 17, 0.99)));
        // Cesium-chloride type of the same composition: another lattice.
        const Structure caesiumChloride =
            crystal(Lattice::fromParameters(3.2, 3.2, 3.2, 90, 90, 90), {{{0, 0, 0}, 3}, {{0.5, 0.5, 0.5}, 17}});
        QVERIFY(!match(rockSalt(5.13, 17), caesiumChloride));
        // Zinc-blende type: the same lattice, other places.
        QVERIFY(!fit(rockSalt(5.13, 17), crystal(Lattice::fromParameters(3.6, 3.6, 3.6, 60, 60, 60),
                                                 {{{0, 0, 0}, 3}, {{0.25, 0.25, 0.25}, 17}})));
    }

    void occupanciesAreEqualWithin1eMinus8()
    {
        QVERIFY(fit(rockSalt(5.13, 17, 0.5), rockSalt(5.13, 17, 0.5 + 5e-9)));
        QVERIFY(!fit(rockSalt(5.13, 17, 0.5), rockSalt(5.13, 17, 0.5 + 5e-8)));
    }

    void siteToleranceDecidesBetweenSmallAndLargeDisplacements()
    {
        const Structure original = irregular();
        const Structure near = shaken(original, 0.05, Rng{1}), far = shaken(original, 0.25, Rng{1});
        const auto small = match(original, near), large = match(original, far);
        QVERIFY(small && small->fits && large);
        QVERIFY(small->rms < large->rms && small->largest < large->largest);
        QVERIFY(!fit(original, far, {.siteTolerance = 0.9 * large->largest}));
        QVERIFY(fit(original, far, {.siteTolerance = 1.1 * large->largest}));
    }

    void oxidationStatesCountOnlyOnRequest()
    {
        Structure charged = rockSalt(5.13, 17);
        for (Site &site : charged.sites)
            site.occupants[0].species.oxidationState = site.occupants[0].species.Z == 3 ? 1 : -1;
        charged.hasOxidationStates = true;
        QVERIFY(fit(rockSalt(5.13, 17), charged));
        QVERIFY(!fit(rockSalt(5.13, 17), charged, {.compareOxidationStates = true}));
        QVERIFY(fit(charged, charged, {.compareOxidationStates = true}));
    }

    void aStructureWithoutSitesMatchesNothing()
    {
        QVERIFY(!match(Structure{}, Structure{}));
        QVERIFY(!match(rockSalt(5.13, 17), Structure{}));
    }

    void tolerancesMustBePositive()
    {
        const Structure salt = rockSalt(5.13, 17);
        THROWS_ERROR(match(salt, salt, {.lengthTolerance = 0}),
                     "The length tolerance of the duplicate test is not a positive");
        THROWS_ERROR(fit(salt, salt, {.siteTolerance = -0.3}), "site tolerance");
        THROWS_ERROR(duplicateGroups({salt}, {.angleTolerance_deg = std::nan("")}), "angle tolerance");
    }

    void largeCellsAreCompared()
    {
        // 216 sites of three contents, in a cell that no smaller one describes.
        Rng rng{9};
        std::vector<Atom> atoms;
        for (int i = 0; i < 6; ++i)
            for (int j = 0; j < 6; ++j)
                for (int k = 0; k < 6; ++k)
                    atoms.push_back({Vector3(i, j, k) / 6, int(rng.below(3)) + 15});
        const Structure large = shaken(crystal(Lattice::fromParameters(15, 15, 15, 90, 90, 90), atoms), 0.2, Rng{2});
        Structure other = shaken(moved(large, {0.1, 0.2, 0.3}), 0.05, Rng{4});
        rng.shuffle(other.sites);
        const auto found = match(large, other);
        QVERIFY(found && found->fits);
    }

    void groupsAreConnectedComponentsWhateverTheOrder()
    {
        // A chain: neighbours fit, its ends do not.
        const Structure first = irregular();
        Structure second = first, third = first;
        const double unit_A = std::cbrt(first.lattice.volume_A3() / double(first.sites.size()));
        second.sites[4].fractional += first.lattice.fractional(Vector3(0.25 * unit_A, 0, 0));
        third.sites[4].fractional += first.lattice.fractional(Vector3(0.50 * unit_A, 0, 0));
        QVERIFY(fit(first, second) && fit(second, third) && !fit(first, third));

        const Structure salt = rockSalt(5.13, 17), otherSalt = rockSalt(5.2, 17), alone = rockSalt(4.03, 9);
        using Groups = std::vector<std::vector<std::size_t>>;
        QCOMPARE(duplicateGroups({first, salt, second, alone, third, otherSalt}), (Groups{{0, 2, 4}, {1, 5}}));
        QCOMPARE(duplicateGroups({otherSalt, third, first, salt, second}), (Groups{{0, 3}, {1, 2, 4}}));
        QCOMPARE(duplicateGroups({alone, first}), Groups{});
        QCOMPARE(duplicateGroups({}), Groups{});
    }

    void groupingStopsOnRequest()
    {
        std::stop_source source;
        source.request_stop();
        QVERIFY_THROWS_EXCEPTION(Cancelled,
                                 duplicateGroups({rockSalt(5, 17), rockSalt(5, 17)}, {}, {{}, source.get_token()}));
    }

    void thePaperKeepsTheHigherOfTwoAndTheLowerMedianOfMore()
    {
        QCOMPARE(keptDuplicate({1e-4}, {"a"}, KeepRule::Paper), 0u);
        QCOMPARE(keptDuplicate({1e-4, 1e-6}, {"a", "b"}, KeepRule::Paper), 0u);
        QCOMPARE(keptDuplicate({1e-4, 1e-6}, {"a", "b"}, KeepRule::LowerMedian), 1u);
        QCOMPARE(keptDuplicate({3, 1, 2}, {"a", "b", "c"}, KeepRule::Paper), 2u);
        QCOMPARE(keptDuplicate({3, 1, 2, 4}, {"a", "b", "c", "d"}, KeepRule::Paper), 2u);
        QCOMPARE(keptDuplicate({3, 1, 2, 4}, {"a", "b", "c", "d"}, KeepRule::LowerMedian), 2u);
        QCOMPARE(keptDuplicate({5, 5}, {"b", "a"}, KeepRule::Paper), 1u);
        QCOMPARE(keptDuplicate({5, 5}, {"b", "a"}, KeepRule::LowerMedian), 1u);
        QCOMPARE(keptDuplicate({5, 5, 5}, {"c", "b", "a"}, KeepRule::Paper), 1u);
    }
};

QTEST_APPLESS_MAIN(TestMatch)
#include "tst_match.moc"
