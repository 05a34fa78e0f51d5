// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace engine {

namespace {
std::atomic<int> requestedThreads = 0;
thread_local bool insideParallelFor = false;

struct InsideMark {
    bool outer = std::exchange(insideParallelFor, true);
    ~InsideMark() { insideParallelFor = outer; }
};
}

void setThreadCount(int n)
{
    requestedThreads = std::max(0, n);
}

int threadCount()
{
    const int n = requestedThreads;
    return n > 0 ? n : std::max(1u, std::thread::hardware_concurrency());
}

void parallelFor(std::size_t n, const std::function<void(std::size_t)> &body, const Progress &progress,
                 std::string_view stage)
{
    const auto nThreads = insideParallelFor ? 1 : std::min<std::size_t>(n, threadCount());
    std::atomic<std::size_t> next = 0, finished = 0;
    std::atomic<bool> failed = false;
    std::mutex failureMutex;
    std::exception_ptr failure;
    std::size_t failureIndex = n;

    const auto work = [&](bool reports) {
        const InsideMark mark;
        while (!failed && !progress.stopRequested()) {
            const std::size_t i = next++;
            if (i >= n)
                return;
            try {
                body(i);
                const std::size_t done = ++finished;
                if (reports && progress.report)
                    progress.report(double(done) / double(n), stage);
            } catch (...) {
                failed = true;
                const std::lock_guard lock(failureMutex);
                if (i < failureIndex) {
                    failureIndex = i;
                    failure = std::current_exception();
                }
            }
        }
    };

    {
        std::vector<std::jthread> helpers;
        for (std::size_t t = 1; t < nThreads; ++t)
            helpers.emplace_back(work, false);
        work(true);
    }
    if (failure)
        std::rethrow_exception(failure);
    if (progress.stopRequested())
        throw Cancelled();
}

}
