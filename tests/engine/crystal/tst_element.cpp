// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/crystal/element.h"

#include "tests/support/shared.h"

#include <algorithm>
#include <set>

using namespace engine;

class TestElement : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void symbolsAreFoundByTheirExactSpelling_data()
    {
        QTest::addColumn<QString>("symbol");
        QTest::addColumn<int>("Z");
        QTest::newRow("lithium") << "Li" << 3;
        QTest::newRow("cobalt, not carbon monoxide") << "Co" << 27;
        QTest::newRow("two elements") << "CO" << 0;
        QTest::newRow("small letters") << "li" << 0;
        QTest::newRow("deuterium is hydrogen") << "D" << 1;
        QTest::newRow("tritium is hydrogen") << "T" << 1;
        QTest::newRow("the last one") << "Lr" << 103;
        QTest::newRow("nothing") << "" << 0;
        QTest::newRow("with a charge") << "Li+" << 0;
    }
    void symbolsAreFoundByTheirExactSpelling()
    {
        QFETCH(QString, symbol);
        QFETCH(int, Z);
        QCOMPARE(atomicNumber(symbol.toStdString()).value_or(0), Z);
    }

    void everyElementIsComplete()
    {
        std::set<int> places;
        for (int Z = 1; Z <= largestZ; ++Z) {
            const Element &e = element(Z);
            QCOMPARE(e.Z, Z);
            QCOMPARE(atomicNumber(symbolOf(Z)), Z);
            QVERIFY(e.mass_u > 1 && e.mass_u < 270);
            QVERIFY(!e.electronegativity || (*e.electronegativity >= 0.7 && *e.electronegativity <= 3.98));
            QVERIFY(!e.covalentRadius_A || (*e.covalentRadius_A > 0.2 && *e.covalentRadius_A < 2.7));
            QVERIFY(std::ranges::count(e.chargeCandidates, 0) == 0);
            places.insert(e.modifiedPettifor);
        }
        // A scale: every place from 0 to 102 is taken once.
        QCOMPARE(places.size(), std::size_t(largestZ));
        QCOMPARE(*places.begin(), 0);
        QCOMPARE(*places.rbegin(), largestZ - 1);
    }

    void knownValuesOfTheTable()
    {
        QCOMPARE(element(3).mass_u, 6.941);
        QCOMPARE(element(8).electronegativity, 3.44);
        QVERIFY(!element(2).electronegativity);
        QCOMPARE(element(15).chargeCandidates, (std::vector<int>{5, -3, 3, 4, -1}));
        QVERIFY(element(10).chargeCandidates.empty());
    }

    void propertiesEqualThoseOfThePeer()
    {
        NEEDS_SHARED("golden/crystal/elements.json");
        const auto golden = sharedJson("golden/crystal/elements.json").at("elements");
        int compared = 0;
        for (const auto &[symbol, e] : golden.items()) {
            const int Z = e.at("Z");
            if (Z > largestZ)
                continue;
            QCOMPARE(symbolOf(Z), symbol);
            QCOMPARE(element(Z).mass_u, e.at("mass").get<double>());
            if (e.at("pauling_X").is_null())
                QVERIFY(!element(Z).electronegativity);
            else
                QCOMPARE(element(Z).electronegativity, e.at("pauling_X").get<double>());
            if (e.at("covalent_radius_A").is_null())
                QVERIFY(!element(Z).covalentRadius_A);
            else
                QCOMPARE(element(Z).covalentRadius_A, e.at("covalent_radius_A").get<double>());
            ++compared;
        }
        QVERIFY(compared > 90);
        const auto scale = sharedJson("golden/crystal/mod_pettifor.json");
        QVERIFY(!scale.empty());
    }
};

QTEST_APPLESS_MAIN(TestElement)
#include "tst_element.moc"
