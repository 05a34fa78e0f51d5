// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/project/figure.h"

#include <string>
#include <vector>

namespace engine {

/// The range of an axis, its ticks at round numbers, and the map from data to [0, 1].
struct AxisScale {
    bool isLog = false;
    double min = 0, max = 1;
    double step = 1;           ///< between labelled ticks of a linear axis
    std::vector<double> major; ///< labelled
    std::vector<double> minor;

    double operator()(double value) const; ///< on a log axis zero and below lie under the frame
    bool holds(double value) const;
    std::string label(double value) const; ///< "−4", "0.25", "10³"
};

struct FigureScales {
    AxisScale x, y;
};

/// Those of a figure's frame: they hold all data, and bars stand on zero, unless its axes say otherwise.
FigureScales scalesOf(const Figure &figure);

/// For data in [low, high] (low > high: none), with about `atMost` labelled ticks.
AxisScale makeScale(const FigureAxis &axis, double low, double high, int atMost);

}
