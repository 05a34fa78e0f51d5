// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/jobs/run_job.h"

#include "engine/core/parallel.h"

#include <QSignalSpy>
#include <QTest>
#include <QThread>

#include <atomic>
#include <semaphore>

using namespace widgets;

class TestRunJob : public QObject {
    Q_OBJECT

private:
    /// What the handlers were told, in order.
    QStringList m_heard;

    Handlers<std::function<void(int)>> handlers()
    {
        return {.done = [this](int value) { m_heard << QStringLiteral("done %1").arg(value); },
                .failed = [this](const QString &why) { m_heard << QStringLiteral("failed: ") + why; },
                .stopped = [this] { m_heard << QStringLiteral("stopped"); }};
    }

private Q_SLOTS:
    void init() { m_heard.clear(); }

    void theResultArrivesInTheWindowsThread()
    {
        QObject window;
        Qt::HANDLE workThread = nullptr, doneThread = nullptr;
        std::unique_ptr<int> answer; // a result need not be copyable
        const QPointer<Job> job = runJob(
            &window, QStringLiteral("Adding"),
            [&workThread](const engine::Progress &) {
                workThread = QThread::currentThreadId();
                return std::make_unique<int>(42);
            },
            Handlers{.done = [&](std::unique_ptr<int> value) {
                doneThread = QThread::currentThreadId();
                answer = std::move(value);
            }});
        QCOMPARE(job->title(), QStringLiteral("Adding"));
        QTRY_VERIFY(answer);
        QCOMPARE(*answer, 42);
        QCOMPARE(doneThread, QThread::currentThreadId());
        QVERIFY(workThread != doneThread);
        QTRY_VERIFY(!job); // and the job is gone
    }

    // Qt alone would make it a QUnhandledException with a message of its own.
    void anErrorArrivesWithItsMessage()
    {
        QObject window;
        runJob(
            &window, {}, [](const engine::Progress &) -> int { throw engine::Error("Li3N.cif: no _cell_length_a"); },
            handlers());
        QTRY_COMPARE(m_heard, QStringList{QStringLiteral("failed: Li3N.cif: no _cell_length_a")});
    }

    // A future that holds an exception also says it was cancelled: an error must not look like a stop.
    void anErrorAfterAStopRequestIsStillAnError()
    {
        QObject window;
        std::binary_semaphore asked(0);
        Job *job = runJob(
            &window, {},
            [&asked](const engine::Progress &) -> int {
                asked.acquire();
                throw engine::Error("disk full");
            },
            handlers());
        job->stop();
        asked.release();
        QTRY_COMPARE(m_heard, QStringList{QStringLiteral("failed: disk full")});
    }

    void aForeignExceptionIsAFailureToo()
    {
        QObject window;
        runJob(
            &window, {}, [](const engine::Progress &) -> int { throw std::out_of_range("row 7"); }, handlers());
        QTRY_COMPARE(m_heard, QStringList{QStringLiteral("failed: row 7")});
    }

    void stoppingIsNotAnError()
    {
        QObject window;
        Job *job = runJob(
            &window, {},
            [](const engine::Progress &progress) -> int {
                for (;;)
                    progress.at(0.5, "Turning");
            },
            handlers());
        job->stop();
        QTRY_COMPARE(m_heard, QStringList{QStringLiteral("stopped")});
    }

    // Training takes a stop request as "enough" and returns its best.
    void workThatReturnsAfterAStopRequestIsDone()
    {
        QObject window;
        Job *job = runJob(
            &window, {},
            [](const engine::Progress &progress) {
                while (!progress.stopRequested())
                    QThread::yieldCurrentThread();
                return 7;
            },
            handlers());
        job->stop();
        QTRY_COMPARE(m_heard, QStringList{QStringLiteral("done 7")});
    }

    void aStopReachesEveryThreadOfALoop()
    {
        QObject window;
        Job *job = runJob(
            &window, {},
            [](const engine::Progress &progress) {
                for (;;)
                    engine::parallelFor(
                        100, [](std::size_t) { QThread::usleep(100); }, progress);
                return 0;
            },
            handlers());
        job->stop();
        QTRY_COMPARE(m_heard, QStringList{QStringLiteral("stopped")});
    }

    void progressTellsShareAndStage()
    {
        QObject window;
        std::binary_semaphore seen(0);
        double fraction = -1;
        QString stage;
        Job *job = runJob(
            &window, {},
            [&seen](const engine::Progress &progress) {
                progress.at(0.25, "Reading Å");
                seen.acquire();
                return 1;
            },
            handlers());
        connect(job, &Job::progressed, &window, [&](double f, const QString &s) {
            fraction = f;
            stage = s;
        });
        QTRY_COMPARE(fraction, 0.25);
        QCOMPARE(stage, QStringLiteral("Reading Å"));
        seen.release();
        QTRY_COMPARE(m_heard.size(), 1);
    }

    void aWindowThatClosesIsNotCalledAndDoesNotWait()
    {
        auto window = std::make_unique<QObject>();
        std::atomic<bool> ended = false;
        runJob(
            window.get(), {},
            [&ended](const engine::Progress &progress) -> int {
                while (!progress.stopRequested())
                    QThread::yieldCurrentThread();
                ended = true;
                return 1;
            },
            handlers());
        window.reset();
        QTRY_VERIFY(ended);
        QTest::qWait(20);
        QCOMPARE(m_heard, QStringList());
    }

    void aHandlerMayDeleteItsWindow()
    {
        auto *window = new QObject;
        const QPointer<Job> job = runJob(
            window, {}, [](const engine::Progress &) { return 1; }, Handlers{.done = [this, window](int) {
                m_heard << QStringLiteral("done");
                delete window;
            }});
        QTRY_COMPARE(m_heard, QStringList{QStringLiteral("done")});
        QVERIFY(!job);
    }

    void emptyHandlersAreSkipped()
    {
        QObject window;
        Job *job = runJob(
            &window, {}, [](const engine::Progress &) -> int { throw engine::Error("x"); },
            Handlers{.done = [](int) {}});
        QSignalSpy ended(job, &Job::ended);
        QTRY_COMPARE(ended.size(), 1);
    }
};

QTEST_GUILESS_MAIN(TestRunJob)
#include "tst_run_job.moc"
