// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"

#include <functional>
#include <stop_token>
#include <string>
#include <string_view>

namespace engine {

/// What a long function tells its caller, and how the caller stops it. A default one is silent.
struct Progress {
    /// fraction in [0, 1]; stage is a short text such as "Reading structures". Called from the thread
    /// that called the long function, never from a helper thread.
    std::function<void(double fraction, std::string_view stage)> report;
    std::stop_token stop;

    bool stopRequested() const { return stop.stop_requested(); }

    /// Called between units of work. Throws Cancelled after a stop request.
    void at(double fraction, std::string_view stage) const
    {
        if (stopRequested())
            throw Cancelled();
        if (report)
            report(fraction, stage);
    }

    /// The progress of a part of the work, that takes the whole from fraction `from` to fraction `to`.
    Progress part(double from, double to) const
    {
        if (!report)
            return {{}, stop};
        return {[outer = report, from, to](double f, std::string_view s) { outer(from + f * (to - from), s); }, stop};
    }
};

}
