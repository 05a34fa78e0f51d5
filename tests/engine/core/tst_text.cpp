// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/text.h"

#include "engine/core/rng.h"
#include "tests/support/shared.h"

#include <clocale>

using namespace engine;

class TestText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void numbers_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("isNumber");
        QTest::addColumn<double>("value");
        QTest::newRow("plain") << QByteArray("1.5") << true << 1.5;
        QTest::newRow("leading plus") << QByteArray("+0.5") << true << 0.5;
        QTest::newRow("bare point") << QByteArray(".5") << true << 0.5;
        QTest::newRow("trailing point") << QByteArray("5.") << true << 5.0;
        QTest::newRow("exponent") << QByteArray("1E-10") << true << 1e-10;
        QTest::newRow("plus minus") << QByteArray("+-1") << false << 0.0;
        QTest::newRow("unit") << QByteArray("1 K") << false << 0.0;
        QTest::newRow("comma") << QByteArray("1,5") << false << 0.0;
        QTest::newRow("infinite") << QByteArray("inf") << false << 0.0;
        QTest::newRow("not a number") << QByteArray("nan") << false << 0.0;
        QTest::newRow("empty") << QByteArray("") << false << 0.0;
    }
    void numbers()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, isNumber);
        QFETCH(double, value);
        const auto result = parseDouble(text.toStdString());
        QCOMPARE(result.has_value(), isNumber);
        if (isNumber)
            QCOMPARE(*result, value);
    }

    void shortestTextReadsBackExactly()
    {
        QCOMPARE(shortest(0.1), std::string("0.1"));
        Rng rng(1);
        for (int i = 0; i < 10000; ++i) {
            const double x = rng.normal() * std::pow(10.0, double(rng.below(60)) - 30.0);
            QCOMPARE(*parseDouble(shortest(x)), x);
        }
    }

    void fixedHasThatManyDecimals()
    {
        QCOMPARE(fixed(2.345678, 2), std::string("2.35"));
        QCOMPARE(fixed(-0.5, 0), std::string("-0"));
        QCOMPARE(fixed(1e300, 1).size(), 303u);
    }

    void splittingAndTrimming()
    {
        QCOMPARE(split("a,,b", ',').size(), 3u);
        QCOMPARE(split("", ',').size(), 1u);
        QCOMPARE(words("  a \t b\n").size(), 2u);
        QCOMPARE(trimmed(" \t x y \n"), std::string_view("x y"));
        QCOMPARE(lowered("P6(3)/MMC"), std::string("p6(3)/mmc"));
        QCOMPARE(joined({"a", "b"}, ", "), std::string("a, b"));
    }

    void utf8IsWellFormedOrNot()
    {
        for (const char *good : {"", "Li", "\u03b2-Li", "\u20ac", "\U0001F50B"})
            QVERIFY2(isUtf8(good), good);
        for (const char *bad : {"\xff", "\x80", "\xc3", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf0\x80\x80\xaf",
                                "\xf4\x90\x80\x80", "a\xe2\x82"})
            QVERIFY2(!isUtf8(bad), bad);
    }
};

QTEST_APPLESS_MAIN(TestText)
#include "tst_text.moc"
