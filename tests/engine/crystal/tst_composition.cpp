// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/crystal/composition.h"

#include "engine/core/csv.h"
#include "engine/core/rng.h"
#include "engine/crystal/element.h"

#include "tests/support/shared.h"

using namespace engine;

namespace {
Composition fromSymbols(const nlohmann::json &amounts)
{
    Composition result;
    for (const auto &[symbol, amount] : amounts.items())
        result[atomicNumber(symbol).value()] = amount;
    return result;
}
}

class TestComposition : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void formulasAreRead_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("written");
        QTest::newRow("LGPS") << "Li10GeP2S12"
                              << "Li10 Ge1 P2 S12";
        QTest::newRow("brackets") << "Li1.3Al0.3Ti1.7(PO4)3"
                                  << "Li1.3 Ti1.7 Al0.3 P3 O12";
        QTest::newRow("nested, all kinds") << "{Li[N(H2)2]0.5}2"
                                           << "Li2 H4 N1";
        QTest::newRow("spaces") << " Li 7 La3 Zr2 O 12 "
                                << "Li7 La3 Zr2 O12";
        QTest::newRow("an element twice") << "CH3COOH"
                                          << "H4 C2 O2";
        QTest::newRow("deuterium") << "LiOD"
                                   << "Li1 H1 O1";
        QTest::newRow("numbers without leading or trailing digits") << "Li.5O1."
                                                                    << "Li0.5 O1";
        QTest::newRow("no amount is left out") << "Li3Cl0O1"
                                               << "Li3 O1";
        QTest::newRow("large amounts are not powers of ten") << "H100000O"
                                                             << "H100000 O1";
    }
    void formulasAreRead()
    {
        QFETCH(QString, text);
        QFETCH(QString, written);
        QCOMPARE(QString::fromStdString(formula(parseFormula(text.toStdString()))), written);
    }

    void wrongFormulasAreQuotedWithThePlace_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("message");
        QTest::newRow("template") << "Li1+xAlxTi2-x(PO4)3"
                                  << "character 4: \"+\" is neither element nor amount";
        QTest::newRow("letter for an amount") << "LixCoO2"
                                              << "character 1: \"Lix\" is no element";
        QTest::newRow("hydrate dot") << "CuSO4·5H2O"
                                     << "character 6: write the parts of a hydrate";
        QTest::newRow("asterisk") << "LiOH*H2O"
                                  << "character 5: write the parts of a hydrate";
        QTest::newRow("unknown element") << "LiQ2"
                                         << "character 3: \"Q\" is no element";
        QTest::newRow("small letters") << "lico"
                                       << "character 1: an element's symbol";
        QTest::newRow("open bracket") << "Li(PO4"
                                      << "character 3: this bracket is never closed";
        QTest::newRow("wrong bracket") << "Li(PO4]3"
                                       << "character 7: \"]\" closes no bracket";
        QTest::newRow("closing only") << "Li)3"
                                      << "character 3: \")\" closes no bracket";
        QTest::newRow("nothing in brackets") << "Li()2"
                                             << "character 3: there is nothing in these brackets";
        QTest::newRow("two points") << "Li1.2.3O"
                                    << "character 3: \"1.2.3\" is no amount";
        QTest::newRow("power of ten") << "Li1e-3O"
                                      << "character 4: an element's symbol";
        QTest::newRow("charge") << "Li+"
                                << "character 3: \"+\"";
        QTest::newRow("empty") << ""
                               << "names no element";
        QTest::newRow("only zeros") << "Li0"
                                    << "names no element";
        QTest::newRow("too many") << QString("(Li1%1)1%1").arg(QString(200, '0')) << "has more Li than can be counted";
    }
    void wrongFormulasAreQuotedWithThePlace()
    {
        QFETCH(QString, text);
        QFETCH(QString, message);
        try {
            parseFormula(text.toStdString());
            QFAIL("nothing was thrown");
        } catch (const Error &e) {
            QVERIFY2(QString::fromUtf8(e.what()).contains(message), e.what());
        }
    }

    void aMillionBracketsAreNoHarm()
    {
        const std::string depth(1000000, '(');
        QCOMPARE(parseFormula(depth + "Li" + std::string(1000000, ')')), (Composition{{3, 1.0}}));
        THROWS_ERROR(parseFormula(depth), "never closed");
    }

    void anyBytesAreEitherReadOrRefused()
    {
        Rng rng{11};
        const std::string_view alphabet = "LiOPS()[]{}0123.+-* \xC2\xB7xe\n";
        int read = 0;
        for (int i = 0; i < 20000; ++i) {
            std::string text;
            for (std::size_t n = rng.below(8); n > 0; --n)
                text += alphabet[rng.below(alphabet.size())];
            try {
                const Composition composition = parseFormula(text);
                for (const auto &[Z, amount] : composition)
                    QVERIFY(amount > 0);
                QCOMPARE(formula(parseFormula(formula(composition))), formula(composition));
                ++read;
            } catch (const Error &e) {
                QVERIFY(std::string_view(e.what()).starts_with("formula \""));
            }
        }
        QVERIFY(read > 100);
    }

    void reducedFormulasGroupPolyanions_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("reduced");
        QTest::newRow("two phosphates") << "Li20Ge2P4S24"
                                        << "Li10Ge(PS6)2";
        QTest::newRow("not over 1.65 of electronegativity") << "Li2Zr2F12"
                                                            << "LiZrF6";
        QTest::newRow("Al below F: no polyanion") << "Li9Al3F18"
                                                  << "Li3AlF6";
        QTest::newRow("binary") << "Li8N4"
                                << "Li2N";
        QTest::newRow("peroxide") << "Li4O4"
                                  << "Li2O2";
        QTest::newRow("molecule") << "O"
                                  << "O2";
        QTest::newRow("metal") << "Li4"
                               << "Li";
        QTest::newRow("fractions stay") << "Li24.19992Si0.2P3.8S20Br4"
                                        << "Li24.19992Si0.2P3.8S20Br4";
        QTest::newRow("fractions show their ones") << "Li0.5CoO2"
                                                   << "Li0.5Co1O2";
        QTest::newRow("rounding noise is no fraction") << "Li1.9999999999O1"
                                                       << "Li2O";
    }
    void reducedFormulasGroupPolyanions()
    {
        QFETCH(QString, text);
        QFETCH(QString, reduced);
        QCOMPARE(QString::fromStdString(reducedFormula(parseFormula(text.toStdString()))), reduced);
    }

    void chemicalSystemsAreSortedByLetter()
    {
        QCOMPARE(chemicalSystem(parseFormula("Li10GeP2S12")), std::string("Ge-Li-P-S"));
    }

    void structuresAreCountedByOccupancy()
    {
        Structure structure;
        structure.sites.resize(2);
        structure.sites[0].occupants = {{{.Z = 3}, 0.25}, {{.Z = 11}, 0.5}};
        structure.sites[1].occupants = {{{.Z = 3, .oxidationState = 1}, 0.5}, {{.Z = 8}, 0.0}};
        QCOMPARE(compositionOf(structure), (Composition{{3, 0.75}, {11, 0.5}}));
        QCOMPARE(normalised(compositionOf(structure)), (Composition{{3, 0.6}, {11, 0.4}}));
        QCOMPARE(atoms(compositionOf(structure)), 1.25);
    }

    void formulasOfStructuresEqualThePeers()
    {
        NEEDS_SHARED("golden/crystal/structures.json");
        const auto golden = sharedJson("golden/crystal/structures.json").at("entries");
        QCOMPARE(golden.size(), 15u);
        for (const auto &entry : golden) {
            const Composition composition = fromSymbols(entry.at("composition"));
            QCOMPARE(formula(composition), entry.at("formula").get<std::string>());
            QCOMPARE(reducedFormula(composition), entry.at("reduced_formula").get<std::string>());
        }
    }

    void fractionsEqualThoseOfElMD()
    {
        NEEDS_SHARED("golden/crystal/elmd.json");
        const auto golden = sharedJson("golden/crystal/elmd.json").at("fractions");
        QVERIFY(golden.size() >= 10);
        for (const auto &[text, fractions] : golden.items()) {
            const Composition ours = normalised(parseFormula(text)), theirs = fromSymbols(fractions);
            QCOMPARE(ours.size(), theirs.size());
            for (const auto &[Z, amount] : theirs)
                COMPARE_NEAR(ours.at(Z), amount, 1e-7);
        }
    }

    void everyObelixCompositionIsRead()
    {
        NEEDS_SHARED("data/obelix/all.csv");
        const Csv table = readCsv(readFile(sharedPath("data/obelix/all.csv")), "all.csv");
        QCOMPARE(table.rows.size(), 599u);
        const auto column = table.column("True Composition", "all.csv");
        for (const auto &row : table.rows)
            QVERIFY2(parseFormula(row[column]).contains(3), row[column].c_str());
    }
};

QTEST_APPLESS_MAIN(TestComposition)
#include "tst_composition.moc"
