// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/plot_widget.h"

#include "widgets/charts/plot_layer.h"
#include "widgets/charts/plot_table_model.h"

#include <QAbstractAxis>
#include <QAction>
#include <QChart>
#include <QChartView>
#include <QGraphicsLayout>
#include <QHeaderView>
#include <QItemSelectionModel>
#include <QLabel>
#include <QLegend>
#include <QPainter>
#include <QStackedLayout>
#include <QTableView>

#include <algorithm>

namespace widgets {

namespace {

bool isEmpty(const engine::Figure &f)
{
    const auto hasNone = [](const auto &parts) {
        return std::ranges::all_of(parts, [](const auto &part) { return part.x.empty(); });
    };
    return hasNone(f.points) && hasNone(f.lines) && hasNone(f.bands) &&
           std::ranges::all_of(f.bars, [](const engine::FigureBars &b) { return b.edges.size() < 2; });
}

bool isSameFrame(const engine::Figure &a, const engine::Figure &b)
{
    const auto isSame = [](const engine::FigureAxis &c, const engine::FigureAxis &d) {
        return c.title == d.title && c.isLog == d.isLog;
    };
    return a.name == b.name && isSame(a.x, b.x) && isSame(a.y, b.y);
}

PlotAxis axisOf(const engine::AxisScale &scale)
{
    return {scale.isLog, scale.min, scale.max};
}

}

PlotWidget::PlotWidget(QWidget *parent)
    : QFrame(parent), m_scene(std::make_unique<PlotScene>()), m_chart(new QChart),
      m_view(new QChartView(m_chart, this)), m_tableView(new QTableView(this)), m_table(new PlotTableModel(this)),
      m_empty(new QLabel(tr("There is nothing to show yet."), this)), m_pages(new QStackedLayout(this)),
      m_under(new PlotLayer(*m_scene, PlotLayer::Height::UnderLines, m_chart)),
      m_over(new PlotLayer(*m_scene, PlotLayer::Height::OverLines, m_chart))
{
    setFocusPolicy(Qt::StrongFocus);
    setMinimumSize(160, 120);
    m_chart->legend()->hide();
    m_chart->setLocalizeNumbers(true);
    m_chart->setBackgroundRoundness(0);
    m_chart->layout()->setContentsMargins(0, 0, 0, 0);
    m_view->setFocusPolicy(Qt::NoFocus);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setRenderHint(QPainter::Antialiasing);
    m_view->viewport()->setMouseTracking(true);
    m_view->viewport()->installEventFilter(this);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_tableView->setModel(m_table);
    m_tableView->installEventFilter(this);
    m_tableView->setAccessibleName(tr("Numbers of the chart"));
    m_tableView->setObjectName(QStringLiteral("numbers"));
    m_tableView->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_tableView->verticalHeader()->hide();
    m_tableView->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    setContentsMargins(2, 2, 2, 2); // the focus ring
    for (QWidget *page :
         {static_cast<QWidget *>(m_view), static_cast<QWidget *>(m_tableView), static_cast<QWidget *>(m_empty)})
        m_pages->addWidget(page);
    connect(m_tableView->selectionModel(), &QItemSelectionModel::selectionChanged, this, &PlotWidget::takeRows);
    addActions();
    connect(m_chart, &QChart::plotAreaChanged, this, &PlotWidget::settle);
    applyTheme(PlotTheme::of(palette()));
    setFigure({});
}

PlotWidget::~PlotWidget()
{
    m_view->viewport()->removeEventFilter(this);
    delete m_view; // and with it the layers, before what they paint
}

void PlotWidget::setFigure(const engine::Figure &figure)
{
    const bool isSame = m_x && isSameFrame(m_scene->figure, figure);
    m_scene->setFigure(figure);
    m_table->setFigure(figure);
    if (!isSame)
        makeAxes();
    if (!isSame || !m_isZoomed)
        fit();
    applyTheme(PlotTheme::of(palette()));
    showTable(isTableShown());
    describe();
}

void PlotWidget::setEmptyText(const QString &text)
{
    m_empty->setText(text);
    describe();
}

void PlotWidget::applyTheme(const PlotTheme &theme)
{
    m_scene->theme = theme;
    m_scene->font = font();
    m_chart->setBackgroundBrush(theme.ground);
    m_chart->setBackgroundPen(Qt::NoPen);
    for (QAbstractAxis *axis : {m_x, m_y}) {
        if (!axis)
            continue;
        axis->setLabelsFont(font());
        axis->setTitleFont(font());
        axis->setLabelsBrush(theme.ink);
        axis->setTitleBrush(theme.ink);
        axis->setLinePen(QPen(theme.ink, 1));
        axis->setGridLinePen(QPen(theme.grid, 1));
        axis->setMinorGridLinePen(QPen(theme.grid, 0.4));
    }
    layOut();
}

void PlotWidget::layOut()
{
    m_scene->size = m_view->size();
    m_scene->layOutLegend();
    for (PlotLayer *layer : {m_under, m_over})
        layer->sizeChanges();
    settle();
}

void PlotWidget::setView(const PlotAxis &x, const PlotAxis &y)
{
    m_scene->frame.x = x;
    m_scene->frame.y = y;
    settle();
}

void PlotWidget::repaintMarks()
{
    m_under->update();
    m_over->update();
}

void PlotWidget::repaintRings()
{
    for (const QRectF &ring : m_scene->rings())
        m_over->update(ring.adjusted(-2, -2, 2, 2));
}

void PlotWidget::fit()
{
    const engine::FigureScales scales = engine::scalesOf(m_scene->figure);
    m_isZoomed = false;
    setView(axisOf(scales.x), axisOf(scales.y));
}

void PlotWidget::zoom(double factor)
{
    zoomAbout({0.5, 0.5}, factor);
}

void PlotWidget::zoomAbout(const QPointF &parts, double factor)
{
    const auto zoomed = [factor](const PlotAxis &axis, double at) {
        return axis.between(at - at / factor, at + (1 - at) / factor);
    };
    m_isZoomed = true;
    setView(zoomed(xAxis(), parts.x()), zoomed(yAxis(), parts.y()));
}

QPointF PlotWidget::pixel(double x, double y) const
{
    return m_scene->frame.pixel(x, y) + m_view->viewport()->mapTo(this, QPoint(0, 0));
}

void PlotWidget::setSelection(const std::set<QString> &ids)
{
    m_scene->selection = ids;
    repaintMarks();
    if (isTableShown())
        selectRows();
}

void PlotWidget::setHovered(const QString &id)
{
    repaintRings();
    m_scene->hoveredId = id;
    repaintRings();
}

bool PlotWidget::isTableShown() const
{
    return m_tableAction->isChecked();
}

void PlotWidget::showTable(bool isWanted)
{
    const bool hadFocus = hasFocus() || m_tableView->hasFocus();
    m_tableAction->setChecked(isWanted);
    m_pages->setCurrentWidget(isEmpty(figure()) ? static_cast<QWidget *>(m_empty)
                              : isWanted        ? static_cast<QWidget *>(m_tableView)
                                                : m_view);
    if (isWanted)
        selectRows();
    if (hadFocus)
        (m_pages->currentWidget() == m_tableView ? static_cast<QWidget *>(m_tableView) : this)->setFocus();
}

void PlotWidget::describe()
{
    const QString description = QString::fromStdString(figure().description);
    setAccessibleName(description.isEmpty() ? tr("Chart") : description);
    setAccessibleDescription(isEmpty(figure()) ? m_empty->text()
                                               : tr("%1 against %2. Ctrl+T shows the numbers.", "y title, x title")
                                                     .arg(QString::fromStdString(figure().y.title),
                                                          QString::fromStdString(figure().x.title)));
}

void PlotWidget::resizeEvent(QResizeEvent *event)
{
    QFrame::resizeEvent(event);
    // Hidden too: a picture can be saved while the table is shown, and a figure is placed before its first show.
    m_view->setGeometry(contentsRect());
    layOut();
}

void PlotWidget::changeEvent(QEvent *event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange ||
        event->type() == QEvent::StyleChange)
        applyTheme(PlotTheme::of(palette()));
}

void PlotWidget::paintEvent(QPaintEvent *event)
{
    QFrame::paintEvent(event);
    if (hasFocus() || m_tableView->hasFocus()) {
        QPainter painter(this);
        painter.setPen(QPen(m_scene->theme.accent, 2));
        painter.drawRect(QRectF(rect()).adjusted(1, 1, -1, -1));
    }
}

void PlotWidget::focusInEvent(QFocusEvent *event)
{
    QFrame::focusInEvent(event);
    update();
}

void PlotWidget::focusOutEvent(QFocusEvent *event)
{
    QFrame::focusOutEvent(event);
    update();
}

}
