// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/charts/plot_scene.h"

#include <QGraphicsItem>
#include <QPen>

namespace widgets {

/// Stripes repeat the message of the colour for those who cannot see it.
void paintBar(QPainter &painter, const QRectF &place, const QColor &colour, bool isHatched);
QPen linePen(const QColor &colour, double width, bool isDashed);

/// What Qt Charts has not or does slowly. Under the lines: bands, bars, faint rules. Over them: rules, marks of any shape, texts,
/// legend, colour bar, labels of log axes (10⁻⁴, where Qt Charts writes 1e-04), and the traces of the mouse.
class PlotLayer : public QGraphicsItem {
public:
    enum class Height { UnderLines, OverLines };
    PlotLayer(const PlotScene &scene, Height height, QGraphicsItem *chart);

    QRectF boundingRect() const override;
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;
    void sizeChanges() { prepareGeometryChange(); }

private:
    const PlotScene &m_scene;
    Height m_height;
};

}
