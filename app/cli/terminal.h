// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/progress.h"

#include <chrono>
#include <stop_token>
#include <string>
#include <thread>

namespace cli {

/// Turns Ctrl+C and a polite kill into a stop request; a second one ends the program at once. Must be made before any other
/// thread, because threads inherit which signals they do not take.
class InterruptWatcher {
public:
    InterruptWatcher();
    ~InterruptWatcher();
    InterruptWatcher(const InterruptWatcher &) = delete;
    InterruptWatcher &operator=(const InterruptWatcher &) = delete;

    std::stop_token token() const { return m_stop.get_token(); }

private:
    std::stop_source m_stop;
    std::jthread m_thread;
};

/// One line on stderr: share done, stage, time left. On a terminal it is rewritten in place; elsewhere a line is written when the
/// stage changes and at every tenth.
class ProgressLine {
public:
    explicit ProgressLine(bool isTerminal);
    ~ProgressLine();

    void show(double fraction, std::string_view stage);

private:
    void erase();

    using Clock = std::chrono::steady_clock;
    bool m_isTerminal;
    bool m_isShown = false;
    Clock::time_point m_start = Clock::now(), m_last{};
    std::string m_stage;
    int m_tenth = -1;
};

/// "1 min 20 s"
std::string durationText(double seconds);

}
