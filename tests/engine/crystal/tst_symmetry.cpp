// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/crystal/symmetry.h"

#include "tests/support/shared.h"

#include <Eigen/LU>

using namespace engine;

class TestSymmetry : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsEverySpelling_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("normal");
        QTest::newRow("plain") << "x,y,z"
                               << "x,y,z";
        QTest::newRow("blanks") << " x , -y , z + 1/2 "
                                << "x,-y,z+1/2";
        QTest::newRow("capitals") << "-X,-Y,Z"
                                  << "-x,-y,z";
        QTest::newRow("leading plus") << "+x,+y,+z"
                                      << "x,y,z";
        QTest::newRow("constant before") << "1/2+X, 1/2-Y, -Z"
                                         << "x+1/2,-y+1/2,-z";
        QTest::newRow("decimal") << "x+0.5,.5+y,z-.25"
                                 << "x+1/2,y+1/2,z-1/4";
        QTest::newRow("differences") << "x-y,x,z+1/6"
                                     << "x-y,x,z+1/6";
        QTest::newRow("difference first") << "-x+y,-x,z"
                                          << "-x+y,-x,z";
        QTest::newRow("cut thirds") << "x+0.333,y+0.6667,z+.33333"
                                    << "x+1/3,y+2/3,z+1/3";
        QTest::newRow("over 1") << "x+3/2,y-1,z+1"
                                << "x+3/2,y-1,z+1";
        QTest::newRow("times") << "2*x-y,1*x,z"
                               << "2x-y,x,z";
        QTest::newRow("quotes inside") << "'x,y,z'"
                                       << "x,y,z";
        QTest::newRow("sum of constants") << "x+1/4+1/2,y,z"
                                          << "x+3/4,y,z";
    }
    void readsEverySpelling()
    {
        QFETCH(QString, text);
        QFETCH(QString, normal);
        QCOMPARE(toText(parseSymmetryOperation(text.toStdString())), normal.toStdString());
    }

    void textRoundTrips()
    {
        for (const int number : {1, 14, 62, 166, 194, 227, 230}) {
            const auto operations = operationsOfNumber(number).value();
            for (const SymmetryOperation &operation : operations)
                QCOMPARE(parseSymmetryOperation(toText(operation)), operation);
        }
    }

    void refusesWhatIsNoOperation_data()
    {
        QTest::addColumn<QString>("text");
        for (const char *text :
             {"", "x,y", "x,y,z,t", "x,,z", "x,y,w", "x,y,z+", "x,y,z+1/0", "x,y,z+1/", "x,y,1.2.3+z", "xy,y,z",
              "x,x,z", "0,y,z", "0.5*x,2*y,z", "x1,y,z", "x,y,9*z", "--x,y,z"})
            QTest::newRow(text) << QString(text);
    }
    void refusesWhatIsNoOperation()
    {
        QFETCH(QString, text);
        THROWS_ERROR(parseSymmetryOperation(text.toStdString()), "is no symmetry operation: ");
    }

    void anOperationActsOnPositions()
    {
        const SymmetryOperation screw = parseSymmetryOperation("-y,x-y,z+1/3");
        const Vector3 image = screw({0.1, 0.3, 0.5});
        COMPARE_NEAR(image[0], -0.3, 1e-15);
        COMPARE_NEAR(image[1], -0.2, 1e-15);
        COMPARE_NEAR(image[2], 0.5 + 1.0 / 3, 1e-15);
    }

    // International Tables A: order of the point group times the number of lattice points of the cell.
    void groupsHaveTheirOrder_data()
    {
        QTest::addColumn<QString>("symbol");
        QTest::addColumn<int>("number");
        QTest::addColumn<int>("order");
        QTest::newRow("P1") << "P 1" << 1 << 1;
        QTest::newRow("short monoclinic") << "P 21/c" << 14 << 4;
        QTest::newRow("full monoclinic") << "P 1 21/c 1" << 14 << 4;
        QTest::newRow("other setting") << "P 21/n" << 14 << 4;
        QTest::newRow("underscores") << "P2_1/n" << 14 << 4;
        QTest::newRow("tildes") << "P2~1~/n" << 14 << 4;
        QTest::newRow("body-centred monoclinic") << "I12/a1" << 15 << 8;
        QTest::newRow("no blanks") << "Fm-3m" << 225 << 192;
        QTest::newRow("blanks") << "F m -3 m" << 225 << 192;
        QTest::newRow("without bar") << "F m 3 m" << 225 << 192;
        QTest::newRow("garnet without bar") << "I a 3 d" << 230 << 96;
        QTest::newRow("lower case") << "f m -3 m" << 225 << 192;
        QTest::newRow("upper case") << "F M -3 M" << 225 << 192;
        QTest::newRow("origin 1") << "F d -3 m :1" << 227 << 192;
        QTest::newRow("origin 2") << "F d -3 m:2" << 227 << 192;
        QTest::newRow("S") << "F d -3 m S" << 227 << 192;
        QTest::newRow("Z") << "F d -3 m Z" << 227 << 192;
        QTest::newRow("S means nothing here") << "P 42/m m c S" << 131 << 16;
        QTest::newRow("hexagonal axes") << "R -3 m :H" << 166 << 36;
        QTest::newRow("hexagonal axes, letter") << "R -3 m H" << 166 << 36;
        QTest::newRow("rhombohedral axes") << "R -3 m :R" << 166 << 12;
        QTest::newRow("axes not named") << "R -3 m" << 166 << 36;
        QTest::newRow("underscores everywhere") << "R__-3 __ m :H__" << 166 << 36;
        QTest::newRow("new symbol") << "C m c e" << 64 << 16;
        QTest::newRow("Hall") << "-F 4 2 3" << 225 << 192;
        QTest::newRow("Hall without blanks") << "-P2ybc" << 14 << 4;
        QTest::newRow("Hall with a shift") << "P 62 2 (0 0 4)" << 180 << 12;
        QTest::newRow("Hall in another cell") << "-P 2ybc (x-z,y,z)" << 14 << 4;
    }
    void groupsHaveTheirOrder()
    {
        QFETCH(QString, symbol);
        QFETCH(int, number);
        QFETCH(int, order);
        const auto operations = operationsOfSymbol(symbol.toStdString());
        QVERIFY(operations);
        QCOMPARE(int(operations->size()), order);
        QCOMPARE(spaceGroupOfSymbol(symbol.toStdString())->number, number);
    }

    void settingsDiffer()
    {
        QCOMPARE(operationsOfSymbol("F d -3 m"), operationsOfSymbol("F d -3 m :1"));
        QVERIFY(operationsOfSymbol("F d -3 m :1") != operationsOfSymbol("F d -3 m :2"));
        QCOMPARE(operationsOfSymbol("F d -3 m S"), operationsOfSymbol("F d -3 m :1"));
        QCOMPARE(operationsOfSymbol("F d -3 m Z"), operationsOfSymbol("F d -3 m :2"));
        QCOMPARE(operationsOfSymbol("R 3"), operationsOfSymbol("R 3 :H"));
        QCOMPARE(operationsOfNumber(227), operationsOfSymbol("F d -3 m :1"));
        QCOMPARE(operationsOfNumber(148), operationsOfSymbol("R -3 :H"));
    }

    void unknownGroupsAreNothing_data()
    {
        QTest::addColumn<QString>("symbol");
        for (const char *symbol : {"", " ", "Q 1", "P 7", "X 4 b m", "F m -3 m m", "hello", "231", "P 3 2'1", "P 11",
                                   "-P 2ybc (x-z,y", "-P 2ybc (123456789012*x,y,z)", "-P 2ybc (x,x,z)", "____", ":H"})
            QTest::newRow(symbol) << QString(symbol);
    }
    void unknownGroupsAreNothing()
    {
        QFETCH(QString, symbol);
        QVERIFY(!operationsOfSymbol(symbol.toStdString()));
        QVERIFY(!spaceGroupOfSymbol(symbol.toStdString()));
    }

    void numbersAreThoseOfTheTables()
    {
        QVERIFY(!operationsOfNumber(0));
        QVERIFY(!operationsOfNumber(-5));
        QVERIFY(!operationsOfNumber(231));
        QCOMPARE(spaceGroupOfNumber(14)->symbol, std::string("P21/c"));
        QCOMPARE(spaceGroupOfNumber(225)->symbol, std::string("Fm-3m"));
        QCOMPARE(spaceGroupOfSymbol("P 1 1 21/b")->symbol, std::string("P1121/b"));
        for (int number = 1; number <= 230; ++number) {
            const auto operations = operationsOfNumber(number);
            QVERIFY(operations);
            QCOMPARE(operations->front(), SymmetryOperation{});
            QCOMPARE(192 % int(operations->size()) == 0 || operations->size() % 9 == 0, true);
            for (const SymmetryOperation &operation : *operations) {
                QCOMPARE(std::abs(operation.rotation.cast<double>().determinant()), 1.0);
                QVERIFY((operation.translation.array() >= 0).all() && (operation.translation.array() < 1).all());
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestSymmetry)
#include "tst_symmetry.moc"
