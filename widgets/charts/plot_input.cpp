// SPDX-License-Identifier: GPL-3.0-or-later
// What the mouse and the keyboard do to a PlotWidget.
#include "widgets/charts/plot_table_model.h"
#include "widgets/charts/plot_widget.h"

#include <QAccessible>
#include <QAction>
#include <QApplication>
#include <QChartView>
#include <QItemSelectionModel>
#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QTableView>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace widgets {

namespace {

constexpr double reach_px = 8, zoomStep = 1.25;

std::set<QString> idsIn(const PlotScene &scene, const QPolygonF &polygon)
{
    std::set<QString> ids;
    for (const PlotMark &mark : scene.marks)
        if (!mark.id.isEmpty() && scene.isShown(mark) && polygon.containsPoint(scene.pixel(mark), Qt::OddEvenFill))
            ids.insert(mark.id);
    return ids;
}

}

void PlotWidget::addActions()
{
    const auto add = [this](const QString &text, const QList<QKeySequence> &keys) {
        auto *action = new QAction(text, this);
        action->setShortcuts(keys);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        addAction(action);
        return action;
    };
    setContextMenuPolicy(Qt::ActionsContextMenu);
    connect(add(tr("Zoom &in"), {QKeySequence(Qt::Key_Plus), QKeySequence(Qt::Key_Equal)}), &QAction::triggered, this,
            [this] { zoom(zoomStep); });
    connect(add(tr("Zoom &out"), {QKeySequence(Qt::Key_Minus)}), &QAction::triggered, this,
            [this] { zoom(1 / zoomStep); });
    connect(add(tr("&Fit"), {QKeySequence(Qt::Key_0)}), &QAction::triggered, this, &PlotWidget::fit);
    m_tableAction = add(tr("Show as &table"), {QKeySequence(Qt::CTRL | Qt::Key_T)});
    m_tableAction->setCheckable(true);
    connect(m_tableAction, &QAction::triggered, this, &PlotWidget::showTable);
    connect(add(tr("&Export…"), {}), &QAction::triggered, this, &PlotWidget::askWhereToExport);
}

bool PlotWidget::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_tableView && (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut))
        update(); // the focus ring
    if (watched != m_view->viewport())
        return QFrame::eventFilter(watched, event);
    switch (event->type()) {
    case QEvent::Wheel: {
        auto *wheel = static_cast<QWheelEvent *>(event);
        if (m_scene->frame.area.contains(wheel->position()))
            zoomAbout(m_scene->frame.parts(wheel->position()), std::pow(zoomStep, wheel->angleDelta().y() / 120.0));
        return true;
    }
    case QEvent::MouseButtonPress: {
        auto *mouse = static_cast<QMouseEvent *>(event);
        if (mouse->button() != Qt::LeftButton && mouse->button() != Qt::MiddleButton)
            return false;
        setFocus(Qt::MouseFocusReason);
        m_pressed = mouse->position();
        m_drag = mouse->button() == Qt::MiddleButton ? Drag::Pan : Drag::Click;
        return true;
    }
    case QEvent::MouseMove: {
        auto *mouse = static_cast<QMouseEvent *>(event);
        const QPointF moved = mouse->position() - m_pressed;
        if (m_drag == Drag::None) {
            pointAt(mouse->position().toPoint());
            return true;
        }
        if (m_drag == Drag::Click && moved.manhattanLength() >= QApplication::startDragDistance()) {
            m_drag = mouse->modifiers() & (Qt::ShiftModifier | Qt::ControlModifier) ? Drag::Lasso : Drag::Zoom;
            m_scene->lasso = QPolygonF({m_pressed});
        }
        if (m_drag == Drag::Pan) {
            const QRectF &area = m_scene->frame.area;
            const double dx = -moved.x() / area.width(), dy = moved.y() / area.height();
            m_pressed = mouse->position();
            m_isZoomed = true;
            setView(xAxis().between(dx, 1 + dx), yAxis().between(dy, 1 + dy));
        } else if (m_drag == Drag::Lasso) {
            m_scene->lasso << mouse->position();
        } else if (m_drag == Drag::Zoom) {
            m_scene->band = QRectF(m_pressed, mouse->position()).normalized() & m_scene->frame.area;
        }
        repaintMarks();
        return true;
    }
    case QEvent::MouseButtonRelease: {
        auto *mouse = static_cast<QMouseEvent *>(event);
        if (m_drag == Drag::None)
            return false;
        release(mouse->position(), mouse->modifiers());
        return true;
    }
    case QEvent::Leave:
        pointAt({-1, -1});
        return false;
    default:
        return false;
    }
}

void PlotWidget::release(const QPointF &position, Qt::KeyboardModifiers modifiers)
{
    const Drag drag = m_drag;
    const QRectF band = m_scene->band;
    const QPolygonF lasso = m_scene->lasso;
    m_drag = Drag::None;
    m_scene->band = {};
    m_scene->lasso.clear();
    repaintMarks();
    if (drag == Drag::Click) {
        click(position, modifiers);
    } else if (drag == Drag::Lasso) {
        select(idsIn(*m_scene, lasso), modifiers);
    } else if (drag == Drag::Zoom && band.width() > 2 && band.height() > 2) {
        const QPointF from = m_scene->frame.parts(band.bottomLeft()), to = m_scene->frame.parts(band.topRight());
        m_isZoomed = true;
        setView(xAxis().between(from.x(), to.x()), yAxis().between(from.y(), to.y()));
    }
}

