// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/charts/plot_table_model.h"

#include "engine/core/text.h"

#include <QLocale>

#include <algorithm>

namespace widgets {

void PlotTableModel::setFigure(const engine::Figure &figure)
{
    beginResetModel();
    m_rows.clear();
    m_xTitle = QString::fromStdString(figure.x.title);
    m_yTitle = QString::fromStdString(figure.y.title);
    m_valueTitle = QString::fromStdString(figure.valueTitle);
    const auto add = [this](const std::string &series, const std::string &id = {}) -> auto &
    {
        m_rows.push_back({QString::fromStdString(series), QString::fromStdString(id), {}});
        return m_rows.back().numbers;
    };
    for (const engine::FigurePoints &p : figure.points)
        for (std::size_t i = 0; i < p.x.size(); ++i) {
            auto &row = add(p.name, p.ids.empty() ? std::string() : p.ids[i]);
            row[X] = p.x[i], row[Y] = p.y[i];
            if (!p.yError.empty())
                row[Error] = p.yError[i];
            if (!p.value.empty())
                row[Value] = p.value[i];
        }
    for (const engine::FigureLine &l : figure.lines)
        for (std::size_t i = 0; i < l.x.size(); ++i) {
            auto &row = add(l.name);
            row[X] = l.x[i], row[Y] = l.y[i];
        }
    // A stacked bar's number is its height.
    for (const engine::FigureBars &b : figure.bars)
        for (std::size_t i = 0; i + 1 < b.edges.size(); ++i) {
            auto &row = add(b.name);
            row[X] = b.edges[i], row[XEnd] = b.edges[i + 1], row[Y] = b.high[i] - b.low[i];
        }
    for (const engine::FigureBand &b : figure.bands)
        for (std::size_t i = 0; i < b.x.size(); ++i) {
            auto &row = add(b.name);
            row[X] = b.x[i], row[Low] = b.low[i], row[High] = b.high[i];
        }
    for (const engine::FigureRule &r : figure.rules)
        if (!r.isFaint)
            add(r.name)[r.isVertical ? X : Y] = r.at;

    m_columns = {Series};
    if (std::ranges::any_of(m_rows, [](const Row &row) { return !row.id.isEmpty(); }))
        m_columns.push_back(Id);
    for (int column = X; column < ColumnCount; ++column)
        if (column == X || column == Y || std::ranges::any_of(m_rows, [column](const Row &row) {
                return row.numbers[std::size_t(column)].has_value();
            }))
            m_columns.push_back(Column(column));
    endResetModel();
}

QString PlotTableModel::title(Column column) const
{
    switch (column) {
    case Series:
        return tr("Series");
    case Id:
        return tr("Id");
    case X:
        return sectionOf(XEnd) ? tr("%1, from", "left edge of a bar").arg(m_xTitle) : m_xTitle;
    case XEnd:
        return tr("%1, to", "right edge of a bar").arg(m_xTitle);
    case Y:
        return m_yTitle;
    case Error:
        return tr("± %1", "half an error bar").arg(m_yTitle);
    case Low:
        return tr("%1, low", "lower edge of a band").arg(m_yTitle);
    case High:
        return tr("%1, high", "upper edge of a band").arg(m_yTitle);
    case Value:
        return m_valueTitle.isEmpty() ? tr("Value") : m_valueTitle;
    case ColumnCount:
        break;
    }
    return {};
}

engine::Csv PlotTableModel::toCsv() const
{
    engine::Csv csv;
    for (const Column column : m_columns)
        csv.header.push_back(title(column).toStdString());
    for (const Row &row : m_rows) {
        std::vector<std::string> cells;
        for (const Column column : m_columns) {
            const std::optional<double> number = row.numbers[column];
            cells.push_back(column == Series ? row.series.toStdString()
                            : column == Id   ? row.id.toStdString()
                            : number         ? engine::shortest(*number)
                                             : std::string());
        }
        csv.rows.push_back(std::move(cells));
    }
    return csv;
}

std::optional<int> PlotTableModel::sectionOf(Column column) const
{
    const auto found = std::ranges::find(m_columns, column);
    return found == m_columns.end() ? std::nullopt : std::optional(int(found - m_columns.begin()));
}

int PlotTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int PlotTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_columns.size());
}

QVariant PlotTableModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row &row = m_rows[std::size_t(index.row())];
    const Column column = m_columns[std::size_t(index.column())];
    if (role == Qt::TextAlignmentRole)
        return int((column >= X ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    if (column == Series)
        return row.series;
    if (column == Id)
        return row.id;
    const std::optional<double> number = row.numbers[column];
    return number ? QLocale().toString(*number, 'g', 6) : QString();
}

QVariant PlotTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const Column column = m_columns[std::size_t(section)];
    if (role == Qt::TextAlignmentRole)
        return int((column >= X ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    return role == Qt::DisplayRole ? title(column) : QVariant();
}

}
