// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/terminal.h"

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <unistd.h>

namespace cli {

namespace {
sigset_t stopSignals()
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    return set;
}
}

InterruptWatcher::InterruptWatcher()
{
    const sigset_t set = stopSignals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    // A thread that waits, rather than a handler: request_stop may not be called from a handler.
    m_thread = std::jthread([this, set](const std::stop_token &ended) {
        int signal = 0;
        while (sigwait(&set, &signal) == 0) {
            if (ended.stop_requested())
                return;
            if (m_stop.stop_requested())
                _exit(130);
            m_stop.request_stop();
        }
    });
}

InterruptWatcher::~InterruptWatcher()
{
    m_thread.request_stop();
    pthread_kill(m_thread.native_handle(), SIGTERM); // wakes sigwait
}

ProgressLine::ProgressLine(bool isTerminal) : m_isTerminal(isTerminal) {}

ProgressLine::~ProgressLine()
{
    erase();
}

void ProgressLine::erase()
{
    if (m_isShown)
        std::fputs("\r\033[K", stderr);
    m_isShown = false;
}

void ProgressLine::show(double fraction, std::string_view stage)
{
    const Clock::time_point now = Clock::now();
    const int tenth = int(fraction * 10);
    if (m_isTerminal ? stage == m_stage && now - m_last < std::chrono::milliseconds(100)
                     : stage == m_stage && tenth == m_tenth)
        return;
    m_last = now;
    m_stage = stage;
    m_tenth = tenth;
    const double elapsed_s = std::chrono::duration<double>(now - m_start).count();
    std::string line = std::to_string(int(std::floor(fraction * 100 + 1e-9))) + " %  " + m_stage;
    // Early estimates jump about; they begin when there is something to go by.
    if (fraction > 0.02 && fraction < 1 && elapsed_s > 1)
        line += ", " + durationText(elapsed_s * (1 - fraction) / fraction) + " left";
    if (m_isTerminal) {
        std::fprintf(stderr, "\r\033[K%s", line.c_str());
        std::fflush(stderr);
        m_isShown = true;
    } else {
        std::fprintf(stderr, "%s\n", line.c_str());
    }
}

std::string durationText(double seconds)
{
    const long s = std::max(1L, std::lround(seconds));
    if (s < 60)
        return std::to_string(s) + " s";
    if (s < 3600)
        return std::to_string(s / 60) + " min " + std::to_string(s % 60) + " s";
    return std::to_string(s / 3600) + " h " + std::to_string(s % 3600 / 60) + " min";
}

}
