// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/database/entry_model.h"

#include <QLocale>

#include <cmath>

namespace widgets {

namespace {

QString sigmaText(const engine::Measurement &measurement)
{
    QLocale locale;
    locale.setNumberOptions(QLocale::OmitLeadingZeroInExponent);
    const QString value =
        locale.toString(measurement.sigma_S_cm, 'e', QLocale::FloatingPointShortest).toLower(); // 1.2e-4
    return measurement.isUpperBound ? EntryModel::tr("< %1", "upper bound").arg(value) : value;
}

QString spaceGroupText(const engine::Entry &entry)
{
    const QString symbol = QString::fromStdString(entry.spaceGroupSymbol);
    if (entry.spaceGroupNumber == 0)
        return symbol;
    const QString number = QString::number(entry.spaceGroupNumber);
    return symbol.isEmpty() ? number : EntryModel::tr("%1 (%2)", "space group, number").arg(symbol, number);
}

QString partitionText(engine::Partition partition)
{
    return partition == engine::Partition::Test ? EntryModel::tr("Test") : EntryModel::tr("Training");
}

QString statusText(engine::Status status)
{
    switch (status) {
    case engine::Status::Draft:
        return EntryModel::tr("Draft");
    case engine::Status::Submitted:
        return EntryModel::tr("Submitted");
    case engine::Status::Verified:
        return EntryModel::tr("Verified");
    case engine::Status::Disputed:
        return EntryModel::tr("Disputed");
    case engine::Status::Resolved:
        return EntryModel::tr("Resolved");
    case engine::Status::Superseded:
        return EntryModel::tr("Superseded");
    case engine::Status::Excluded:
        return EntryModel::tr("Excluded");
    }
    return {};
}

}

void EntryModel::setProject(std::shared_ptr<const engine::Project> project)
{
    beginResetModel();
    m_project = std::move(project);
    m_orders.clear();
    endResetModel();
}

void EntryModel::setOrders(Orders orders)
{
    m_orders = std::move(orders);
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, Order), index(rowCount() - 1, Order));
}

engine::EntryFacts EntryModel::facts(const engine::Entry &entry) const
{
    engine::EntryFacts facts{.threshold_S_cm = m_project->threshold_S_cm};
    if (const auto order = m_orders.find(entry.id); order != m_orders.end())
        facts.isOrdered = order->second;
    return facts;
}

int EntryModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() || !m_project ? 0 : int(m_project->database.entries.size());
}

int EntryModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString EntryModel::text(const engine::Entry &entry, int column) const
{
    switch (column) {
    case Id:
        return QString::fromStdString(entry.id);
    case Formula:
        return QString::fromStdString(entry.formula);
    case Sigma:
        return sigmaText(entry.measurement);
    case SpaceGroup:
        return spaceGroupText(entry);
    case Order:
        if (const auto isOrdered = facts(entry).isOrdered)
            return *isOrdered ? tr("ordered") : tr("disordered");
        return {};
    case Family:
        return QString::fromStdString(entry.family);
    case Superionic:
        return engine::isSuperionic(entry, m_project->threshold_S_cm) ? tr("yes") : tr("no");
    case Partition:
        return partitionText(entry.partition);
    case Doi:
        return QString::fromStdString(entry.measurement.doi);
    case Status:
        return statusText(entry.status);
    }
    return {};
}

QVariant EntryModel::sortKey(const engine::Entry &entry, int column) const
{
    switch (column) {
    case Sigma:
        // An upper bound stands just before the same value measured.
        return entry.measurement.isUpperBound ? std::nextafter(entry.measurement.sigma_S_cm, 0.0)
                                              : entry.measurement.sigma_S_cm;
    case SpaceGroup:
        return double(entry.spaceGroupNumber);
    default:
        return text(entry, column);
    }
}

QVariant EntryModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const engine::Entry &entry = m_project->database.entries[std::size_t(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return text(entry, index.column());
    case Qt::TextAlignmentRole:
        return int((index.column() == Sigma ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::ToolTipRole:
        if (index.column() == Sigma && entry.measurement.isUpperBound)
            return tr("Below the limit of the measurement: the true value is smaller.");
        if (index.column() == Status && !entry.exclusionReason.empty())
            return QString::fromStdString(entry.exclusionReason);
        return {};
    case SortRole:
        return sortKey(entry, index.column());
    }
    return {};
}

QVariant EntryModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == Sigma ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && section == Superionic && m_project)
        return tr("σ above %1 S cm⁻¹").arg(QLocale().toString(m_project->threshold_S_cm));
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Id:
        return tr("Id");
    case Formula:
        return tr("Formula");
    case Sigma: {
        constexpr double zeroCelsius_K = 273.15;
        const double temperature_C = m_project ? m_project->temperature_K - zeroCelsius_K : 25.0;
        return tr("σ(%1 °C) / S cm⁻¹").arg(QLocale().toString(temperature_C, 'g', 4));
    }
    case SpaceGroup:
        return tr("Space group");
    case Order:
        return tr("Order");
    case Family:
        return tr("Family");
    case Superionic:
        return tr("Superionic");
    case Partition:
        return tr("Partition");
    case Doi:
        return tr("DOI");
    case Status:
        return tr("Status");
    }
    return {};
}

// The C locale knows no numeric order.
EntryOrder::EntryOrder(QObject *parent)
    : QSortFilterProxyModel(parent),
      m_collator(QLocale().language() == QLocale::C ? QLocale(QLocale::English) : QLocale())
{
    setSortRole(EntryModel::SortRole);
    m_collator.setNumericMode(true);
    m_collator.setCaseSensitivity(Qt::CaseInsensitive);
}

void EntryOrder::setFilter(engine::EntryFilter filter)
{
    m_filter = std::move(filter);
    invalidateFilter();
}

bool EntryOrder::filterAcceptsRow(int row, const QModelIndex &) const
{
    const auto *entries = static_cast<const EntryModel *>(sourceModel());
    const engine::Entry &entry = entries->project()->database.entries[std::size_t(row)];
    return m_filter.passes(entry, entries->facts(entry));
}

bool EntryOrder::lessThan(const QModelIndex &left, const QModelIndex &right) const
{
    const QVariant a = left.data(sortRole()), b = right.data(sortRole());
    if (a.typeId() == QMetaType::Double)
        return a.toDouble() < b.toDouble();
    return m_collator.compare(a.toString(), b.toString()) < 0;
}

}
