// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/progress.h"

#include <atomic>
#include <thread>

namespace engine {

/// Progress of several trainings at once, counted in epochs. Made in the thread that called the long function; told from any, it
/// reports from that one alone.
class EpochProgress {
public:
    EpochProgress(const Progress &progress, std::size_t trainings, int epochsEach)
        : m_progress(progress), m_total(double(trainings) * epochsEach)
    {
    }

    void add(long epochs)
    {
        const long done = m_done += epochs;
        if (m_progress.report && std::this_thread::get_id() == m_caller)
            m_progress.report(double(done) / m_total, "Training");
    }

private:
    const Progress &m_progress;
    const double m_total;
    const std::thread::id m_caller = std::this_thread::get_id();
    std::atomic<long> m_done = 0;
};

}
