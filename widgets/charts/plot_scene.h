// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/project/axis_scale.h"
#include "engine/project/figure.h"
#include "widgets/charts/plot_frame.h"
#include "widgets/charts/plot_theme.h"

#include <QFont>
#include <QMarginsF>
#include <QPolygonF>
#include <QString>

#include <functional>
#include <optional>
#include <set>
#include <utility>
#include <vector>

class QPainter;

namespace widgets {

/// One point of the figure.
struct PlotMark {
    double x, y;
    QString id, label;
    std::size_t series, point;
};

struct LegendItem {
    QString name;
    QRectF place;
    std::function<void(QPainter &painter, const QRectF &sample)> draw;
    std::set<QString> ids; ///< what it stands for
};

/// What the layers paint and the mouse hits: the figure, where it stands, and what the user looks at.
struct PlotScene {
    engine::Figure figure;
    PlotFrame frame;
    engine::AxisScale xTicks, yTicks;
    PlotTheme theme;
    QFont font;
    QSizeF size;
    std::vector<PlotMark> marks;
    std::vector<LegendItem> legend;
    double legendHeight = 0, besideWidth = 0; ///< px above the frame and on its right
    std::set<QString> selection;
    QString hoveredId;
    std::optional<std::size_t> current; ///< of marks: where the arrow keys are
    QPolygonF lasso;
    QRectF band; ///< rectangle to zoom into

    void setFigure(const engine::Figure &figure);
    void layOutLegend(); ///< after a change of size, theme, font or figure

    /// Ticks at the report's round numbers, as many as there is room for.
    void layOutTicks();
    QMarginsF margins() const; ///< around the frame and Qt Charts' axes: the room for what is painted here

    double fontSize_px() const;
    double scale() const; ///< of the figure's sizes, which are made for small print
    QPointF pixel(const PlotMark &mark) const { return frame.pixel(mark.x, mark.y); }
    std::pair<double, double> valueRange() const; ///< of the colour bar; low > high: none
    bool isShown(const PlotMark &mark) const;     ///< its centre is in the frame

    std::vector<QRectF> rings() const; ///< around what is pointed at, here or elsewhere, and where the arrow keys are

    /// The nearest mark in reach, the later one when two are equally near.
    std::optional<std::size_t> markAt(const QPointF &pixel, double reach_px) const;
    struct Bar {
        std::size_t series, bar;
    };
    std::optional<Bar> barAt(const QPointF &pixel) const;
    QRectF place(const engine::FigureBars &bars, std::size_t bar) const;
};

}
