// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/crystal/simplify.h"

#include "engine/core/rng.h"
#include "engine/crystal/composition.h"
#include "engine/crystal/element.h"

#include "tests/support/shared.h"

#include <algorithm>

using namespace engine;

namespace {
Site site(std::vector<Occupant> occupants, const std::string &label = {}, int row = -1)
{
    Site result;
    for (const Occupant &o : occupants)
        result.add(o);
    result.label = label;
    result.row = row;
    return result;
}

Occupant occupant(const char *symbol, double occupancy = 1)
{
    return {{.Z = *atomicNumber(symbol)}, occupancy};
}

/// A lithium superionic phosphate in small: a mixed Li/Al site, a shared framework site, vacancies, an anion.
Structure example()
{
    Structure structure;
    structure.id = "lisicon";
    structure.lattice = Lattice::fromParameters(5, 6, 7, 80, 95, 110);
    structure.sites = {site({occupant("Li", 0.75)}, "Li1", 0),
                       site({occupant("Li", 0.5), occupant("Al", 0.25)}, "M1", 1),
                       site({occupant("Ti", 0.625), occupant("Al", 0.25)}, "Ti1", 2),
                       site({occupant("P")}, "P1", 3),
                       site({occupant("O", 0.875), occupant("F", 0.125)}, "O1", 4),
                       site({occupant("O")}, "O2", 5),
                       site({occupant("O")}, "O3", 6),
                       site({occupant("O")}, "O4", 7)};
    for (std::size_t i = 0; i < structure.sites.size(); ++i)
        structure.sites[i].fractional = Vector3(0.1, 0.05, 0.02) * double(i);
    return structure;
}

std::string contents(const Structure &structure)
{
    std::string text;
    for (const Site &s : structure.sites) {
        for (const Occupant &o : s.occupants) {
            text += symbolOf(o.species.Z) + QString::number(o.occupancy).toStdString();
            if (o.species.oxidationState)
                text += "?";
        }
        text += " ";
    }
    return text;
}
}

class TestSimplify : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyKindGetsItsStandIn_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("expected");
        QTest::newRow("as it is") << "CAMN"
                                  << "Li0.75 Li0.5Al0.25 Al0.25Ti0.625 P1 O0.875F0.125 O1 O1 O1 ";
        QTest::newRow("lithium removed") << "CAN"
                                         << "Al0.25 Al0.25Ti0.625 P1 O0.875F0.125 O1 O1 O1 ";
        QTest::newRow("stand-ins, amounts added") << "CAMNS"
                                                  << "Li0.75 Li0.5Al0.25 Al0.875 Al1 S1 S1 S1 S1 ";
        QTest::newRow("both") << "CANS"
                              << "Al0.25 Al0.875 Al1 S1 S1 S1 S1 ";
    }
    void everyKindGetsItsStandIn()
    {
        QFETCH(QString, name);
        QFETCH(QString, expected);
        const Structure result = simplify(example(), parseSimplification(name.toStdString()));
        QCOMPARE(QString::fromStdString(contents(result)), expected);
        QCOMPARE(result.lattice, example().lattice);
        for (const Site &s : result.sites) { // the row tells which site it was
            const Site before = example().sites[std::size_t(s.row)];
            QCOMPARE(s.label, before.label);
            QVERIFY(s.fractional == before.fractional);
        }
    }

    void asItIsMeansUnchanged() { QCOMPARE(simplify(example(), Simplification::CAMN), example()); }

    void metalsAreNeutral()
    {
        Structure alloy;
        alloy.sites = {site({occupant("Li")}), site({occupant("Ag", 0.5), occupant("Zn", 0.5)})};
        QCOMPARE(contents(simplify(alloy, Simplification::CAMNS)), std::string("Li1 Mg1 "));
    }

    void statesOfTheFileDecideAndAreDropped()
    {
        Structure structure;
        structure.sites = {site({{{.Z = 3, .oxidationState = 1}, 1.0}}),
                           site({{{.Z = 26, .oxidationState = 2}, 0.5}, {{.Z = 26, .oxidationState = 3}, 0.25}}),
                           site({{{.Z = 15, .oxidationState = -3}, 1.0}}),
                           site({{{.Z = 14, .oxidationState = 0}, 1.0}})};
        structure.hasOxidationStates = true;
        const Structure result = simplify(structure, Simplification::CAMNS);
        QCOMPARE(contents(result), std::string("Li1 Al0.75 S1 Mg1 "));
        QVERIFY(!result.hasOxidationStates);
        QVERIFY(result.warnings.empty());
    }

    void aGuessIsRecorded()
    {
        const Structure result = simplify(example(), Simplification::CANS);
        QCOMPARE(result.warnings.size(), 1u);
        QVERIFY(result.warnings[0].text.starts_with("oxidation states guessed"));
    }

    void withoutLithiumNothingIsRemoved()
    {
        Structure structure = simplify(example(), Simplification::CAN);
        QCOMPARE(simplify(structure, Simplification::CAN), structure);
    }

    void theOrderOfSitesDoesNotMatter()
    {
        Rng rng{3};
        for (const auto how : {Simplification::CAN, Simplification::CAMNS, Simplification::CANS}) {
            Structure shuffled = example();
            rng.shuffle(shuffled.sites);
            auto a = simplify(example(), how), b = simplify(shuffled, how);
            std::ranges::sort(b.sites, {}, &Site::row);
            QCOMPARE(a, b);
        }
    }

    void standInsPreserveEveryOccupancy()
    {
        Rng rng{4};
        for (int i = 0; i < 100; ++i) {
            Structure structure;
            for (int n = 0; n < 6; ++n) {
                structure.sites.emplace_back();
                for (std::size_t k = 1 + rng.below(4); k > 0; --k)
                    structure.sites.back().add({{.Z = int(1 + rng.below(largestZ))}, 0.25 * rng.uniform()});
            }
            const Structure result = simplify(structure, Simplification::CAMNS);
            QCOMPARE(result.sites.size(), structure.sites.size());
            for (std::size_t s = 0; s < result.sites.size(); ++s) {
                COMPARE_NEAR(result.sites[s].occupancy(), structure.sites[s].occupancy(), 1e-15);
                QCOMPARE(result.sites[s].occupancyOf(3), structure.sites[s].occupancyOf(3));
            }
        }
    }

    void anotherIonMayBeTheMobileOne()
    {
        Structure structure;
        structure.sites = {site({occupant("Na")}), site({occupant("Li")}), site({occupant("Cl", 1)})};
        QCOMPARE(contents(simplify(structure, Simplification::CANS, 11)), std::string("Al1 S1 "));
    }

    void aStructureOfLithiumAloneIsRefused()
    {
        Structure structure;
        structure.id = "mp-135";
        structure.sites = {site({occupant("Li")})};
        THROWS_ERROR(simplify(structure, Simplification::CAN), "mp-135: nothing is left without Li");
        THROWS_ERROR(simplify(structure, Simplification::CANS), "use camn or camns");
    }

    void namesAreReadInAnyCase()
    {
        for (const auto how : {Simplification::CAMN, Simplification::CAN, Simplification::CAMNS, Simplification::CANS})
            QCOMPARE(parseSimplification(toText(how)), how);
        QCOMPARE(parseSimplification(" CamNS"), Simplification::CAMNS);
        THROWS_ERROR(parseSimplification("cams"), "\"cams\" is no simplification; it is one of camn, can, camns, cans");
    }
};

QTEST_APPLESS_MAIN(TestSimplify)
#include "tst_simplify.moc"
