// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/jobs/run_job.h"

#include <QPointer>
#include <QPromise>
#include <QThread>
#include <QThreadPool>
#include <QtConcurrentRun>

#include <algorithm>

namespace widgets {

namespace {

constexpr int progressSteps = 1000;

/// Its own pool, one thread fewer than cores, so that the window stays quick. Waits for its jobs when the program ends.
QThreadPool &pool()
{
    static QThreadPool pool;
    pool.setMaxThreadCount(std::max(1, QThread::idealThreadCount() - 1));
    return pool;
}

void runInPromise(QPromise<void> &promise, const Job::Work &work, const std::stop_token &stop)
{
    promise.setProgressRange(0, progressSteps);
    const auto report = [&promise](double fraction, std::string_view stage) {
        promise.setProgressValueAndText(int(fraction * progressSteps),
                                        QString::fromUtf8(stage.data(), qsizetype(stage.size())));
    };
    // Qt would replace an exception that it does not know by a QUnhandledException; stored here, it arrives as it was thrown.
    try {
        work({report, stop});
    } catch (...) {
        promise.setException(std::current_exception());
    }
}

}

Job::Job(QObject *context, const QString &title, Work work, Handlers<std::function<void()>> handlers)
    : QObject(context), m_title(title), m_handlers(std::move(handlers))
{
    connect(&m_watcher, &QFutureWatcherBase::progressValueChanged, this,
            [this](int value) { Q_EMIT progressed(double(value) / progressSteps, m_watcher.progressText()); });
    connect(&m_watcher, &QFutureWatcherBase::finished, this, &Job::end);
    m_watcher.setFuture(QtConcurrent::run(&pool(), runInPromise, std::move(work), m_stop.get_token()));
}

Job::~Job()
{
    m_stop.request_stop();
}

void Job::stop()
{
    m_stop.request_stop();
}

void Job::end()
{
    // A future that holds an exception also reports itself cancelled. So it is asked for the exception, and for nothing else.
    std::function<void()> outcome = m_handlers.done;
    try {
        m_watcher.future().waitForFinished();
    } catch (const engine::Cancelled &) {
        outcome = m_handlers.stopped;
    } catch (const std::exception &e) {
        if (m_handlers.failed)
            outcome = [failed = m_handlers.failed, why = QString::fromUtf8(e.what())] { failed(why); };
        else
            outcome = {};
    }
    // The handler may delete the context, and this job with it.
    const QPointer<Job> self(this);
    if (outcome)
        outcome();
    if (!self)
        return;
    Q_EMIT ended();
    if (self)
        deleteLater();
}

}
