// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/plot_layer.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QStyleOptionGraphicsItem>

#include <algorithm>
#include <cmath>

namespace widgets {

namespace {

constexpr float fadedAlpha = 0.16F;

QColor faded(QColor colour)
{
    colour.setAlphaF(fadedAlpha);
    return colour;
}

/// One picture in the making: the scene, and the painter with its manners.
struct Brushwork {
    const PlotScene &s;
    QPainter &p;
    QRectF exposed; ///< pointing at marks repaints a few px; with many marks the rest must cost nothing

    const QRectF &area() const { return s.frame.area; }

    QFont fontOf(double size) const
    {
        QFont font = s.font;
        font.setPixelSize(std::max(8, int(std::lround(size * s.scale()))));
        return font;
    }

    /// Text on one line whose baseline begins, is centred or ends at `at`, with a rim of the ground's colour.
    void text(const QPointF &at, const QString &content, double anchor, const QFont &font, const QColor &colour) const
    {
        QPainterPath path;
        path.addText(at - QPointF(anchor * QFontMetricsF(font).horizontalAdvance(content), 0), font, content);
        p.strokePath(path, QPen(s.theme.ground, 3, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        p.fillPath(path, colour);
    }

    void rule(const engine::FigureRule &r) const
    {
        const double part = (r.isVertical ? s.frame.x : s.frame.y).part(r.at);
        if (!(part >= 0 && part <= 1))
            return;
        QColor colour = s.theme.colour(r.colour);
        if (r.isFaint)
            colour.setAlphaF(0.35F);
        p.setPen(linePen(colour, r.isFaint ? 0.7 : 1.2, r.isDashed));
        const QPointF at = s.frame.pixel(r.at, r.at);
        p.drawLine(r.isVertical ? QLineF(at.x(), area().top(), at.x(), area().bottom())
                                : QLineF(area().left(), at.y(), area().right(), at.y()));
    }

    void band(const engine::FigureBand &b) const
    {
        QPolygonF outline;
        const auto add = [&](double x, double y) {
            outline << s.frame.pixel(x, s.frame.y.isLog ? std::max(y, s.frame.y.low) : y);
        };
        for (std::size_t i = 0; i < b.x.size(); ++i)
            add(b.x[i], b.high[i]);
        for (std::size_t i = b.x.size(); i-- > 0;)
            add(b.x[i], b.low[i]);
        QColor colour = s.theme.colour(b.colour);
        colour.setAlphaF(0.25F);
        p.setPen(Qt::NoPen);
        p.setBrush(colour);
        p.drawPolygon(outline);
    }

    /// With a selection, as much of a bar is strong as it counts selected members.
    void bars(const engine::FigureBars &b) const
    {
        const QColor colour = s.theme.colour(b.colour);
        for (std::size_t i = 0; i + 1 < b.edges.size(); ++i) {
            QRectF place = s.place(b, i);
            if (!(place.height() > 0))
                continue;
            if (!s.selection.empty() && !b.ids.empty()) {
                paintBar(p, place, faded(colour), b.isHatched);
                const auto selected = std::ranges::count_if(
                    b.ids[i], [&](const std::string &id) { return s.selection.contains(QString::fromStdString(id)); });
                if (selected == 0)
                    continue;
                const double share = double(selected) / double(b.ids[i].size());
                place.setTop(s.frame.pixel(b.edges[i], b.low[i] + share * (b.high[i] - b.low[i])).y());
            }
            paintBar(p, place, colour, b.isHatched);
        }
    }

    void marks() const
    {
        const auto [lowest, highest] = s.valueRange();
        std::vector<QPainterPath> paths;
        double widest = 0;
        for (const engine::FigurePoints &series : s.figure.points) {
            paths.push_back(markPath(series.shape, series.size * s.scale()));
            widest = std::max(widest, 2 * series.size * s.scale());
        }
        const QRectF wanted = exposed.adjusted(-widest, -widest, widest, widest);
        // What is selected lies on what is not.
        for (const bool isStrong : {false, true})
            for (const PlotMark &mark : s.marks) {
                const bool isFaded = !s.selection.empty() && !s.selection.contains(mark.id);
                if (isFaded == isStrong || !s.isShown(mark))
                    continue;
                const engine::FigurePoints &series = s.figure.points[mark.series];
                const auto shade = [isFaded](const QColor &colour) { return isFaded ? faded(colour) : colour; };
                const QPointF at = s.pixel(mark);
                if (series.yError.empty() && !wanted.contains(at))
                    continue;
                QColor colour = s.theme.colour(series.colour);
                if (!series.yError.empty() && series.yError[mark.point] > 0) {
                    QColor bar = colour;
                    bar.setAlphaF(isFaded ? fadedAlpha : 0.5F);
                    p.setPen(QPen(bar, s.scale()));
                    const double up = s.frame.pixel(mark.x, mark.y + series.yError[mark.point]).y();
                    const double down = s.frame.pixel(mark.x, mark.y - series.yError[mark.point]).y();
                    p.drawLine(QLineF(at.x(), std::max(area().top(), up), at.x(),
                                      std::isfinite(down) ? std::min(area().bottom(), down) : area().bottom()));
                }
                bool isFilled = series.isFilled;
                p.setPen(series.isOutlined ? QPen(shade(s.theme.ink), 1.1 * s.scale()) : QPen(Qt::NoPen));
                if (!series.value.empty()) {
                    const double v = series.value[mark.point];
                    colour = viridisColour(highest > lowest ? (v - lowest) / (highest - lowest) : 0.5);
                    isFilled = true;
                    p.setPen(QPen(shade(s.theme.ink), 0.4 * s.scale()));
                } else if (isFilled && !series.isOutlined) {
                    colour.setAlphaF(0.75F);
                }
                p.setBrush(isFilled ? QBrush(shade(colour)) : QBrush());
                if (!isFilled && !series.isOutlined)
                    p.setPen(QPen(shade(colour), 1.1 * s.scale()));
                p.drawPath(paths[mark.series].translated(at));
            }
        p.setBrush(Qt::NoBrush);
        p.setPen(QPen(s.theme.ink, 2));
        for (const QRectF &ring : s.rings())
            p.drawEllipse(ring);
    }

    void texts() const
    {
        for (const engine::FigureText &t : s.figure.texts) {
            const QPointF at = t.isInFrameParts ? QPointF(area().left() + t.x * area().width(),
                                                          area().bottom() - t.y * area().height())
                                                : s.frame.pixel(t.x, t.y);
            if (area().contains(at))
                text(at, QString::fromStdString(t.text), t.anchor, fontOf(t.size), s.theme.colour(t.colour));
        }
        // From below upwards; what would run into the last one is left out.
        double free = area().bottom() + s.fontSize_px();
        for (const engine::FigureText &t : s.figure.rightTexts) {
            const QFont font = fontOf(t.size);
            const double part = s.frame.y.part(t.y), y = area().bottom() - part * area().height();
            if (!(part >= 0 && part <= 1) || y > free)
                continue;
            text({area().right() + 6, y + 0.35 * font.pixelSize()}, QString::fromStdString(t.text), 0, font,
                 s.theme.colour(t.colour));
            free = y - 1.1 * font.pixelSize();
        }
    }

    void legend() const
    {
        for (const LegendItem &item : s.legend) {
            const double side = s.fontSize_px();
            const QRectF sample(item.place.left(), item.place.center().y() - 0.45 * side, 1.6 * side, 0.9 * side);
            item.draw(p, sample);
            p.setPen(s.theme.ink);
            p.setFont(s.font);
            p.drawText(item.place.adjusted(2.1 * side, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip,
                       item.name);
        }
    }

    void colourBar() const
    {
        const auto [low, high] = s.valueRange();
        if (!(low <= high))
            return;
        const double side = s.fontSize_px();
        const QRectF bar(area().right() + side, area().top(), 0.9 * side, area().height());
        QLinearGradient gradient(bar.bottomLeft(), bar.topLeft());
        for (int i = 0; i <= 20; ++i)
            gradient.setColorAt(i / 20.0, viridisColour(i / 20.0));
        p.fillRect(bar, gradient);
        const QFont font = fontOf(9);
        p.setPen(s.theme.ink);
        p.setFont(font);
        const engine::AxisScale ticks = engine::makeScale({}, low, high, 5);
        for (const double v : ticks.major) {
            if (v < low || v > high)
                continue;
            const double y = bar.bottom() - (high > low ? (v - low) / (high - low) : 0.5) * bar.height();
            p.drawLine(QPointF(bar.right(), y), QPointF(bar.right() + 3, y));
            p.drawText(QRectF(bar.right() + 5, y - side, 5 * side, 2 * side), Qt::AlignLeft | Qt::AlignVCenter,
                       QString::fromStdString(ticks.label(v)));
        }
        upwards(s.size.width() - 0.9 * side, s.figure.valueTitle);
    }

    /// A title along an upright axis, its middle at x.
    void upwards(double x, const std::string &title) const
    {
        p.save();
        p.translate(x, area().center().y());
        p.rotate(-90);
        p.drawText(QRectF(-area().height() / 2, -s.fontSize_px(), area().height(), 2 * s.fontSize_px()),
                   Qt::AlignCenter | Qt::TextDontClip, QString::fromStdString(title));
        p.restore();
    }

    void logAxes() const
    {
        p.setPen(s.theme.ink);
        p.setFont(s.font);
        const double height = QFontMetricsF(s.font).height();
        if (s.frame.x.isLog) {
            for (const double v : s.xTicks.major)
                p.drawText(QRectF(s.frame.pixel(v, 1).x() - 50, area().bottom() + 6, 100, height), Qt::AlignCenter,
                           QString::fromStdString(s.xTicks.label(v)));
            p.drawText(QRectF(area().left(), area().bottom() + height + 8, area().width(), height),
                       Qt::AlignCenter | Qt::TextDontClip, QString::fromStdString(s.figure.x.title));
        }
        if (s.frame.y.isLog) {
            for (const double v : s.yTicks.major)
                p.drawText(QRectF(area().left() - 107, s.frame.pixel(1, v).y() - height / 2, 100, height),
                           Qt::AlignRight | Qt::AlignVCenter, QString::fromStdString(s.yTicks.label(v)));
            upwards(4 + height / 2, s.figure.y.title);
        }
    }

    void tracesOfTheMouse() const
    {
        QColor veil = s.theme.accent;
        veil.setAlphaF(0.15F);
        p.setPen(QPen(s.theme.accent, 1.5));
        p.setBrush(veil);
        if (!s.band.isEmpty())
            p.drawRect(s.band);
        if (s.lasso.size() > 1)
            p.drawPolygon(s.lasso);
    }
};

}

void paintBar(QPainter &painter, const QRectF &place, const QColor &colour, bool isHatched)
{
    painter.setPen(QPen(colour, 1));
    if (isHatched) {
        QColor thin = colour;
        thin.setAlphaF(colour.alphaF() * 0.35F);
        painter.fillRect(place, thin);
    }
    painter.setBrush(isHatched ? QBrush(colour, Qt::BDiagPattern) : QBrush(colour));
    painter.drawRect(place);
}

QPen linePen(const QColor &colour, double width, bool isDashed)
{
    QPen pen(colour, width);
    if (isDashed)
        pen.setDashPattern({5 / width, 3 / width});
    return pen;
}

PlotLayer::PlotLayer(const PlotScene &scene, Height height, QGraphicsItem *chart)
    : QGraphicsItem(chart), m_scene(scene), m_height(height)
{
    // Qt Charts stacks background, plot area, shades, grid, axes (3), series.
    setZValue(height == Height::UnderLines ? 3.5 : 1000);
    setAcceptedMouseButtons(Qt::NoButton);
    setFlag(ItemUsesExtendedStyleOption); // or every repaint exposes all
}

QRectF PlotLayer::boundingRect() const
{
    return QRectF(QPointF(0, 0), m_scene.size);
}

void PlotLayer::paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *)
{
    const Brushwork work{m_scene, *painter, option->exposedRect};
    const engine::Figure &figure = m_scene.figure;
    painter->setRenderHint(QPainter::Antialiasing);
    painter->save();
    painter->setClipRect(m_scene.frame.area);
    if (m_height == Height::UnderLines) {
        for (const engine::FigureRule &r : figure.rules)
            if (r.isFaint)
                work.rule(r);
        for (const engine::FigureBand &b : figure.bands)
            work.band(b);
        for (const engine::FigureBars &b : figure.bars)
            work.bars(b);
        painter->restore();
        return;
    }
    for (const engine::FigureRule &r : figure.rules)
        if (!r.isFaint)
            work.rule(r);
    painter->restore();
    work.marks();
    work.texts();
    work.legend();
    work.colourBar();
    work.logAxes();
    work.tracesOfTheMouse();
}

}
