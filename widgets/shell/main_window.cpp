// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/shell/main_window.h"

#include "engine/core/error.h"
#include "engine/project/known_networks.h"
#include "engine/project/project.h"
#include "engine/project/structures.h"
#include "widgets/database/entry_model.h"
#include "widgets/jobs/run_job.h"
#include "widgets/shell/message_bar.h"

#include <QAction>
#include <QApplication>
#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QProgressBar>
#include <QProxyStyle>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTableView>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

namespace widgets {

namespace {

const auto geometryKey = QStringLiteral("window/geometry");

/// The project that a path means: its folder for a project.json, else the path itself.
QString projectPath(const QString &path)
{
    const QFileInfo info(path);
    return info.fileName() == QLatin1String("project.json") ? info.path() : path;
}

/// Room left and right of a cell's text: right-aligned numbers keep their distance from the text beside them.
class RoomyStyle : public QProxyStyle {
public:
    int pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const override
    {
        if (metric == PM_FocusFrameHMargin || metric == PM_HeaderMargin)
            return 7;
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
};

/// The one local file or folder that is dragged, or nothing.
QString draggedPath(const QMimeData *data)
{
    const QList<QUrl> urls = data->urls();
    return urls.size() == 1 ? urls.first().toLocalFile() : QString();
}

}

MainWindow::MainWindow(QWidget *parent)
    : QMainWindow(parent), m_entries(new EntryModel(this)), m_message(new MessageBar(this)),
      m_pages(new QStackedWidget(this))
{
    setWindowTitle(tr("Superion"));
    setAcceptDrops(true);
    m_pages->addWidget(makeEmptyPage());
    m_tablePage = new QWidget(this);
    auto *table = new QVBoxLayout(m_tablePage);
    table->setContentsMargins(0, 0, 0, 0);
    table->setSpacing(0);
    table->addWidget(makeFilter());
    table->addWidget(makeTable(), 1);
    m_pages->addWidget(m_tablePage);

    auto *centre = new QWidget(this);
    auto *layout = new QVBoxLayout(centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_message);
    layout->addWidget(m_pages, 1);
    setCentralWidget(centre);

    makeActions();
    makeStatusBar();
    resize(1100, 700);
    restoreGeometry(QSettings().value(geometryKey).toByteArray());
}

void MainWindow::makeActions()
{
    QMenu *file = menuBar()->addMenu(tr("&File"));
    QAction *open = file->addAction(tr("&Open project…"), QKeySequence::Open, this, &MainWindow::chooseProject);
    open->setObjectName(QStringLiteral("openProject"));
    QAction *network = file->addAction(tr("Add &network…"), this, &MainWindow::chooseNetwork);
    network->setObjectName(QStringLiteral("addNetwork"));
    network->setToolTip(tr("A MEGNet network in the published layout, NAME.hdf5 with NAME.hdf5.json beside it"));
    file->addSeparator();
    QAction *quit = file->addAction(tr("&Quit"), QKeySequence::Quit, this, &QWidget::close);
    quit->setMenuRole(QAction::QuitRole);
    QMenu *view = menuBar()->addMenu(tr("&View"));
    QAction *find = view->addAction(tr("&Filter entries"), QKeySequence::Find, this, [this] {
        m_filter->setFocus();
        m_filter->selectAll();
    });
    find->setObjectName(QStringLiteral("filterEntries"));
    QMenu *help = menuBar()->addMenu(tr("&Help"));
    help->addAction(tr("&About Superion"), this, &MainWindow::about)->setMenuRole(QAction::AboutRole);
}

QWidget *MainWindow::makeEmptyPage()
{
    auto *page = new QWidget(this);
    page->setObjectName(QStringLiteral("emptyPage"));
    auto *sentence = new QLabel(tr("Open a project, or drop one here, to see its compounds."), page);
    sentence->setWordWrap(true);
    sentence->setAlignment(Qt::AlignCenter);
    auto *button = new QPushButton(tr("Open project…"), page);
    button->setObjectName(QStringLiteral("openButton"));
    connect(button, &QPushButton::clicked, this, &MainWindow::chooseProject);

    auto *layout = new QVBoxLayout(page);
    layout->setSpacing(2 * layout->spacing());
    layout->addStretch();
    layout->addWidget(sentence);
    layout->addWidget(button, 0, Qt::AlignHCenter);
    layout->addStretch();
    return page;
}

QWidget *MainWindow::makeFilter()
{
    auto *bar = new QWidget(this);
    m_filter = new QLineEdit(bar);
    m_filter->setObjectName(QStringLiteral("filter"));
    m_filter->setAccessibleName(tr("Filter"));
    m_filter->setPlaceholderText(tr("Filter: sg:Ia-3d σ>1e-4 disordered el:Li,O -family:garnet"));
    m_filter->setToolTip(
        tr("<p>All words must hold; a minus turns one round.</p>"
           "<p><b>sg:Ia-3d</b> or <b>sg:230</b>, <b>el:Li,O</b>, <b>family:</b> <b>id:</b> <b>formula:</b> <b>doi:</b> "
           "<b>status:</b> <b>partition:</b> <b>how:</b> <b>note:</b><br>"
           "<b>σ&gt;1e-4</b> (S/cm), <b>Ea&lt;=0.35</b> (eV), <b>T&gt;400</b> (K, lowest measured)<br>"
           "<b>ordered</b>, <b>disordered</b>, <b>superionic</b>, <b>bound</b>, <b>structure</b></p>"
           "<p>Any other word is looked for in id, formula, family, DOI and note.</p>"));
    m_filter->setClearButtonEnabled(true);
    connect(m_filter, &QLineEdit::textChanged, this, &MainWindow::applyFilter);
    connect(m_filter, &QLineEdit::returnPressed, this, [this] { m_table->setFocus(); });
    m_filterError = new QLabel(bar);
    m_filterError->setObjectName(QStringLiteral("filterError"));
    m_filterError->setWordWrap(true);
    m_filterError->hide();

    auto *layout = new QVBoxLayout(bar);
    layout->setContentsMargins(6, 6, 6, 6);
    layout->addWidget(m_filter);
    layout->addWidget(m_filterError);
    return bar;
}

QWidget *MainWindow::makeTable()
{
    m_order = new EntryOrder(this);
    m_order->setSourceModel(m_entries);
    m_table = new QTableView(this);
    m_table->setObjectName(QStringLiteral("entries"));
    m_table->setAccessibleName(tr("Entries"));
    m_table->setModel(m_order);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(EntryModel::Id, Qt::AscendingOrder);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setAlternatingRowColors(true);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false); // Tab leaves the table; arrows move in it.
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultSectionSize(m_table->fontMetrics().height() * 3 / 2);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setResizeContentsPrecision(200);
    m_table->horizontalHeader()->setStretchLastSection(true);
    auto *style = new RoomyStyle;
    style->setParent(m_table);
    m_table->setStyle(style);
    m_table->horizontalHeader()->setStyle(style);
    return m_table;
}

void MainWindow::makeStatusBar()
{
    m_counts = new QLabel(this);
    m_counts->setObjectName(QStringLiteral("counts"));
    m_counts->setAccessibleName(tr("Counts"));
    m_counts->setContentsMargins(6, 0, 6, 0);
    m_stage = new QLabel(this);
    m_progress = new QProgressBar(this);
    m_progress->setObjectName(QStringLiteral("progress"));
    m_progress->setAccessibleName(tr("Progress"));
    m_progress->setRange(0, 0); // opening tells no share
    m_progress->setMaximumWidth(160);
    statusBar()->addWidget(m_counts, 1);
    statusBar()->addPermanentWidget(m_stage);
    statusBar()->addPermanentWidget(m_progress);
    showBusy(false);
}

void MainWindow::about()
{
    QMessageBox::about(this, tr("About Superion"),
                       tr("<h3>Superion %1</h3><p>Lithium superionic solids, from figure to ranked table.</p>"
                          "<p>Free software under the GNU General Public License, version 3 or later.</p>")
                           .arg(QApplication::applicationVersion()));
}

void MainWindow::chooseProject()
{
    const QString path =
        QFileDialog::getOpenFileName(this, tr("Open project"), {}, tr("Superion projects (*.superion project.json)"));
    if (!path.isEmpty())
        openProject(path);
}

void MainWindow::chooseNetwork()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("Add a network"), {}, tr("MEGNet networks (*.hdf5)"));
    if (!path.isEmpty())
        addNetwork(path);
}

