// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/plot_theme.h"

#include "engine/project/svg_parts.h"

namespace widgets {

namespace {

QColor mixed(const QColor &a, const QColor &b, double shareOfB)
{
    const auto mix = [shareOfB](float x, float y) { return float(x + (y - x) * shareOfB); };
    return QColor::fromRgbF(mix(a.redF(), b.redF()), mix(a.greenF(), b.greenF()), mix(a.blueF(), b.blueF()));
}

QPainterPath polygon(const QPolygonF &corners)
{
    QPainterPath path;
    path.addPolygon(corners);
    path.closeSubpath();
    return path;
}

}

PlotTheme PlotTheme::of(const QPalette &palette)
{
    PlotTheme theme;
    theme.ground = palette.color(QPalette::Base);
    theme.ink = palette.color(QPalette::Text);
    theme.isDark = theme.ground.lightnessF() < 0.5;
    theme.grid = mixed(theme.ground, theme.ink, 0.12);
    theme.accent = palette.color(QPalette::Highlight);
    return theme;
}

PlotTheme PlotTheme::paper()
{
    PlotTheme theme;
    theme.ink = theme.colour(engine::Colour::Ink);
    theme.grid = mixed(theme.ground, theme.ink, 0.12);
    return theme;
}

QColor PlotTheme::colour(engine::Colour colour) const
{
    const engine::svg::ColourNames &names = engine::svg::names(colour);
    return QColor(QLatin1String(isDark ? names.dark : names.light));
}

QPainterPath markPath(engine::Shape shape, double size)
{
    const double r = size / 2;
    QPainterPath path;
    switch (shape) {
    case engine::Shape::Circle:
        path.addEllipse(QPointF(0, 0), r, r);
        return path;
    case engine::Shape::Square:
        path.addRect(-0.9 * r, -0.9 * r, 1.8 * r, 1.8 * r);
        return path;
    case engine::Shape::Triangle:
        return polygon({{0, -1.15 * r}, {1.1 * r, 0.8 * r}, {-1.1 * r, 0.8 * r}});
    case engine::Shape::Diamond:
        return polygon({{0, -1.25 * r}, {1.25 * r, 0}, {0, 1.25 * r}, {-1.25 * r, 0}});
    case engine::Shape::ArrowLeft:
        return polygon({{-1.3 * r, 0}, {0.8 * r, -1.05 * r}, {0.8 * r, 1.05 * r}});
    }
    return path;
}

QColor viridisColour(double part)
{
    return QColor(QString::fromStdString(engine::svg::viridis(part)));
}

}
