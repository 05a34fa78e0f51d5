// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/plot_scene.h"

#include "widgets/charts/plot_layer.h"

#include <QFontInfo>
#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <limits>

namespace widgets {

void PlotScene::setFigure(const engine::Figure &newFigure)
{
    figure = newFigure;
    marks.clear();
    current.reset();
    const auto text = [](const std::vector<std::string> &texts, std::size_t i) {
        return texts.empty() ? QString() : QString::fromStdString(texts[i]);
    };
    for (std::size_t s = 0; s < figure.points.size(); ++s) {
        const engine::FigurePoints &p = figure.points[s];
        for (std::size_t i = 0; i < p.x.size(); ++i)
            marks.push_back({p.x[i], p.y[i], text(p.ids, i), text(p.labels, i), s, i});
    }
}

double PlotScene::fontSize_px() const
{
    return QFontInfo(font).pixelSize();
}

double PlotScene::scale() const
{
    return fontSize_px() / 10;
}

void PlotScene::layOutTicks()
{
    const auto ticks = [this](const PlotAxis &axis, bool hasWholeNumbers, double length_px, double perLabel) {
        return engine::makeScale(
            {.isLog = axis.isLog, .min = axis.low, .max = axis.high, .wholeNumbers = hasWholeNumbers}, axis.low,
            axis.high, std::clamp(int(length_px / (perLabel * fontSize_px())), 2, 10));
    };
    xTicks = ticks(frame.x, figure.x.wholeNumbers, frame.area.width(), 5);
    yTicks = ticks(frame.y, figure.y.wholeNumbers, frame.area.height(), 3);
}

QMarginsF PlotScene::margins() const
{
    const QFontMetricsF metrics(font);
    double left = 4, bottom = 4;
    if (frame.y.isLog) {
        double widest = 0;
        for (const double v : yTicks.major)
            widest = std::max(widest, metrics.horizontalAdvance(QString::fromStdString(yTicks.label(v))));
        left += metrics.height() + widest + 10;
    }
    if (frame.x.isLog)
        bottom += 2 * metrics.height() + 10;
    return {left, legendHeight + (frame.y.isLog ? 0.5 * metrics.height() : 0) + 6, std::max(fontSize_px(), besideWidth),
            bottom};
}

std::pair<double, double> PlotScene::valueRange() const
{
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const engine::FigurePoints &series : figure.points)
        for (const double v : series.value)
            if (std::isfinite(v))
                low = std::min(low, v), high = std::max(high, v);
    return {low, high};
}

bool PlotScene::isShown(const PlotMark &mark) const
{
    const auto isIn = [](double part) { return part >= -1e-9 && part <= 1 + 1e-9; };
    return isIn(frame.x.part(mark.x)) && isIn(frame.y.part(mark.y));
}

std::vector<QRectF> PlotScene::rings() const
{
    std::vector<QRectF> rings;
    for (std::size_t i = 0; i < marks.size(); ++i)
        if ((current == i || (!hoveredId.isEmpty() && marks[i].id == hoveredId)) && isShown(marks[i])) {
            const double r = 0.5 * figure.points[marks[i].series].size * scale() + 4;
            rings.push_back(QRectF(pixel(marks[i]) - QPointF(r, r), QSizeF(2 * r, 2 * r)));
        }
    return rings;
}

std::optional<std::size_t> PlotScene::markAt(const QPointF &at, double reach_px) const
{
    std::optional<std::size_t> nearest;
    double least = reach_px;
    for (std::size_t i = 0; i < marks.size(); ++i) {
        if (!isShown(marks[i]))
            continue;
        const QPointF d = pixel(marks[i]) - at;
        const double distance = std::hypot(d.x(), d.y());
        if (distance <= least)
            nearest = i, least = distance;
    }
    return nearest;
}

QRectF PlotScene::place(const engine::FigureBars &bars, std::size_t bar) const
{
    // On a log axis zero lies below the frame.
    const auto y = [&](double v) { return frame.y.isLog ? std::max(v, frame.y.low) : v; };
    return QRectF(frame.pixel(bars.edges[bar], y(bars.high[bar])), frame.pixel(bars.edges[bar + 1], y(bars.low[bar])));
}

