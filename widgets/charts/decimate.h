// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QPointF>

#include <vector>

namespace widgets {

/// The same picture of a line from fewer points: of neighbours that fall into one of `columns` pixel columns across [from, to] only
/// the first, lowest, highest and last stay, in their order. What lies left or right of the frame counts as one column each. Where
/// x or y is not a number the line is broken: one list per unbroken part.
std::vector<QList<QPointF>> decimated(const std::vector<double> &x, const std::vector<double> &y, double from,
                                      double to, int columns);

}
