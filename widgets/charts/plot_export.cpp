// SPDX-License-Identifier: GPL-3.0-or-later
// A PlotWidget's figure as a file.
#include "engine/core/error.h"
#include "engine/core/files.h"
#include "widgets/charts/plot_table_model.h"
#include "widgets/charts/plot_widget.h"

#include <QBuffer>
#include <QChartView>
#include <QFileDialog>
#include <QImage>
#include <QPainter>
#include <QPdfWriter>

#include <utility>

namespace widgets {

void PlotWidget::paintPicture(QPainter &painter, const QRectF &target)
{
    const PlotTheme onScreen = m_scene->theme;
    const auto current = std::exchange(m_scene->current, std::nullopt);
    const QString hoveredId = std::exchange(m_scene->hoveredId, QString());
    applyTheme(PlotTheme::paper());
    painter.setRenderHint(QPainter::Antialiasing);
    m_view->scene()->render(&painter, target, QRectF(QPointF(0, 0), m_scene->size));
    m_scene->current = current;
    m_scene->hoveredId = hoveredId;
    applyTheme(onScreen);
}

void PlotWidget::exportTo(const QString &path)
{
    const std::string ending = engine::endingOf(path.toStdString());
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    if (ending == "csv") {
        bytes = QByteArray::fromStdString(engine::writeCsv(m_table->toCsv()));
    } else if (ending == "svg") {
        engine::Figure shown = figure();
        if (m_isZoomed) {
            shown.x.min = xAxis().low, shown.x.max = xAxis().high;
            shown.y.min = yAxis().low, shown.y.max = yAxis().high;
        }
        bytes = QByteArray::fromStdString(engine::toSvg(shown));
    } else if (ending == "png") {
        QImage image((m_scene->size * 2).toSize(), QImage::Format_RGB32);
        image.fill(Qt::white);
        QPainter painter(&image);
        paintPicture(painter, image.rect());
        painter.end();
        image.save(&buffer, "PNG");
    } else if (ending == "pdf") {
        QPdfWriter pdf(&buffer);
        constexpr double points_px = 72.0 / 96;
        pdf.setPageSize(QPageSize(m_scene->size * points_px, QPageSize::Point, {}, QPageSize::ExactMatch));
        pdf.setPageMargins({});
        pdf.setTitle(accessibleName());
        QPainter painter(&pdf);
        paintPicture(painter, QRectF(0, 0, pdf.width(), pdf.height()));
    } else {
        throw engine::Error(path.toStdString() + ": choose .png, .svg, .pdf or .csv");
    }
    engine::writeFile(path.toStdString(), std::string_view(bytes.constData(), std::size_t(bytes.size())));
}

void PlotWidget::askWhereToExport()
{
    const QString name = QString::fromStdString(figure().name.empty() ? "chart" : figure().name);
    const QString path =
        QFileDialog::getSaveFileName(this, tr("Export chart"), name + QStringLiteral(".svg"),
                                     tr("Vector graphics (*.svg);;Document (*.pdf);;Picture (*.png);;Numbers (*.csv)"));
    if (path.isEmpty())
        return;
    try {
        exportTo(path);
    } catch (const engine::Error &error) {
        Q_EMIT exportFailed(QString::fromUtf8(error.what()));
    }
}

}
