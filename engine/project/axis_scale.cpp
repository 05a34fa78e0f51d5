// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/project/axis_scale.h"

#include "engine/core/text.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <optional>

namespace engine {

double AxisScale::operator()(double v) const
{
    return isLog ? std::log10(std::max(v, min * 1e-3) / min) / std::log10(max / min) : (v - min) / (max - min);
}

bool AxisScale::holds(double v) const
{
    const double slack = isLog ? 1e-9 * v : 1e-9 * (max - min);
    return std::isfinite(v) && v >= min - slack && v <= max + slack;
}

std::string AxisScale::label(double value) const
{
    if (isLog) {
        const int exponent = int(std::lround(std::log10(value)));
        if (exponent >= 0 && exponent <= 3)
            return shortest(value);
        static constexpr const char *superscripts[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
        std::string digits;
        for (const char c : std::to_string(std::abs(exponent)))
            digits += superscripts[c - '0'];
        return std::string("10") + (exponent < 0 ? "⁻" : "") + digits;
    }
    const int decimals = std::max(0, int(-std::floor(std::log10(step) + 1e-9)));
    std::string text = fixed(std::abs(value) < step * 1e-9 ? 0.0 : value, decimals);
    return text[0] == '-' ? "−" + text.substr(1) : text;
}

AxisScale makeScale(const FigureAxis &axis, double low, double high, int atMost)
{
    if (!(low <= high)) // no data at all
        low = axis.isLog ? 1 : 0, high = axis.isLog ? 10 : 1;
    AxisScale s;
    s.isLog = axis.isLog;
    if (axis.isLog) {
        s.min = axis.min.value_or(std::pow(10, std::floor(std::log10(low) + 1e-9)));
        s.max = axis.max.value_or(std::pow(10, std::ceil(std::log10(high) - 1e-9)));
        if (s.max <= s.min)
            s.max = 10 * s.min;
        const int first = int(std::floor(std::log10(s.min) + 1e-9)), last = int(std::ceil(std::log10(s.max) - 1e-9));
        const int every = std::max(1, (last - first) / atMost);
        for (int e = first; e <= last; ++e) {
            if (s.holds(std::pow(10, e)))
                ((e - first) % every == 0 ? s.major : s.minor).push_back(std::pow(10, e));
            for (int m = 2; every == 1 && m <= 9; ++m)
                if (s.holds(m * std::pow(10, e)))
                    s.minor.push_back(m * std::pow(10, e));
        }
        return s;
    }
    if (low == high)
        low -= 0.5, high += 0.5;
    const double from = axis.min.value_or(low), to = axis.max.value_or(high);
    const std::vector<double> ticks = roundTicks(from, to, atMost);
    s.step = ticks[1] - ticks[0];
    if (axis.wholeNumbers && s.step < 1)
        s.step = 1;
    // Ends given by the user stand; others move out to the next tick.
    s.min = axis.min.value_or(std::floor(from / s.step + 1e-9) * s.step);
    s.max = axis.max.value_or(std::ceil(to / s.step - 1e-9) * s.step);
    if (s.max <= s.min)
        s.max = s.min + s.step;
    const double leading = s.step / std::pow(10, std::floor(std::log10(s.step) + 1e-9));
    const int parts = leading > 1.5 && leading < 3 ? 4 : 5;
    const double minorStep = axis.wholeNumbers ? std::max(1.0, s.step / parts) : s.step / parts;
    for (double k = std::floor(s.min / s.step); k * s.step <= s.max + 1e-9 * s.step; ++k)
        if (s.holds(k * s.step))
            s.major.push_back(k * s.step);
    for (double k = std::floor(s.min / minorStep); k * minorStep <= s.max + 1e-9 * s.step; ++k)
        if (s.holds(k * minorStep))
            s.minor.push_back(k * minorStep);
    return s;
}

namespace {

std::size_t binCount(double from, double to, double binWidth)
{
    return std::size_t(std::max(1L, std::lround((to - from) / binWidth)));
}

std::optional<std::size_t> binOf(double v, double from, double binWidth, std::size_t bins)
{
    if (!(v >= from && v <= from + double(bins) * binWidth))
        return {};
    // The small addition keeps 0.3 / 0.1 = 2.9999… in the bin that begins at 0.3.
    return std::min(std::size_t(std::floor((v - from) / binWidth + 1e-9)), bins - 1);
}

}

Histogram histogram(const std::vector<double> &values, double from, double to, double binWidth)
{
    const std::size_t bins = binCount(from, to, binWidth);
    Histogram h;
    for (std::size_t i = 0; i <= bins; ++i)
        h.edges.push_back(from + double(i) * binWidth);
    h.counts.assign(bins, 0);
    for (const double v : values)
        if (const auto bin = binOf(v, from, binWidth, bins))
            ++h.counts[*bin];
    return h;
}

std::vector<std::vector<std::string>> histogramMembers(const std::vector<double> &values,
                                                       const std::vector<std::string> &names, double from, double to,
                                                       double binWidth)
{
    assert(values.size() == names.size() && "every value has a name");
    std::vector<std::vector<std::string>> members(binCount(from, to, binWidth));
    for (std::size_t i = 0; i < values.size(); ++i)
        if (const auto bin = binOf(values[i], from, binWidth, members.size()))
            members[*bin].push_back(names[i]);
    return members;
}

std::vector<double> roundTicks(double min, double max, int atMost)
{
    if (!(max > min))
        max = min + 1;
    const double raw = (max - min) / std::max(1, atMost - 1), power = std::pow(10, std::floor(std::log10(raw)));
    double step = 10 * power;
    for (const double m : {1.0, 2.0, 5.0})
        if (m * power >= raw * (1 - 1e-9)) {
            step = m * power;
            break;
        }
    std::vector<double> ticks;
    for (double k = std::floor(min / step + 1e-9); ticks.size() < 2 || ticks.back() < max - 1e-9 * step; ++k)
        ticks.push_back(k * step);
    return ticks;
}

}
