// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/decimate.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

namespace widgets {

std::vector<QList<QPointF>> decimated(const std::vector<double> &x, const std::vector<double> &y, double from,
                                      double to, int columns)
{
    assert(x.size() == y.size() && "every point has both coordinates");
    std::vector<QList<QPointF>> parts;
    const auto columnOf = [&](double v) {
        const double column = std::floor((v - from) / (to - from) * columns);
        return int(std::clamp(column, -1.0, double(columns)));
    };
    const auto isNumber = [&](std::size_t i) { return std::isfinite(x[i]) && std::isfinite(y[i]); };
    for (std::size_t i = 0; i < x.size();) {
        if (!isNumber(i)) {
            ++i;
            continue;
        }
        if (i == 0 || !isNumber(i - 1))
            parts.emplace_back();
        std::size_t lowest = i, highest = i, end = i + 1;
        for (; end < x.size() && isNumber(end) && columnOf(x[end]) == columnOf(x[i]); ++end) {
            if (y[end] < y[lowest])
                lowest = end;
            if (y[end] > y[highest])
                highest = end;
        }
        std::array kept{i, lowest, highest, end - 1};
        std::ranges::sort(kept);
        const auto last = std::unique(kept.begin(), kept.end());
        for (auto k = kept.begin(); k != last; ++k)
            parts.back().emplace_back(x[*k], y[*k]);
        i = end;
    }
    return parts;
}

}
