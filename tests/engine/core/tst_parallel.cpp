// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/parallel.h"

#include "tests/support/shared.h"

#include <atomic>
#include <thread>

using namespace engine;

class TestParallel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { setThreadCount(0); }

    void everyItemIsVisitedOnce()
    {
        for (const int threads : {1, 2, 8}) {
            setThreadCount(threads);
            std::vector<std::atomic<int>> visits(1000);
            parallelFor(visits.size(), [&](std::size_t i) { ++visits[i]; });
            for (const auto &n : visits)
                QCOMPARE(n.load(), 1);
        }
        parallelFor(0, [](std::size_t) { QFAIL("called for nothing"); });
    }

    void anExceptionOfAnItemReachesTheCaller()
    {
        setThreadCount(4);
        THROWS_ERROR(parallelFor(100, [](std::size_t i) {
                         if (i == 7)
                             throw Error("item 7");
                     }),
                     "item 7");
    }

    void aStopRequestEndsInCancelled()
    {
        setThreadCount(2);
        std::stop_source source;
        std::atomic<int> n = 0;
        QVERIFY_EXCEPTION_THROWN(parallelFor(
                                     1000,
                                     [&](std::size_t) {
                                         if (++n == 10)
                                             source.request_stop();
                                     },
                                     {{}, source.get_token()}),
                                 Cancelled);
        QVERIFY(n < 20);
    }

    void progressIsReportedFromTheCallingThread()
    {
        setThreadCount(4);
        const auto caller = std::this_thread::get_id();
        double last = 0;
        bool isCaller = true;
        std::string stage;
        parallelFor(500, [](std::size_t) {},
                    {[&](double fraction, std::string_view s) {
                        isCaller = isCaller && std::this_thread::get_id() == caller;
                        last = std::max(last, fraction);
                        stage = s;
                    }},
                    "Counting");
        QVERIFY(isCaller);
        QVERIFY(last <= 1.0);
        QVERIFY(stage.empty() || stage == "Counting");
    }

    void anInnerLoopRunsOnItsOwnThread()
    {
        setThreadCount(2);
        parallelFor(4, [](std::size_t) {
            const auto outer = std::this_thread::get_id();
            parallelFor(4, [&](std::size_t) {
                if (std::this_thread::get_id() != outer)
                    throw Error("left its thread");
            });
        });
    }

    void partialProgressIsScaled()
    {
        double seen = 0;
        const Progress whole{[&](double f, std::string_view) { seen = f; }};
        whole.part(0.5, 0.75).at(0.5, "half");
        QCOMPARE(seen, 0.625);
    }
};

QTEST_APPLESS_MAIN(TestParallel)
#include "tst_parallel.moc"
