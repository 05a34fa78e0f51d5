// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/plot_frame.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace widgets {

double PlotAxis::part(double v) const
{
    if (!isLog)
        return (v - low) / (high - low);
    return v > 0 ? std::log10(v / low) / std::log10(high / low) : std::numeric_limits<double>::quiet_NaN();
}

double PlotAxis::value(double part) const
{
    return isLog ? low * std::pow(high / low, part) : low + part * (high - low);
}

PlotAxis PlotAxis::between(double from, double to) const
{
    const double shortest = isLog ? 1 / std::log10(high / low)
                                  : 1e-9 * std::max({std::abs(low), std::abs(high), high - low}) / (high - low);
    const double middle = (from + to) / 2, half = std::max(to - from, shortest) / 2;
    return {isLog, value(middle - half), value(middle + half)};
}

QPointF PlotFrame::pixel(double dataX, double dataY) const
{
    return {area.left() + x.part(dataX) * area.width(), area.bottom() - y.part(dataY) * area.height()};
}

QPointF PlotFrame::parts(const QPointF &pixel) const
{
    return {(pixel.x() - area.left()) / area.width(), (area.bottom() - pixel.y()) / area.height()};
}

}
