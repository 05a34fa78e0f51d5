// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/csv.h"
#include "engine/project/figure.h"

#include <QAbstractTableModel>
#include <QString>

#include <array>
#include <optional>
#include <vector>

namespace widgets {

/// A figure's numbers, one row per point, vertex of a line or band, bar and rule, in the order of the legend. Read only. Columns
/// that no row fills are left out.
class PlotTableModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Series, Id, X, XEnd, Y, Error, Low, High, Value, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setFigure(const engine::Figure &figure);

    /// The table for a file: numbers with a decimal point and all their digits.
    engine::Csv toCsv() const;

    const QString &id(int row) const { return m_rows[std::size_t(row)].id; } ///< empty: none

    /// Where a column stands among those shown, or nothing.
    std::optional<int> sectionOf(Column column) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Row {
        QString series, id;
        std::array<std::optional<double>, ColumnCount> numbers;
    };
    QString title(Column column) const;

    std::vector<Row> m_rows;
    std::vector<Column> m_columns;
    QString m_xTitle, m_yTitle, m_valueTitle;
};

}
