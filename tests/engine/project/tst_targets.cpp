// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/project/targets.h"

#include "tests/support/shared.h"

#include <QTemporaryDir>

using namespace engine;
using Values = std::map<std::string, double>;

class TestTargets : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;

    Targets read(const std::string &csv, const TargetColumns &columns)
    {
        const auto path = std::filesystem::path(m_dir.path().toStdString()) / "t.csv";
        writeFile(path, csv);
        return readTargets(path, columns);
    }

private Q_SLOTS:
    void columnsGoByName()
    {
        const Targets t = read("id,gap,energy\na,1.5,-2\nb,0,-1\n", {.value = "Energy"});
        QCOMPARE(t.values, (Values{{"a", -2}, {"b", -1}}));
        QVERIFY(t.rejects.empty());
    }

    void orByNumberWithoutAHeader()
    {
        const Targets t = read("7,-2,1.5\n8,-1,0\n", {.id = "1", .value = "3"});
        QCOMPARE(t.values, (Values{{"7", 1.5}, {"8", 0}}));
    }

    void rowsWithoutANumberAreNamed()
    {
        const Targets t = read("id,x\na,1\nb,None\nc,\n", {.value = "x"});
        QCOMPARE(t.values, (Values{{"a", 1}}));
        QCOMPARE(t.rejects.size(), 2u);
        QCOMPARE(t.rejects[0], (Reject{"b", "t.csv:3: \"None\" is no number"}));
    }

    void upperBoundsCountWhereTheyMay()
    {
        const std::string csv = "id,sigma\na,<1E-10\nb,2e-5\n";
        QCOMPARE(read(csv, {.value = "sigma"}).values, (Values{{"b", 2e-5}}));
        QCOMPARE(read(csv, {.value = "sigma", .boundsCount = true}).values, (Values{{"a", 1e-10}, {"b", 2e-5}}));
    }

    void conditionsChooseRowsAndMakeClasses_data()
    {
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("one");
        QTest::addColumn<QString>("expected");
        QTest::newRow("all") << ""
                             << ""
                             << "0 1 2 3";
        QTest::newRow("above") << "> 1"
                               << ""
                               << "2 3";
        QTest::newRow("at least") << ">=1"
                                  << ""
                                  << "1 2 3";
        QTest::newRow("below") << " <1 "
                               << ""
                               << "0";
        QTest::newRow("at most") << "<= 1"
                                 << ""
                                 << "0 1";
        QTest::newRow("equal") << "= 2"
                               << ""
                               << "2";
        QTest::newRow("classes") << ""
                                 << "= 0"
                                 << "1 0 0 0";
        QTest::newRow("both") << "> 0"
                              << "< 2.5"
                              << "1 1 0";
    }
    void conditionsChooseRowsAndMakeClasses()
    {
        QFETCH(QString, where);
        QFETCH(QString, one);
        const Targets t =
            read("id,x\na,0\nb,1\nc,2\nd,3\n", {.value = "x", .where = where.toStdString(), .one = one.toStdString()});
        QStringList values;
        for (const auto &[id, value] : t.values)
            values << QString::number(value);
        QTEST(values.join(' '), "expected");
    }

    void whatIsWrongIsNamed()
    {
        THROWS_ERROR(read("id,x\na,1\n", {.value = "y"}), "t.csv");
        THROWS_ERROR(read("id,x\na,1\n", {.id = "1", .value = "3"}), "t.csv: has no column 3, only 2");
        THROWS_ERROR(read("id,x\na,1\n", {.id = "id", .value = "2"}), "both be names");
        THROWS_ERROR(read("id,x\na,1\na,2\n", {.value = "x"}), "t.csv:3: \"a\" has a value already");
        THROWS_ERROR(read("id,x\na,1\n", {.value = "x", .where = "about 3"}), "is no condition");
        THROWS_ERROR(read("id,x\na,1\n", {.value = "x", .one = "=="}), "is no condition");
        THROWS_ERROR(readTargets("/nowhere.csv", {.value = "x"}), "/nowhere.csv");
    }
};

QTEST_APPLESS_MAIN(TestTargets)
#include "tst_targets.moc"
