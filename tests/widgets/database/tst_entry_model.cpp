// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/database/entry_model.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace widgets;

namespace {

engine::Entry entry(const std::string &id, const std::string &formula, double sigma_S_cm, bool isUpperBound = false)
{
    engine::Entry entry;
    entry.id = id;
    entry.formula = formula;
    entry.measurement.sigma_S_cm = sigma_S_cm;
    entry.measurement.isUpperBound = isUpperBound;
    return entry;
}

std::shared_ptr<engine::Project> project(std::vector<engine::Entry> entries)
{
    auto project = std::make_shared<engine::Project>();
    project->database.entries = std::move(entries);
    return project;
}

/// A column from top to bottom, as the user reads it.
QStringList column(const QAbstractItemModel &model, int column)
{
    QStringList texts;
    for (int row = 0; row < model.rowCount(); ++row)
        texts << model.index(row, column).data().toString();
    return texts;
}

}

class TestEntryModel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QStringLiteral("en_GB"))); }

    void theModelKeepsQtsRules()
    {
        EntryModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model.rowCount(), 0);
        model.setProject(project({entry("a", "Li3N", 1e-3), entry("b", "LiF", 1e-12)}));
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.rowCount(model.index(0, 0)), 0);
        model.setProject(nullptr);
        QCOMPARE(model.rowCount(), 0);
    }

    void conductivitiesAreWrittenShortAndBoundsAsBounds_data()
    {
        QTest::addColumn<double>("sigma_S_cm");
        QTest::addColumn<bool>("isUpperBound");
        QTest::addColumn<QString>("text");
        QTest::newRow("two digits") << 1.2e-4 << false << "1.2e-4";
        QTest::newRow("one digit") << 1e-10 << false << "1e-10";
        QTest::newRow("bound") << 1e-10 << true << "< 1e-10";
        QTest::newRow("above one") << 2.5 << false << "2.5e+0";
    }

    void conductivitiesAreWrittenShortAndBoundsAsBounds()
    {
        QFETCH(double, sigma_S_cm);
        QFETCH(bool, isUpperBound);
        QFETCH(QString, text);
        EntryModel model;
        model.setProject(project({entry("a", "Li3N", sigma_S_cm, isUpperBound)}));
        const QModelIndex cell = model.index(0, EntryModel::Sigma);
        QCOMPARE(cell.data().toString(), text);
        QVERIFY(cell.data(Qt::TextAlignmentRole).toInt() & Qt::AlignRight);
        QCOMPARE(!cell.data(Qt::ToolTipRole).toString().isEmpty(), isUpperBound);
    }

    void numbersFollowTheLocale()
    {
        EntryModel model;
        model.setProject(project({entry("a", "Li3N", 1.2e-4)}));
        QLocale::setDefault(QLocale(QStringLiteral("de_DE")));
        const QString text = model.index(0, EntryModel::Sigma).data().toString();
        QLocale::setDefault(QLocale(QStringLiteral("en_GB")));
        QCOMPARE(text, QStringLiteral("1,2e-4"));
    }

    void theHeadTellsTheProjectsTemperature()
    {
        EntryModel model;
        auto warm = project({});
        warm->temperature_K = 323.15;
        QCOMPARE(model.headerData(EntryModel::Sigma, Qt::Horizontal).toString(), QStringLiteral("σ(25 °C) / S cm⁻¹"));
        model.setProject(warm);
        QCOMPARE(model.headerData(EntryModel::Sigma, Qt::Horizontal).toString(), QStringLiteral("σ(50 °C) / S cm⁻¹"));
        for (int column = 0; column < model.columnCount(); ++column)
            QVERIFY(!model.headerData(column, Qt::Horizontal).toString().isEmpty());
    }

    void superionicFollowsTheProjectsThreshold()
    {
        EntryModel model;
        auto strict = project({entry("a", "Li3N", 1e-3), entry("b", "Li2S", 1e-4), entry("c", "LiF", 1e-2, true)});
        model.setProject(strict);
        QCOMPARE(column(model, EntryModel::Superionic).first(), QStringLiteral("yes"));
        QCOMPARE(column(model, EntryModel::Superionic).at(1), QStringLiteral("no")); // strictly above
        strict = std::make_shared<engine::Project>(*strict);
        strict->threshold_S_cm = 2e-3;
        model.setProject(strict);
        QCOMPARE(column(model, EntryModel::Superionic).first(), QStringLiteral("no"));
    }

    void cellsTellWhatTheEntryHolds()
    {
        engine::Entry e = entry("7", "Li7La3Zr2O12", 3e-4);
        e.spaceGroupSymbol = "Ia-3d";
        e.spaceGroupNumber = 230;
        e.family = "garnet";
        e.partition = engine::Partition::Test;
        e.measurement.doi = "10.1000/x";
        e.status = engine::Status::Excluded;
        e.exclusionReason = "no structure";
        engine::Entry bare = entry("8", "LiF", 1e-12);
        bare.spaceGroupSymbol = "Fm-3m";
        EntryModel model;
        model.setProject(project({e, bare}));
        const auto text = [&model](int column) { return model.index(0, column).data().toString(); };
        QCOMPARE(text(EntryModel::SpaceGroup), QStringLiteral("Ia-3d (230)"));
        QCOMPARE(model.index(1, EntryModel::SpaceGroup).data().toString(), QStringLiteral("Fm-3m"));
        QCOMPARE(text(EntryModel::Family), QStringLiteral("garnet"));
        QCOMPARE(text(EntryModel::Partition), QStringLiteral("Test"));
        QCOMPARE(text(EntryModel::Doi), QStringLiteral("10.1000/x"));
        QCOMPARE(text(EntryModel::Status), QStringLiteral("Excluded"));
        QCOMPARE(model.index(0, EntryModel::Status).data(Qt::ToolTipRole).toString(), QStringLiteral("no structure"));
    }

    void numbersSortBySizeAndBoundsBeforeTheirValue()
    {
        EntryModel model;
        EntryOrder order;
        order.setSourceModel(&model);
        model.setProject(project({entry("a", "A", 1e-3), entry("b", "B", 1e-10), entry("c", "C", 1e-10, true),
                                  entry("d", "D", 2e-4), entry("e", "E", 1e-11)}));
        order.sort(EntryModel::Sigma);
        QCOMPARE(column(order, EntryModel::Id).join(QString()), QStringLiteral("ecbda"));
        order.sort(EntryModel::Sigma, Qt::DescendingOrder);
        QCOMPARE(column(order, EntryModel::Id).join(QString()), QStringLiteral("adbce"));
    }

    void textsSortAsPeopleCount()
    {
        EntryModel model;
        EntryOrder order;
        order.setSourceModel(&model);
        model.setProject(
            project({entry("1", "Li10GeP2S12", 1e-3), entry("2", "Li2S", 1e-3), entry("10", "li2o", 1e-3)}));
        order.sort(EntryModel::Formula);
        QCOMPARE(column(order, EntryModel::Formula), (QStringList{"li2o", "Li2S", "Li10GeP2S12"}));
        order.sort(EntryModel::Id);
        QCOMPARE(column(order, EntryModel::Id), (QStringList{"1", "2", "10"}));
    }

    void spaceGroupsSortByNumber()
    {
        engine::Entry a = entry("a", "A", 1), b = entry("b", "B", 1);
        a.spaceGroupSymbol = "Fm-3m";
        a.spaceGroupNumber = 225;
        b.spaceGroupSymbol = "P2_1/c";
        b.spaceGroupNumber = 14;
        EntryModel model;
        EntryOrder order;
        order.setSourceModel(&model);
        model.setProject(project({a, b}));
        order.sort(EntryModel::SpaceGroup);
        QCOMPARE(column(order, EntryModel::Id), (QStringList{"b", "a"}));
    }
};

QTEST_GUILESS_MAIN(TestEntryModel)
#include "tst_entry_model.moc"
