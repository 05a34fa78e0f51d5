// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointF>
#include <QRectF>

namespace widgets {

/// One axis as far as it is shown. Parts run evenly from 0 (low) to 1 (high): on a log axis they count decades.
struct PlotAxis {
    bool isLog = false;
    double low = 0, high = 1; ///< in data; above zero on a log axis

    double part(double value) const; ///< not a number for zero and below on a log axis
    double value(double part) const;

    /// The stretch between two parts. Not shorter than numbers can tell apart, nor than a decade on a log axis, which
    /// would have no label.
    PlotAxis between(double from, double to) const;

    bool operator==(const PlotAxis &) const = default;
};

/// Where data lie on the screen.
struct PlotFrame {
    QRectF area; ///< in px
    PlotAxis x, y;

    QPointF pixel(double x, double y) const;
    QPointF parts(const QPointF &pixel) const; ///< (0, 0) lower left, (1, 1) upper right
};

}
