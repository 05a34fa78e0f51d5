// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/screening/rules.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace engine {

namespace {
constexpr std::array nonMetals{1, 5, 6, 7, 8, 9, 14, 15, 16, 17, 32, 33, 34, 35, 51, 52, 53, 83};
constexpr std::array strictNonMetals{1, 6, 7, 8, 9, 15, 16, 17, 34, 35, 52, 53};
constexpr double slack = 1e-9; // 0.55 − 0.50 is 0.05 up to rounding

/// |x − x′| ≤ tolerance for every element; both have the same ones.
bool isWithin(const Composition &x, const Composition &y, double tolerance)
{
    return std::ranges::equal(x, y, [&](const auto &a, const auto &b) {
        return a.first == b.first && std::abs(a.second - b.second) <= tolerance + slack;
    });
}
}

bool isNovel(const Composition &candidate, const std::vector<Composition> &training, double tolerance)
{
    const Composition x = normalised(candidate);
    return std::ranges::none_of(training,
                                [&](const Composition &known) { return isWithin(x, normalised(known), tolerance); });
}

bool isIntermetallic(const Composition &composition, bool strict)
{
    const auto has = [&](int Z) { return composition.contains(Z); };
    return strict ? std::ranges::none_of(strictNonMetals, has) : std::ranges::none_of(nonMetals, has);
}

}