void PlotWidget::click(const QPointF &position, Qt::KeyboardModifiers modifiers)
{
    for (const LegendItem &item : m_scene->legend)
        if (item.place.contains(position)) {
            select(item.ids, modifiers);
            return;
        }
    std::set<QString> ids;
    if (const auto mark = m_scene->markAt(position, reach_px)) {
        m_scene->current = *mark;
        repaintMarks();
        ids = {m_scene->marks[*mark].id};
    } else if (const auto bar = m_scene->barAt(position)) {
        const engine::FigureBars &bars = figure().bars[bar->series];
        if (!bars.ids.empty())
            for (const std::string &id : bars.ids[bar->bar])
                ids.insert(QString::fromStdString(id));
    }
    ids.erase(QString());
    select(ids, modifiers);
}

void PlotWidget::select(const std::set<QString> &ids, Qt::KeyboardModifiers modifiers)
{
    std::set<QString> selection;
    if (modifiers & Qt::ControlModifier) {
        std::ranges::set_symmetric_difference(m_scene->selection, ids, std::inserter(selection, selection.end()));
    } else {
        selection = ids;
        if (modifiers & Qt::ShiftModifier)
            selection.insert(m_scene->selection.begin(), m_scene->selection.end());
    }
    if (selection == m_scene->selection)
        return;
    setSelection(selection);
    Q_EMIT selectionChanged(selection);
}

void PlotWidget::selectRows()
{
    QItemSelection rows;
    const int last = m_table->columnCount() - 1;
    for (int row = 0; row < m_table->rowCount(); ++row)
        if (m_scene->selection.contains(m_table->id(row)))
            rows.append(QItemSelectionRange(m_table->index(row, 0), m_table->index(row, last)));
    m_isSelectingRows = true;
    m_tableView->selectionModel()->select(rows, QItemSelectionModel::ClearAndSelect);
    m_isSelectingRows = false;
}

/// The rows that the user selected become the selection. Rows without an id stay selected, to be copied.
void PlotWidget::takeRows()
{
    if (m_isSelectingRows)
        return;
    std::set<QString> ids;
    for (const QModelIndex &index : m_tableView->selectionModel()->selectedRows())
        ids.insert(m_table->id(index.row()));
    ids.erase(QString());
    if (ids == m_scene->selection)
        return;
    m_scene->selection = ids;
    repaintMarks();
    Q_EMIT selectionChanged(ids);
}

void PlotWidget::pointAt(const QPoint &position)
{
    const auto mark = m_scene->markAt(position, reach_px);
    const QString id = mark ? m_scene->marks[*mark].id : QString();
    QString text = mark ? m_scene->marks[*mark].label : QString();
    if (const auto bar = mark ? std::nullopt : m_scene->barAt(position)) {
        const engine::FigureBars &bars = figure().bars[bar->series];
        const QLocale locale;
        text = tr("%1, %2 to %3: %4", "series, edges of a bar, its height")
                   .arg(QString::fromStdString(bars.name), locale.toString(bars.edges[bar->bar], 'g', 4),
                        locale.toString(bars.edges[bar->bar + 1], 'g', 4),
                        locale.toString(bars.high[bar->bar] - bars.low[bar->bar], 'g', 6));
    }
    if (text.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(m_view->viewport()->mapToGlobal(position), text, m_view->viewport());
    if (id == m_scene->hoveredId)
        return;
    setHovered(id);
    Q_EMIT hovered(id);
}

void PlotWidget::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Up:
    case Qt::Key_Down:
        walk(event->key());
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_scene->current && !m_scene->marks[*m_scene->current].id.isEmpty())
            select({m_scene->marks[*m_scene->current].id}, event->modifiers());
        return;
    case Qt::Key_Escape:
        if (m_scene->selection.empty())
            break;
        select({}, {});
        return;
    default:
        break;
    }
    QFrame::keyPressEvent(event);
}

/// To the next mark in that direction, in the order of x (left, right) or y.
void PlotWidget::walk(int key)
{
    const bool isAcross = key == Qt::Key_Left || key == Qt::Key_Right;
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < m_scene->marks.size(); ++i)
        if (m_scene->isShown(m_scene->marks[i]))
            order.push_back(i);
    if (order.empty())
        return;
    std::ranges::stable_sort(order, {}, [&](std::size_t i) {
        const PlotMark &mark = m_scene->marks[i];
        return isAcross ? std::pair(mark.x, mark.y) : std::pair(mark.y, mark.x);
    });
    const auto here = m_scene->current ? std::ranges::find(order, *m_scene->current) : order.end();
    if (here == order.end()) {
        m_scene->current = key == Qt::Key_Left || key == Qt::Key_Down ? order.back() : order.front();
    } else {
        const auto step = key == Qt::Key_Left || key == Qt::Key_Down ? -1 : 1;
        const auto next = std::clamp<std::ptrdiff_t>(here - order.begin() + step, 0, std::ptrdiff_t(order.size()) - 1);
        m_scene->current = order[std::size_t(next)];
    }
    const PlotMark &mark = m_scene->marks[*m_scene->current];
    const QLocale locale;
    setAccessibleDescription(
        mark.label.isEmpty() ? tr("%1; %2", "x, y").arg(locale.toString(mark.x), locale.toString(mark.y)) : mark.label);
    QAccessibleEvent said(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&said);
    QToolTip::showText(mapToGlobal(pixel(mark.x, mark.y).toPoint()), accessibleDescription(), this);
    repaintMarks();
    Q_EMIT hovered(mark.id);
}

}
