// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/project/figure.h"

#include <QColor>
#include <QPainterPath>
#include <QPalette>

namespace widgets {

/// The report's colours on the window's ground.
struct PlotTheme {
    bool isDark = false;
    QColor ground = Qt::white, ink = Qt::black, grid = Qt::lightGray, accent = Qt::blue;

    static PlotTheme of(const QPalette &palette);
    static PlotTheme paper(); ///< what pictures are saved with

    QColor colour(engine::Colour colour) const;
};

/// A mark around (0, 0), `size` px across, as the report draws it.
QPainterPath markPath(engine::Shape shape, double size);

QColor viridisColour(double part);

}
