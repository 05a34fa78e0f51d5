// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/shell/main_window.h"

#include "engine/project/known_networks.h"
#include "engine/project/project.h"
#include "widgets/database/entry_model.h"

#include <QAbstractButton>
#include <QAccessible>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QDropEvent>
#include <QFileDialog>
#include <QHeaderView>
#include <QIcon>
#include <QLabel>
#include <QLineEdit>
#include <QMenuBar>
#include <QMimeData>
#include <QProgressBar>
#include <QSettings>
#include <QSignalSpy>
#include <QStatusBar>
#include <QStyleFactory>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QTranslator>

#include <cmath>

using namespace widgets;

namespace {

engine::Entry entry(const std::string &id, const std::string &formula, double sigma_S_cm, const std::string &spaceGroup,
                    int number, const std::string &family)
{
    engine::Entry entry;
    entry.id = id;
    entry.formula = formula;
    entry.measurement.sigma_S_cm = sigma_S_cm;
    entry.measurement.doi = "10.1000/" + id;
    entry.spaceGroupSymbol = spaceGroup;
    entry.spaceGroupNumber = number;
    entry.family = family;
    return entry;
}

/// Made up for the test: the conductivities are nobody's.
engine::Project sampleProject()
{
    engine::Project project;
    project.title = "Sample";
    engine::Entry bound = entry("s4", "LiF", 1e-10, "Fm-3m", 225, "halide");
    bound.measurement.isUpperBound = true;
    engine::Entry withStructure = entry("s1", "Li7La3Zr2O12", 3e-4, "Ia-3d", 230, "garnet");
    withStructure.structureFile = "s1.cif";
    project.structures["s1.cif"] = "data_s1\n";
    engine::Entry test = entry("s3", "Li6PS5Cl", 1.5e-3, "F-43m", 216, "argyrodite");
    test.partition = engine::Partition::Test;
    for (const engine::Entry &e : {bound, withStructure, test, entry("s2", "Li2S", 1e-9, "Fm-3m", 225, "antifluorite"),
                                   entry("s10", "Li10GeP2S12", 1.2e-2, "P4_2/nmc", 137, "LGPS")})
        project.database.add(e);
    return project;
}

QStringList column(const QTableView &table, int column)
{
    QStringList texts;
    for (int row = 0; row < table.model()->rowCount(); ++row)
        texts << table.model()->index(row, column).data().toString();
    return texts;
}

/// WCAG 2.1, relative luminance and contrast ratio.
double contrast(const QColor &a, const QColor &b)
{
    const auto luminance = [](const QColor &c) {
        const auto linear = [](double v) { return v <= 0.03928 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4); };
        return 0.2126 * linear(c.redF()) + 0.7152 * linear(c.greenF()) + 0.0722 * linear(c.blueF());
    };
    const double la = luminance(a), lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

QPalette darkPalette()
{
    QPalette dark(QColor(53, 53, 53), QColor(42, 42, 42));
    dark.setColor(QPalette::Base, QColor(35, 35, 35));
    dark.setColor(QPalette::AlternateBase, QColor(45, 45, 45));
    dark.setColor(QPalette::Highlight, QColor(42, 130, 218));
    return dark;
}

/// The window as a picture, in screenshots/ of the build folder, to be looked at.
void savePicture(QWidget &window, const QString &name, double ratio)
{
    QPixmap picture(window.size() * ratio);
    picture.setDevicePixelRatio(ratio);
    window.render(&picture);
    QDir().mkpath(QStringLiteral(SUPERION_SCREENSHOTS));
    QVERIFY(picture.save(QStringLiteral(SUPERION_SCREENSHOTS "/%1@%2x.png").arg(name).arg(ratio)));
}

}

class TestMainWindow : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    QTranslator m_english;

    QString path(const QString &name) const { return m_dir.filePath(name); }
    static QTableView *table(const QWidget &window)
    {
        return window.findChild<QTableView *>(QStringLiteral("entries"));
    }
    static QLabel *message(const QWidget &window) { return window.findChild<QLabel *>(QStringLiteral("message")); }

    void open(MainWindow &window, const QString &project)
    {
        QSignalSpy opened(&window, &MainWindow::opened);
        window.openProject(project);
        QTRY_COMPARE(opened.size(), 1);
    }