std::optional<PlotScene::Bar> PlotScene::barAt(const QPointF &pixel) const
{
    if (frame.area.contains(pixel))
        for (std::size_t s = 0; s < figure.bars.size(); ++s)
            for (std::size_t i = 0; i + 1 < figure.bars[s].edges.size(); ++i)
                if (place(figure.bars[s], i).contains(pixel))
                    return Bar{s, i};
    return {};
}

void PlotScene::layOutLegend()
{
    legend.clear();
    const auto add = [this](const std::string &name, std::function<void(QPainter &, const QRectF &)> draw,
                            std::set<QString> ids = {}) {
        if (!name.empty())
            legend.push_back({QString::fromStdString(name), {}, std::move(draw), std::move(ids)});
    };
    const auto idsOf = [](const std::vector<std::string> &texts) {
        std::set<QString> ids;
        for (const std::string &id : texts)
            ids.insert(QString::fromStdString(id));
        return ids;
    };
    const auto lineSample = [](const QPen &pen) {
        return [pen](QPainter &painter, const QRectF &r) {
            painter.setPen(pen);
            painter.drawLine(QPointF(r.left(), r.center().y()), QPointF(r.right(), r.center().y()));
        };
    };
    for (const engine::FigurePoints &p : figure.points) {
        const QColor colour = p.value.empty() ? theme.colour(p.colour) : theme.ink;
        const bool isFilled = p.isFilled && p.value.empty();
        const QPainterPath path = markPath(p.shape, std::max(6.0, p.size) * scale());
        const QPen pen(p.isOutlined ? theme.ink : colour, isFilled && !p.isOutlined ? 0 : 1.1 * scale());
        add(
            p.name,
            [=](QPainter &painter, const QRectF &r) {
                painter.setPen(isFilled && pen.widthF() == 0 ? QPen(Qt::NoPen) : pen);
                painter.setBrush(isFilled ? QBrush(colour) : QBrush());
                painter.drawPath(path.translated(r.center()));
            },
            idsOf(p.ids));
    }
    for (const engine::FigureLine &l : figure.lines)
        add(l.name, lineSample(linePen(theme.colour(l.colour), std::max(1.0, l.width), l.isDashed)));
    for (const engine::FigureBars &b : figure.bars) {
        std::set<QString> ids;
        for (const std::vector<std::string> &members : b.ids)
            ids.merge(idsOf(members));
        const QColor colour = theme.colour(b.colour);
        add(
            b.name,
            [colour, isHatched = b.isHatched](QPainter &painter, const QRectF &r) {
                paintBar(painter, r.adjusted(2, 0, -2, 0), colour, isHatched);
            },
            std::move(ids));
    }
    for (const engine::FigureBand &b : figure.bands) {
        QColor colour = theme.colour(b.colour);
        colour.setAlphaF(0.25F);
        add(b.name, [colour](QPainter &painter, const QRectF &r) { painter.fillRect(r, colour); });
    }
    for (const engine::FigureRule &r : figure.rules)
        add(r.name, lineSample(linePen(theme.colour(r.colour), 1, r.isDashed)));

    const QFontMetricsF metrics(font);
    const double row = metrics.height() + 4, sample = 1.6 * fontSize_px(), gap = fontSize_px();
    double x = gap, y = 4;
    for (LegendItem &item : legend) {
        const double width = sample + 0.5 * gap + metrics.horizontalAdvance(item.name);
        if (x > gap && x + width > size.width() - gap)
            x = gap, y += row;
        item.place = QRectF(x, y, width, row);
        x += width + gap;
    }
    legendHeight = legend.empty() ? 0 : y + row;
    besideWidth = 0;
    if (std::ranges::any_of(figure.points, [](const engine::FigurePoints &p) { return !p.value.empty(); }))
        besideWidth = 6.5 * fontSize_px();
    for (const engine::FigureText &t : figure.rightTexts)
        besideWidth = std::max(besideWidth, metrics.horizontalAdvance(QString::fromStdString(t.text)) + 8);
}

}
