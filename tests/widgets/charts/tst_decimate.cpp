// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/decimate.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <random>

using namespace widgets;

class TestDecimate : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void twoHundredThousandPointsKeepTheirExtremesInEveryPixelColumn()
    {
        constexpr int count = 200000, columns = 800;
        std::mt19937 random(1);
        std::vector<double> x, y;
        std::map<int, std::pair<double, double>> extremes; // per column
        for (int i = 0; i < count; ++i) {
            x.push_back(double(i) / count);
            y.push_back(std::sin(2 * std::numbers::pi * x.back()) + 1e-3 * double(random() % 1000));
            const auto [at, isNew] = extremes.try_emplace(int(x.back() * columns), y.back(), y.back());
            at->second = {std::min(at->second.first, y.back()), std::max(at->second.second, y.back())};
        }
        const auto parts = decimated(x, y, 0, 1, columns);
        QCOMPARE(parts.size(), std::size_t(1));
        QVERIFY2(parts[0].size() <= 4 * columns, qPrintable(QString::number(parts[0].size())));
        QVERIFY(parts[0].size() >= 2 * columns);
        std::map<int, std::pair<double, double>> kept;
        for (const QPointF &p : parts[0]) {
            const auto [at, isNew] = kept.try_emplace(int(p.x() * columns), p.y(), p.y());
            at->second = {std::min(at->second.first, p.y()), std::max(at->second.second, p.y())};
        }
        QVERIFY(kept == extremes);
        QCOMPARE(parts[0].front(), QPointF(x.front(), y.front()));
        QCOMPARE(parts[0].back(), QPointF(x.back(), y.back()));
        QVERIFY(std::ranges::is_sorted(parts[0], {}, &QPointF::x));
    }

    void aShortLineStaysAsItIs()
    {
        const auto parts = decimated({0, 1, 2, 3}, {5, -1, 4, 4}, 0, 3, 100);
        QCOMPARE(parts.size(), std::size_t(1));
        QCOMPARE(parts[0], (QList<QPointF>{{0, 5}, {1, -1}, {2, 4}, {3, 4}}));
    }

    void aLineThatRunsBackKeepsItsShape()
    {
        // A hysteresis: up and back over the same columns.
        const auto parts = decimated({0, 1, 2, 1, 0}, {0, 1, 2, 3, 4}, 0, 2, 10);
        QCOMPARE(parts[0], (QList<QPointF>{{0, 0}, {1, 1}, {2, 2}, {1, 3}, {0, 4}}));
    }

    void whatIsNoNumberBreaksTheLine()
    {
        const auto parts = decimated({NAN, 0, 1, 2, 3, 4}, {0, 0, 1, INFINITY, 3, 4}, 0, 4, 10);
        QCOMPARE(parts.size(), std::size_t(2));
        QCOMPARE(parts[0], (QList<QPointF>{{0, 0}, {1, 1}}));
        QCOMPARE(parts[1], (QList<QPointF>{{3, 3}, {4, 4}}));
        QVERIFY(decimated({}, {}, 0, 1, 10).empty());
    }

    void zoomedInTheLineStillEntersAndLeavesTheFrame()
    {
        std::vector<double> x, y;
        for (int i = 0; i <= 1000; ++i) {
            x.push_back(i);
            y.push_back(i % 2);
        }
        const auto parts = decimated(x, y, 500, 510, 100);
        QCOMPARE(parts.size(), std::size_t(1));
        QVERIFY(parts[0].contains(QPointF(499, 1)));
        QVERIFY(parts[0].contains(QPointF(511, 1)));
        for (int i = 500; i <= 510; ++i)
            QVERIFY(parts[0].contains(QPointF(i, i % 2)));
        QVERIFY(parts[0].size() <= 11 + 8);
    }
};

QTEST_APPLESS_MAIN(TestDecimate)
#include "tst_decimate.moc"
