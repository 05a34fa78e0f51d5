// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/progress.h"

#include <QFutureWatcher>
#include <QObject>
#include <QString>

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <type_traits>

namespace widgets {

/// What becomes of a job: exactly one of these is called, in the window's thread, unless the context went away before. Empty ones
/// are skipped.
template <class Done>
struct Handlers {
    Done done;                                   ///< takes the result
    std::function<void(const QString &)> failed; ///< takes the reason, to be shown as it is
    std::function<void()> stopped;               ///< the user's wish, not an error
};

/// A piece of work on another thread, as the window sees it. Made by runJob; deletes itself after the end. When its context goes
/// away earlier, the work is asked to stop, nobody waits for it, and no handler is called.
class Job : public QObject {
    Q_OBJECT

public:
    using Work = std::function<void(const engine::Progress &)>;

    Job(QObject *context, const QString &title, Work work, Handlers<std::function<void()>> handlers);
    ~Job() override;

    const QString &title() const { return m_title; }
    void stop(); ///< asks; the work ends at its next unit

Q_SIGNALS:
    /// At most a few times a second: values in between are dropped.
    void progressed(double fraction, const QString &stage);
    void ended(); ///< after the handler

private:
    void end();

    QString m_title;
    Handlers<std::function<void()>> m_handlers;
    std::stop_source m_stop;
    QFutureWatcher<void> m_watcher;
};

/// Runs work(progress) on another thread. It gets copies or shared constants of what it needs and returns a value, which arrives
/// in handlers.done. engine::Cancelled ends in handlers.stopped, every other exception in handlers.failed.
template <class Work, class Done>
Job *runJob(QObject *context, const QString &title, Work work, Handlers<Done> handlers)
{
    using Result = std::invoke_result_t<Work, const engine::Progress &>;
    const auto result = std::make_shared<std::optional<Result>>();
    return new Job(
        context, title,
        [work = std::move(work), result](const engine::Progress &progress) { result->emplace(work(progress)); },
        {.done = [done = std::move(handlers.done), result] { done(std::move(**result)); },
         .failed = std::move(handlers.failed),
         .stopped = std::move(handlers.stopped)});
}

}
