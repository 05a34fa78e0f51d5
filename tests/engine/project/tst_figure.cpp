// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/project/axis_scale.h"
#include "engine/project/figure.h"

#include "tests/support/shared.h"

#include <QXmlStreamReader>

#include <cmath>

using namespace engine;

namespace {

// One of everything that a figure can hold, with characters that XML does not take as they are.
Figure fullFigure()
{
    Figure f;
    f.name = "everything";
    f.description = "a < b & \"c\"";
    f.x = {.title = "log₁₀(σ / S cm⁻¹)"};
    f.y = {.title = "P < 1 & P > 0", .min = 0, .max = 1};
    f.points.push_back({.name = "circles",
                        .x = {-8, -4.5, -2},
                        .y = {0.1, 0.5, 0.9},
                        .yError = {0.1, 0, 0.2},
                        .labels = {"<1>", "2", "3"}});
    f.points.push_back({.name = "open", .x = {-7}, .y = {0.3}, .shape = Shape::Triangle, .isFilled = false});
    f.points.push_back({.x = {-6, -5}, .y = {0.2, 0.4}, .shape = Shape::Diamond, .value = {0.1, 0.3}});
    f.lines.push_back({.name = "line", .x = {-8, NAN, -2}, .y = {0, 0.5, 1}, .isDashed = true});
    f.bands.push_back({.name = "band", .x = {-8, -2}, .low = {0.1, 0.2}, .high = {0.3, 0.4}});
    f.bars.push_back({.name = "bars", .edges = {-8, -5, -2}, .low = {0, 0}, .high = {0.2, 0.1}, .isHatched = true});
    f.rules.push_back({.at = -4, .name = "threshold"});
    f.texts.push_back({.x = 0.1, .y = 0.9, .text = "n < 5", .isInFrameParts = true});
    f.rightTexts.push_back({.y = 0.5, .text = "right"});
    f.valueTitle = "spread";
    return f;
}

struct Seen {
    int marks = 0;
    QStringList texts;
    QString error;
};

Seen seenIn(const std::string &svg)
{
    Seen seen;
    QXmlStreamReader xml(QByteArray::fromStdString(svg));
    while (!xml.atEnd()) {
        xml.readNext();
        if (!xml.isStartElement())
            continue;
        if (xml.attributes().value("class") == QStringLiteral("mark"))
            ++seen.marks;
        if (xml.name() == QStringLiteral("text"))
            seen.texts += xml.readElementText();
    }
    if (xml.hasError())
        seen.error = xml.errorString();
    return seen;
}

}

class TestFigure : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theSvgIsWellFormedAndHoldsAMarkPerPoint()
    {
        const Seen seen = seenIn(toSvg(fullFigure()));
        QCOMPARE(seen.error, QString());
        QCOMPARE(seen.marks, 6);
        for (const QString text : {"log₁₀(σ / S cm⁻¹)", "P < 1 & P > 0", "circles", "open", "line", "band", "bars",
                                   "threshold", "n < 5", "right", "spread", "−4"})
            QVERIFY2(seen.texts.contains(text), qPrintable(text));
    }

    void thereAreNoNumbersThatAreNone()
    {
        const QString svg = QString::fromStdString(toSvg(fullFigure()));
        QVERIFY(!svg.contains(QStringLiteral("nan")) && !svg.contains(QStringLiteral("inf")));
    }

    void anEmptyFigureIsStillAFigure()
    {
        const Seen seen = seenIn(toSvg({.name = "empty", .x = {.title = "x"}, .y = {.title = "count", .isLog = true}}));
        QCOMPARE(seen.error, QString());
        QCOMPARE(seen.marks, 0);
        QVERIFY(seen.texts.contains(QStringLiteral("count")));
    }

    void pointsOutsideGivenLimitsAreLeftOut()
    {
        Figure f{.name = "limits", .x = {.min = 0, .max = 1}};
        f.points.push_back({.x = {-0.1, 0, 0.5, 1, 1.1, NAN}, .y = {1, 2, 3, 4, 5, 6}});
        QCOMPARE(seenIn(toSvg(f)).marks, 3);
    }

    void zeroCountsStandOnTheFrameOfALogAxis()
    {
        Figure f{.name = "log", .y = {.isLog = true, .min = 0.5}};
        f.bars.push_back({.edges = {0, 1, 2}, .low = {0, 0}, .high = {100, 0}});
        const QString svg = QString::fromStdString(toSvg(f));
        QCOMPARE(svg.count(QStringLiteral("<rect class=\"s-")), 1); // the empty bin draws nothing
    }

    void theSameFigureGivesTheSameBytes() { QCOMPARE(toSvg(fullFigure()), toSvg(fullFigure())); }

    void ticksAreRound_data()
    {
        QTest::addColumn<double>("min");
        QTest::addColumn<double>("max");
        QTest::addColumn<double>("step");
        QTest::newRow("0 to 1") << 0.0 << 1.0 << 0.2;
        QTest::newRow("conductivities") << -17.4 << -1.6 << 5.0;
        QTest::newRow("space groups") << 1.0 << 230.0 << 50.0;
        QTest::newRow("all alike") << 3.0 << 3.0 << 0.2;
    }
    void ticksAreRound()
    {
        QFETCH(double, min);
        QFETCH(double, max);
        QFETCH(double, step);
        const std::vector<double> ticks = roundTicks(min, max, 6);
        QVERIFY(ticks.front() <= min && ticks.back() >= max - 1e-9);
        for (std::size_t i = 1; i < ticks.size(); ++i)
            COMPARE_NEAR(ticks[i] - ticks[i - 1], step, 1e-12);
    }

    void aLogAxisHasTicksBetweenItsDecades()
    {
        const AxisScale s = makeScale({.isLog = true}, 3, 4000, 6);
        QCOMPARE(s.major, (std::vector<double>{1, 10, 100, 1000, 10000}));
        QCOMPARE(s.minor.size(), 4u * 8);
        COMPARE_NEAR(s(100), 0.5, 1e-12);
        QCOMPARE(s.label(10000), std::string("10⁴"));
    }

    void everyValueFallsIntoOneBin()
    {
        const Histogram h = histogram({0, 0.1, 0.3, 0.95, 1.0, 1.1, -0.2}, 0, 1, 0.1);
        QCOMPARE(h.counts, (std::vector<double>{1, 1, 0, 1, 0, 0, 0, 0, 0, 2}));
        QCOMPARE(h.edges.size(), 11u);
    }

    void aBinKnowsItsMembers()
    {
        const auto members = histogramMembers({0.3, 0.95, 1.0, 1.1}, {"a", "b", "c", "d"}, 0, 1, 0.1);
        QCOMPARE(members.size(), 10u);
        QCOMPARE(members[3], (std::vector<std::string>{"a"}));
        QCOMPARE(members[9], (std::vector<std::string>{"b", "c"}));
        QVERIFY(members[0].empty());
    }
};

QTEST_APPLESS_MAIN(TestFigure)
#include "tst_figure.moc"