private Q_SLOTS:
    void initTestCase()
    {
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, path(QStringLiteral("settings")));
        QApplication::setOrganizationName(QStringLiteral("Superion"));
        QApplication::setApplicationName(QStringLiteral("superion-test"));
        QApplication::setApplicationVersion(QStringLiteral("9.8.7"));
        QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
        QApplication::setFont(QFont(QStringLiteral("DejaVu Sans"), 10));
        QLocale::setDefault(QLocale(QStringLiteral("en_GB")));
        QVERIFY(m_english.load(QStringLiteral(":/i18n/superion_en")));
        QApplication::installTranslator(&m_english);

        engine::saveProject(sampleProject(), path(QStringLiteral("sample.superion")).toStdString());
        engine::saveProject(sampleProject(), path(QStringLiteral("sample")).toStdString());
        engine::Project one;
        one.database.add(entry("a", "Li3N", 1e-3, "P6/mmm", 191, "nitride"));
        engine::saveProject(one, path(QStringLiteral("one.superion")).toStdString());
        engine::writeFile(path(QStringLiteral("broken.superion")).toStdString(), "no zip at all");
    }

    void aNewWindowNamesItselfAndOffersOneStep()
    {
        MainWindow window;
        window.show();
        QCOMPARE(window.windowTitle(), QStringLiteral("Superion"));
        QVERIFY(window.findChild<QWidget *>(QStringLiteral("emptyPage"))->isVisible());
        QVERIFY(window.findChild<QAbstractButton *>(QStringLiteral("openButton"))->isVisible());
        QVERIFY(!table(window)->isVisible());
        QVERIFY(!message(window)->isVisible());
        QVERIFY(!window.findChild<QProgressBar *>()->isVisible());
    }

    void aProjectShowsItsEntries_data()
    {
        QTest::addColumn<QString>("file");
        QTest::newRow("archive") << "sample.superion";
        QTest::newRow("folder") << "sample";
        QTest::newRow("the folder's project.json") << "sample/project.json";
    }

    void aProjectShowsItsEntries()
    {
        QFETCH(QString, file);
        MainWindow window;
        window.show();
        open(window, path(file));
        QCOMPARE(window.windowTitle(), QStringLiteral("Sample — Superion"));
        QVERIFY(table(window)->isVisible());
        QCOMPARE(column(*table(window), EntryModel::Id), (QStringList{"s1", "s2", "s3", "s4", "s10"}));
        QCOMPARE(column(*table(window), EntryModel::Sigma),
                 (QStringList{"3e-4", "1e-9", "1.5e-3", "< 1e-10", "1.2e-2"}));
        QCOMPARE(window.findChild<QLabel *>(QStringLiteral("counts"))->text(),
                 QStringLiteral("5 entries · 1 with a structure · 3 superionic · 1 for testing"));
    }

    void oneEntryIsCountedInTheSingular()
    {
        MainWindow window;
        open(window, path(QStringLiteral("one.superion")));
        QVERIFY(window.findChild<QLabel *>(QStringLiteral("counts"))->text().startsWith(QStringLiteral("1 entry · ")));
        QCOMPARE(window.windowTitle(), QStringLiteral("one.superion — Superion")); // it has no title of its own
    }

    void aClickOnAHeadSorts()
    {
        MainWindow window;
        window.show();
        open(window, path(QStringLiteral("sample.superion")));
        const QHeaderView *head = table(window)->horizontalHeader();
        const QPoint sigma(head->sectionViewportPosition(EntryModel::Sigma) + 10, head->height() / 2);
        QTest::mouseClick(head->viewport(), Qt::LeftButton, {}, sigma);
        const QString first = column(*table(window), EntryModel::Sigma).first();
        QTest::mouseClick(head->viewport(), Qt::LeftButton, {}, sigma);
        const QString last = column(*table(window), EntryModel::Sigma).first();
        QCOMPARE((QStringList{first, last}), (QStringList{"< 1e-10", "1.2e-2"}));
    }

    void aFilterChoosesEntriesAndSaysWhatItDoesNotUnderstand()
    {
        MainWindow window;
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        open(window, path(QStringLiteral("sample.superion")));
        auto *filter = window.findChild<QLineEdit *>(QStringLiteral("filter"));
        auto *table = window.findChild<QTableView *>(QStringLiteral("entries"));
        auto *error = window.findChild<QLabel *>(QStringLiteral("filterError"));
        auto *counts = window.findChild<QLabel *>(QStringLiteral("counts"));
        QTest::keyClicks(&window, QStringLiteral("f"), Qt::ControlModifier);
        QVERIFY(filter->hasFocus());
        QTest::keyClicks(filter, QStringLiteral("sg:225"));
        QCOMPARE(column(*table, EntryModel::Id), (QStringList{"s2", "s4"}));
        QVERIFY2(counts->text().startsWith(QStringLiteral("2 of 5 entries shown")), qPrintable(counts->text()));
        filter->setText(QStringLiteral("sg:225 colour:red"));
        QCOMPARE(table->model()->rowCount(), 2); // as before
        QVERIFY(error->isVisible());
        QVERIFY(error->text().contains(QStringLiteral("colour")));
        filter->clear();
        QVERIFY(!error->isVisible());
        QCOMPARE(table->model()->rowCount(), 5);
        QVERIFY(counts->text().startsWith(QStringLiteral("5 entries")));
    }

    void aNetworkIsCheckedAndItsPlaceRemembered()
    {
        const QTemporaryDir config;
        qputenv("XDG_CONFIG_HOME", config.path().toUtf8());
        MainWindow window;
        window.show();
        QSignalSpy added(&window, &MainWindow::networkAdded);
        const QString file = QStringLiteral(SUPERION_TEST_DATA "/cli/networks/parent.hdf5");
        window.addNetwork(file);
        QTRY_COMPARE(added.size(), 1);
        QVERIFY2(window.statusBar()->currentMessage().contains(QStringLiteral("network for formation energy")),
                 qPrintable(window.statusBar()->currentMessage()));
        const std::string hash = added[0][0].toString().toStdString();
        QCOMPARE(engine::findNetwork(hash, "parent").sha256, hash);

        window.addNetwork(path(QStringLiteral("broken.superion")));
        QTRY_VERIFY(message(window)->isVisible());
        QVERIFY(message(window)->text().contains(QStringLiteral("could not be read as a network")));
        QCOMPARE(added.size(), 1);
    }

    void orderIsKnownWhenTheStructuresAreRead()
    {
        engine::Project project;
        engine::Entry salt = entry("salt", "LiF", 1e-9, "Pm-3m", 221, "halide"),
                      none = entry("none", "LiI", 1e-7, "", 0, "halide");
        salt.structureFile = "salt.cif";
        project.structures["salt.cif"] =
            "data_salt\n_cell_length_a 3\n_cell_length_b 3\n_cell_length_c 3\n_cell_angle_alpha 90\n"
            "_cell_angle_beta 90\n_cell_angle_gamma 90\nloop_\n_atom_site_label\n_atom_site_fract_x\n"
            "_atom_site_fract_y\n_atom_site_fract_z\nLi1 0 0 0\nF1 0.5 0.5 0.5\n";
        project.database.add(salt);
        project.database.add(none);
        const QTemporaryDir dir;
        const QString path = dir.filePath(QStringLiteral("orders.superion"));
        engine::saveProject(project, path.toStdString());
        MainWindow window;
        open(window, path);
        auto *table = window.findChild<QTableView *>(QStringLiteral("entries"));
        QTRY_COMPARE(column(*table, EntryModel::Order), (QStringList{"", "ordered"}));
        window.findChild<QLineEdit *>(QStringLiteral("filter"))->setText(QStringLiteral("ordered"));
        QCOMPARE(column(*table, EntryModel::Id), QStringList{"salt"});
    }

    void aProjectThatCannotBeOpenedLeavesAMessageAndTheOldContent()
    {
        MainWindow window;
        window.show();
        open(window, path(QStringLiteral("sample.superion")));
        window.openProject(path(QStringLiteral("broken.superion")));
        QTRY_VERIFY(message(window)->isVisible());
        QVERIFY2(message(window)->text().startsWith(QStringLiteral("broken.superion could not be opened.\n")),
                 qPrintable(message(window)->text()));
        QVERIFY(table(window)->isVisible());
        QCOMPARE(table(window)->model()->rowCount(), 5);

        QTest::mouseClick(window.findChild<QAbstractButton *>(QStringLiteral("copyDetails")), Qt::LeftButton);
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("Superion 9.8.7\n") + message(window)->text());

        open(window, path(QStringLiteral("one.superion"))); // success takes the message away
        QVERIFY(!message(window)->isVisible());
    }

    void aMissingFileIsNamed()
    {
        MainWindow window;
        window.show();
        window.openProject(path(QStringLiteral("nowhere.superion")));
        QTRY_VERIFY(message(window)->isVisible());
        QVERIFY2(message(window)->text().contains(QStringLiteral("nowhere.superion")),
                 qPrintable(message(window)->text()));
        QVERIFY(window.findChild<QWidget *>(QStringLiteral("emptyPage"))->isVisible());
    }

    void theLaterOfTwoProjectsWins()
    {
        MainWindow window;
        QSignalSpy opened(&window, &MainWindow::opened);
        window.openProject(path(QStringLiteral("sample.superion")));
        window.openProject(path(QStringLiteral("one.superion")));
        QTRY_COMPARE(opened.size(), 1);
        QTest::qWait(50);
        QCOMPARE(opened.size(), 1);
        QCOMPARE(table(window)->model()->rowCount(), 1);
    }

    void aWindowMayCloseWhileItsProjectOpens()
    {
        auto window = std::make_unique<MainWindow>();
        window->openProject(path(QStringLiteral("sample.superion")));
        window.reset();
        QTest::qWait(50);
    }

    void aDroppedProjectIsOpened()
    {
        MainWindow window;
        window.show();
        QSignalSpy opened(&window, &MainWindow::opened);
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(path(QStringLiteral("sample.superion")))});
        QDragEnterEvent enter(QPoint(50, 50), Qt::CopyAction, &data, Qt::LeftButton, {});
        QApplication::sendEvent(&window, &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop(QPointF(50, 50), Qt::CopyAction, &data, Qt::LeftButton, {});
        QApplication::sendEvent(&window, &drop);
        QTRY_COMPARE(opened.size(), 1);
    }

    void whatIsNoFileIsNotTaken()
    {
        MainWindow window;
        window.show();
        QMimeData data;
        data.setUrls({QUrl(QStringLiteral("https://example.org/a.superion"))});
        QDragEnterEvent enter(QPoint(50, 50), Qt::CopyAction, &data, Qt::LeftButton, {});
        QApplication::sendEvent(&window, &enter);
        QVERIFY(!enter.isAccepted());
    }

    void theKeyboardAloneOpensAProject()
    {
        MainWindow window;
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        QSignalSpy opened(&window, &MainWindow::opened);
        QTimer::singleShot(0, &window, [this] {
            auto *dialog = qobject_cast<QFileDialog *>(QApplication::activeModalWidget());
            QVERIFY(dialog);
            dialog->selectFile(path(QStringLiteral("sample.superion")));
            QTest::keyClick(dialog, Qt::Key_Return);
        });
        QTest::keyClick(&window, Qt::Key_O, Qt::ControlModifier);
        QTRY_COMPARE(opened.size(), 1);
        QCOMPARE(window.focusWidget(), table(window));
    }

    void theWindowRemembersItsSize()
    {
        QSize size;
        {
            MainWindow window;
            window.resize(640, 480);
            window.show();
            window.close();
            size = window.size();
        }
        MainWindow again;
        QCOMPARE(again.size(), size);
        QSettings().clear();
    }

    void everyControlHasANameForScreenReaders()
    {
        MainWindow window;
        window.show();
        open(window, path(QStringLiteral("sample.superion")));
        window.openProject(path(QStringLiteral("broken.superion")));
        QTRY_VERIFY(message(window)->isVisible());
        int controls = 0;
        for (QWidget *widget : window.findChildren<QWidget *>()) {
            if (!widget->isVisible() || widget->focusPolicy() == Qt::NoFocus ||
                widget->objectName().startsWith(QLatin1String("qt_")))
                continue;
            const QAccessibleInterface *seen = QAccessible::queryAccessibleInterface(widget);
            QVERIFY2(seen && !seen->text(QAccessible::Name).isEmpty(),
                     qPrintable(widget->metaObject()->className() + widget->objectName()));
            ++controls;
        }
        QVERIFY(controls >= 3); // the table and the message's buttons
    }

    void theIconIsThere() { QVERIFY(!QIcon(QStringLiteral(":/icons/superion.svg")).pixmap(64, 64).isNull()); }

    void textIsReadableInBothThemes_data()
    {
        QTest::addColumn<bool>("isDark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }

    void textIsReadableInBothThemes()
    {
        QFETCH(bool, isDark);
        const QString theme = isDark ? QStringLiteral("dark") : QStringLiteral("light");
        QApplication::setPalette(isDark ? darkPalette() : QApplication::style()->standardPalette());
        MainWindow window;
        window.resize(1080, 420);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        for (const double ratio : {1.0, 2.0})
            savePicture(window, QStringLiteral("empty-") + theme, ratio);
        open(window, path(QStringLiteral("sample.superion")));
        for (const double ratio : {1.0, 2.0})
            savePicture(window, QStringLiteral("entries-") + theme, ratio);
        window.openProject(path(QStringLiteral("broken.superion")));
        QTRY_VERIFY(message(window)->isVisible());
        for (const double ratio : {1.0, 2.0})
            savePicture(window, QStringLiteral("error-") + theme, ratio);

        const QPalette bar = message(window)->palette();
        QVERIFY(contrast(bar.color(QPalette::WindowText), bar.color(QPalette::Window)) >= 4.5);
        QVERIFY(contrast(bar.color(QPalette::ButtonText), bar.color(QPalette::Button)) >= 4.5);
        QApplication::setPalette(QApplication::style()->standardPalette());
    }
};

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
