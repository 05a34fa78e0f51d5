// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/database/filter.h"
#include "engine/project/project.h"

#include <QAbstractTableModel>
#include <QCollator>
#include <QSortFilterProxyModel>

#include <map>
#include <memory>
#include <string>

namespace widgets {

/// A project's entries, one per row, read only. Holds a snapshot: a changed project is a new one.
class EntryModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Id, Formula, Sigma, SpaceGroup, Order, Family, Superionic, Partition, Doi, Status, ColumnCount };
    static constexpr int SortRole = Qt::UserRole; ///< a double or a text

    using QAbstractTableModel::QAbstractTableModel;

    /// Whether the structures of entries are ordered, by id; entries without a readable structure are missing.
    using Orders = std::map<std::string, bool>;

    void setProject(std::shared_ptr<const engine::Project> project);
    void setOrders(Orders orders); ///< known later than the project: all structures must be read
    const std::shared_ptr<const engine::Project> &project() const { return m_project; }
    engine::EntryFacts facts(const engine::Entry &entry) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QString text(const engine::Entry &entry, int column) const;
    QVariant sortKey(const engine::Entry &entry, int column) const;

    std::shared_ptr<const engine::Project> m_project;
    Orders m_orders;
};

/// Chooses entries by a filter, and sorts numbers by size and texts as people count: Li2S before Li10GeP2S12.
class EntryOrder : public QSortFilterProxyModel {
    Q_OBJECT

public:
    explicit EntryOrder(QObject *parent = nullptr);
    void setFilter(engine::EntryFilter filter);

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;
    bool lessThan(const QModelIndex &left, const QModelIndex &right) const override;

private:
    QCollator m_collator;
    engine::EntryFilter m_filter;
};

}
