// SPDX-License-Identifier: GPL-3.0-or-later
// What Qt Charts draws of a PlotWidget: axes and lines.
#include "widgets/charts/decimate.h"
#include "widgets/charts/plot_layer.h"
#include "widgets/charts/plot_widget.h"

#include <QChart>
#include <QGraphicsLayout>
#include <QLineSeries>
#include <QLogValueAxis>
#include <QValueAxis>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace widgets {

namespace {

void setTicks(QAbstractAxis *axis, const PlotAxis &shown, const engine::AxisScale &ticks)
{
    if (auto *log = qobject_cast<QLogValueAxis *>(axis)) {
        log->setRange(shown.low, shown.high);
        log->setMinorTickCount(ticks.minor.size() > ticks.major.size() ? 8 : 0);
        return;
    }
    auto *linear = qobject_cast<QValueAxis *>(axis);
    const int decimals = std::max(0, int(-std::floor(std::log10(ticks.step) + 1e-9)));
    linear->setLabelFormat(QStringLiteral("%.%1f").arg(decimals));
    // Never a long stretch with narrow ticks between the two.
    if (ticks.step > linear->tickInterval())
        linear->setTickInterval(ticks.step);
    linear->setRange(shown.low, shown.high);
    linear->setTickInterval(ticks.step);
}

std::vector<double> decades(std::vector<double> values)
{
    for (double &v : values)
        v = v > 0 ? std::log10(v) : std::numeric_limits<double>::quiet_NaN();
    return values;
}

}

void PlotWidget::makeAxes()
{
    m_chart->removeAllSeries();
    const auto make = [this](QAbstractAxis *&axis, const engine::FigureAxis &wanted, Qt::Alignment side) {
        const bool isLog = qobject_cast<QLogValueAxis *>(axis);
        if (!axis || isLog != wanted.isLog) {
            if (axis) {
                axis->setVisible(false); // its labels are deleted later
                m_chart->removeAxis(axis);
                delete axis;
            }
            if (wanted.isLog) {
                axis = new QLogValueAxis;
                axis->setLabelsVisible(false);
                axis->setTitleVisible(false);
            } else {
                auto *linear = new QValueAxis;
                linear->setTickType(QValueAxis::TicksDynamic);
                axis = linear;
            }
            m_chart->addAxis(axis, side);
        }
        axis->setTitleText(QString::fromStdString(wanted.title));
    };
    make(m_x, m_scene->figure.x, Qt::AlignBottom);
    make(m_y, m_scene->figure.y, Qt::AlignLeft);
}

/// Ticks depend on the room for them, and the room on the width of their labels. Qt Charts would find out step by step in later
/// events; what is painted or saved before would be wrong.
void PlotWidget::settle()
{
    if (!m_x || std::exchange(m_isSettling, true))
        return;
    QRectF &area = m_scene->frame.area;
    for (int round = 0; round < 4; ++round) {
        m_scene->layOutTicks();
        m_chart->setMargins(m_scene->margins().toMargins());
        setTicks(m_x, m_scene->frame.x, m_scene->xTicks);
        setTicks(m_y, m_scene->frame.y, m_scene->yTicks);
        m_chart->layout()->activate();
        if (std::exchange(area, m_chart->plotArea()) == area)
            break;
    }
    drawLines();
    m_isSettling = false;
}

void PlotWidget::drawLines()
{
    m_chart->removeAllSeries();
    const PlotFrame &frame = m_scene->frame;
    const int columns = std::max(1, int(frame.area.width()));
    const auto add = [this](const QList<QPointF> &points, const QPen &pen) {
        auto *series = new QLineSeries;
        series->setPen(pen);
        series->replace(points);
        m_chart->addSeries(series);
        series->attachAxis(m_x);
        series->attachAxis(m_y);
    };
    for (const engine::FigureLine &line : m_scene->figure.lines) {
        const auto rulerOf = [](const std::vector<double> &v, bool isLog) { return isLog ? decades(v) : v; };
        const auto end = [&](double v) { return frame.x.isLog ? std::log10(v) : v; };
        for (QList<QPointF> &part : decimated(rulerOf(line.x, frame.x.isLog), rulerOf(line.y, frame.y.isLog),
                                              end(frame.x.low), end(frame.x.high), columns)) {
            for (QPointF &point : part) {
                if (frame.x.isLog)
                    point.setX(std::pow(10, point.x()));
                if (frame.y.isLog)
                    point.setY(std::pow(10, point.y()));
            }
            add(part, linePen(m_scene->theme.colour(line.colour), std::max(1.0, line.width * 1.2), line.isDashed));
        }
    }
    if (m_chart->series().isEmpty())
        add({}, Qt::NoPen); // axes of a chart without series have no range
    repaintMarks();
}

}