void MainWindow::addNetwork(const QString &path)
{
    const QString name = QFileInfo(path).fileName();
    m_message->hide();
    runJob(
        this, tr("Reading %1").arg(name),
        [file = std::filesystem::path(QFile::encodeName(path).toStdString())](const engine::Progress &) {
            return engine::openNetwork(file);
        },
        Handlers{.done =
                     [this, name](const engine::Megnet &network) {
                         statusBar()->showMessage(
                             tr("%1 is a network for %2, with bonds up to %3 Å; its place is remembered.")
                                 .arg(name, QString::fromStdString(network.property).replace(u'_', u' '),
                                      QLocale().toString(network.cutoff_A)),
                             20'000);
                         Q_EMIT networkAdded(QString::fromStdString(network.sha256));
                     },
                 .failed =
                     [this, name](const QString &why) {
                         m_message->showError(tr("%1 could not be read as a network.").arg(name), why);
                     },
                 .stopped = [] {}});
}

void MainWindow::openProject(const QString &path)
{
    const QString from = projectPath(path);
    const QString name = QFileInfo(from).fileName();
    delete m_opening;
    m_message->hide();
    m_opening = runJob(
        this, tr("Opening %1").arg(name),
        [file = std::filesystem::path(QFile::encodeName(from).toStdString())](const engine::Progress &) {
            return std::make_shared<const engine::Project>(engine::openProject(file));
        },
        Handlers{.done =
                     [this, from](std::shared_ptr<const engine::Project> project) {
                         showBusy(false);
                         showProject(std::move(project), from);
                     },
                 .failed =
                     [this, name](const QString &why) {
                         showBusy(false);
                         m_message->showError(tr("%1 could not be opened.").arg(name), why);
                     },
                 .stopped = [this] { showBusy(false); }});
    // What is over at once needs no progress.
    QTimer::singleShot(200, m_opening, [this, title = m_opening->title()] { showBusy(true, title); });
}

void MainWindow::showProject(std::shared_ptr<const engine::Project> project, const QString &path)
{
    const QString title = project->title.empty() ? QFileInfo(path).fileName() : QString::fromStdString(project->title);
    setWindowTitle(tr("%1 — Superion").arg(title));
    setWindowFilePath(path);
    m_entries->setProject(std::move(project));
    m_table->resizeColumnsToContents();
    m_table->selectionModel()->setCurrentIndex(m_table->model()->index(0, 0), QItemSelectionModel::NoUpdate);
    m_filter->clear();
    showCounts();
    readOrders();
    m_pages->setCurrentWidget(m_tablePage);
    m_table->setFocus();
    Q_EMIT opened(path);
}

void MainWindow::readOrders()
{
    delete m_reading;
    m_reading = runJob(
        this, tr("Reading structures"),
        [project = m_entries->project()](const engine::Progress &progress) {
            EntryModel::Orders orders;
            for (const engine::Structure &s : engine::readProjectStructures(*project, progress).structures)
                orders[s.id] = s.isOrdered();
            return orders;
        },
        Handlers{.done =
                     [this](EntryModel::Orders orders) {
                         m_entries->setOrders(std::move(orders));
                         m_order->invalidate();
                         showCounts();
                     },
                 .failed =
                     [this](const QString &why) { m_message->showError(tr("The structures could not be read."), why); },
                 .stopped = [] {}});
}

void MainWindow::applyFilter()
{
    try {
        m_order->setFilter(engine::EntryFilter::parse(m_filter->text().toStdString()));
        m_filterError->hide();
    } catch (const engine::Error &error) { // the last filter that could be understood stays
        m_filterError->setText(QString::fromUtf8(error.what()));
        m_filterError->show();
    }
    showCounts();
}

void MainWindow::showCounts()
{
    const auto &project = m_entries->project();
    if (!project)
        return;
    const std::vector<engine::Entry> &entries = project->database.entries;
    const auto count = [&entries](auto holds) { return int(std::count_if(entries.begin(), entries.end(), holds)); };
    const int withStructure = count([](const engine::Entry &e) { return !e.structureFile.empty(); });
    const int superionic =
        count([&](const engine::Entry &e) { return engine::isSuperionic(e, project->threshold_S_cm); });
    const int test = count([](const engine::Entry &e) { return e.partition == engine::Partition::Test; });
    const int shown = m_order->rowCount();
    const QString all = tr("%n entries", nullptr, int(entries.size()));
    m_counts->setText(QStringList{shown == int(entries.size()) ? all : tr("%L1 of %2 shown").arg(shown).arg(all),
                                  tr("%n with a structure", nullptr, withStructure),
                                  tr("%n superionic", nullptr, superionic), tr("%n for testing", nullptr, test)}
                          .join(tr(" · ", "between counts")));
}

void MainWindow::showBusy(bool busy, const QString &what)
{
    m_stage->setText(what);
    m_stage->setVisible(busy);
    m_progress->setVisible(busy);
}

void MainWindow::dragEnterEvent(QDragEnterEvent *event)
{
    if (!draggedPath(event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent *event)
{
    event->acceptProposedAction();
    const QString path = draggedPath(event->mimeData());
    if (path.endsWith(QLatin1String(".hdf5"), Qt::CaseInsensitive))
        addNetwork(path);
    else
        openProject(path);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    QSettings().setValue(geometryKey, saveGeometry());
    QMainWindow::closeEvent(event);
}

}
