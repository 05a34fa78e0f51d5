// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/project/figure.h"
#include "widgets/charts/plot_scene.h"

#include <QFrame>

#include <memory>
#include <set>

class QAbstractAxis;
class QAction;
class QChart;
class QChartView;
class QLabel;
class QStackedLayout;
class QTableView;

namespace widgets {

class PlotLayer;
class PlotTableModel;

/// Shows one of the engine's figures, so that the window and the report show the same. Wheel and +, −, 0 zoom; dragging zooms into a
/// rectangle, with the middle button it pans, with Shift or Ctrl it is a lasso. A click selects the marks of an id, a bar's members
/// or a legend item's; Shift adds, Ctrl toggles. Arrows walk over the marks, Enter selects, Ctrl+T shows the numbers instead, with the same selection.
class PlotWidget : public QFrame {
    Q_OBJECT

public:
    explicit PlotWidget(QWidget *parent = nullptr);
    ~PlotWidget() override;

    /// Keeps the zoom when name and axes stay the same, so that a chart can follow a training.
    void setFigure(const engine::Figure &figure);
    const engine::Figure &figure() const { return m_scene->figure; }
    void setEmptyText(const QString &text); ///< one sentence, shown instead of a figure without data

    /// Other marks fade. An empty set fades none. Emits nothing.
    void setSelection(const std::set<QString> &ids);
    const std::set<QString> &selection() const { return m_scene->selection; }
    void setHovered(const QString &id); ///< what is pointed at elsewhere gets a ring here

    void fit();
    void zoom(double factor); ///< about the middle; above 1 shows less, larger
    bool isZoomed() const { return m_isZoomed; }
    PlotAxis xAxis() const { return m_scene->frame.x; }
    PlotAxis yAxis() const { return m_scene->frame.y; }
    QPointF pixel(double x, double y) const; ///< of data, in this widget

    void showTable(bool isWanted);
    bool isTableShown() const;

    /// Writes .png (twice the screen's size), .svg, .pdf or .csv, by the path's ending, on white; pictures show the present zoom.
    /// Throws Error for another ending and when the file cannot be written.
    void exportTo(const QString &path);

Q_SIGNALS:
    void hovered(const QString &id); ///< empty when the mouse left the mark
    void selectionChanged(const std::set<QString> &ids);
    void exportFailed(const QString &why);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    void addActions();
    void makeAxes();
    void setView(const PlotAxis &x, const PlotAxis &y);
    void zoomAbout(const QPointF &parts, double factor);
    void layOut();
    void applyTheme(const PlotTheme &theme);
    void settle();
    void drawLines();
    void describe();
    void repaintMarks();
    void repaintRings();
    void pointAt(const QPoint &position);
    void walk(int key);
    void selectRows();
    void takeRows();
    void select(const std::set<QString> &ids, Qt::KeyboardModifiers modifiers);
    void click(const QPointF &position, Qt::KeyboardModifiers modifiers);
    void release(const QPointF &position, Qt::KeyboardModifiers modifiers);
    void askWhereToExport();
    void paintPicture(QPainter &painter, const QRectF &target);

    std::unique_ptr<PlotScene> m_scene; ///< outlives the layers that paint it
    QChart *m_chart;
    QChartView *m_view;
    QTableView *m_tableView;
    PlotTableModel *m_table;
    QLabel *m_empty;
    QStackedLayout *m_pages;
    QAction *m_tableAction;
    PlotLayer *m_under, *m_over;
    QAbstractAxis *m_x = nullptr, *m_y = nullptr;
    bool m_isZoomed = false, m_isSettling = false, m_isSelectingRows = false;

    enum class Drag { None, Click, Zoom, Pan, Lasso };
    Drag m_drag = Drag::None;
    QPointF m_pressed;
};

}
