// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/screening/rules.h"

#include "tests/support/shared.h"

using namespace engine;

class TestRules : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void noveltyComparesAtomicFractions_data()
    {
        QTest::addColumn<QString>("candidate");
        QTest::addColumn<double>("tolerance");
        QTest::addColumn<bool>("novel");
        // The training set is Li10GeP2S12 (0.40, 0.04, 0.08, 0.48) and LiCl.
        QTest::newRow("the same in another size") << "Li20Ge2P4S24" << 0.0 << false;
        QTest::newRow("a little lithium less") << "Li9.6GeP2S12" << 0.05 << false;
        QTest::newRow("another element") << "Li10SnP2S12" << 1.0 << true;
        QTest::newRow("one element more, however little") << "Li10GeP2S12Cl0.001" << 1.0 << true;
        QTest::newRow("one element less") << "Li10P2S12" << 1.0 << true;
        QTest::newRow("far away with the same elements") << "Li2GePS2" << 0.05 << true;
        QTest::newRow("0.05 exactly is inclusive") << "Li0.55Cl0.45" << 0.05 << false;
        QTest::newRow("just beyond") << "Li0.5500001Cl0.4499999" << 0.05 << true;
        QTest::newRow("within the wider option") << "Li0.58Cl0.42" << 0.10 << false;
        QTest::newRow("absolute, not relative") << "Li10Ge2P2S12" << 0.05 << false;
    }
    void noveltyComparesAtomicFractions()
    {
        QFETCH(QString, candidate);
        QFETCH(double, tolerance);
        QFETCH(bool, novel);
        const std::vector training{parseFormula("Li10GeP2S12"), parseFormula("LiCl")};
        QCOMPARE(isNovel(parseFormula(candidate.toStdString()), training, tolerance), novel);
        QCOMPARE(isNovel(parseFormula(candidate.toStdString()), {training[1], training[0]}, tolerance), novel);
    }

    void everythingIsNovelWithoutTrainingData() { QVERIFY(isNovel(parseFormula("LiCl"), {}, 1)); }

    void intermetallicsHaveNoNonMetal_data()
    {
        QTest::addColumn<QString>("formula");
        QTest::addColumn<bool>("intermetallic");
        QTest::addColumn<bool>("strictly");
        QTest::newRow("alloy") << "LiAl" << true << true;
        QTest::newRow("stannide") << "Li2CaSn2" << true << true;
        QTest::newRow("arsenide of the paper's table") << "LiCaAs" << false << true;
        QTest::newRow("antimonide of the paper's table") << "LiSrAlSb2" << false << true;
        QTest::newRow("silicide of the paper's table") << "LiBSi2" << false << true;
        QTest::newRow("germanide") << "Li2ZnGe" << false << true;
        QTest::newRow("bismuthide") << "Li3Bi" << false << true;
        QTest::newRow("telluride") << "Li2Te" << false << false;
        QTest::newRow("hydride") << "LiH" << false << false;
        QTest::newRow("thiophosphate") << "Li3PS4" << false << false;
    }
    void intermetallicsHaveNoNonMetal()
    {
        QFETCH(QString, formula);
        QFETCH(bool, intermetallic);
        QFETCH(bool, strictly);
        QCOMPARE(isIntermetallic(parseFormula(formula.toStdString()), false), intermetallic);
        QCOMPARE(isIntermetallic(parseFormula(formula.toStdString()), true), strictly);
    }
};

QTEST_APPLESS_MAIN(TestRules)
#include "tst_rules.moc"
