// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/csv.h"

#include "tests/support/shared.h"

using namespace engine;

class TestCsv : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void quotedCellsHoldSeparatorsQuotesAndLineEnds()
    {
        const Csv table = readCsv("a,b\n\"1,\"\"2\"\"\n3\",x\n", "t.csv");
        QCOMPARE(table.rows.size(), 1u);
        QCOMPARE(table.rows[0][0], std::string("1,\"2\"\n3"));
        QCOMPARE(table.rows[0][1], std::string("x"));
    }

    void theSeparatorIsGuessed_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("comma") << QByteArray("a,b\n1,2\n");
        QTest::newRow("semicolon") << QByteArray("a;b\r\n1;2\r\n");
        QTest::newRow("tab, commas inside") << QByteArray("a\tb\n1\t2\n");
        QTest::newRow("byte-order mark, no last line end") << QByteArray("\xEF\xBB\xBF"
                                                                         "a,b\n1,2");
        QTest::newRow("old Mac line ends") << QByteArray("a,b\r1,2\r");
    }
    void theSeparatorIsGuessed()
    {
        QFETCH(QByteArray, text);
        const Csv table = readCsv(text.toStdString(), "t.csv");
        QCOMPARE(table.header, (std::vector<std::string>{"a", "b"}));
        QCOMPARE(table.rows, (std::vector<std::vector<std::string>>{{"1", "2"}}));
    }

    void linesAreCountedThroughQuotedCells()
    {
        const Csv table = readCsv("a\n\"x\ny\"\n\nz\n", "t.csv");
        QCOMPARE(table.lines, (std::vector<int>{2, 5}));
    }

    void whatIsWrittenReadsBack()
    {
        const Csv table{{"id", "text"}, {{"1", "a \"b\", c"}, {"2", ""}, {"3", "line\nend"}}, {2, 3, 4}};
        QCOMPARE(readCsv(writeCsv(table), "t.csv"), table);
    }

    void wrongTablesAreNamedWithTheirLine()
    {
        THROWS_ERROR(readCsv("", "t.csv"), "t.csv: is empty");
        THROWS_ERROR(readCsv("a,b\n1,2,3\n", "t.csv"), "t.csv:2: 3 cells");
        THROWS_ERROR(readCsv("a,b\n\"1,2\n", "t.csv"), "t.csv:2: a quoted cell is never closed");
        THROWS_ERROR(readCsv("a,b\n", "t.csv").column("c", "t.csv"), "no column \"c\"; it has: a, b");
    }

    void wrongRowsNeedNotEndTheTable()
    {
        std::vector<Reject> rejects;
        const Csv table = readCsv("a,b\n1,2\n1,2,3\n5,\"6\n7,8\n", "t.csv", 0, &rejects);
        QCOMPARE(table.rows, (std::vector<std::vector<std::string>>{{"1", "2"}, {"7", "8"}}));
        QCOMPARE(table.lines, (std::vector<int>{2, 5}));
        QCOMPARE(rejects, (std::vector<Reject>{{"t.csv:3", "3 cells, but the header has 2"},
                                               {"t.csv:4", "a quoted cell is never closed"}}));
        THROWS_ERROR(readCsv("a,\"b\n1,2\n", "t.csv", 0, &rejects), "t.csv:1: a quoted cell is never closed");
    }
};

QTEST_APPLESS_MAIN(TestCsv)
#include "tst_csv.moc"
