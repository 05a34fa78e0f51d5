// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMainWindow>
#include <QPointer>

#include <memory>

class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QStackedWidget;
class QTableView;

namespace engine {
struct Project;
}

namespace widgets {

class EntryModel;
class EntryOrder;
class Job;
class MessageBar;

/// The desktop program's window: a project's entries in a table, and a line that filters them.
class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    explicit MainWindow(QWidget *parent = nullptr);

    /// Opens a project folder, its project.json or a .superion archive on another thread. What is shown stays until the new
    /// project is there; a project that cannot be opened leaves a message. A later call overtakes an earlier one.
    void openProject(const QString &path);

    /// Reads and checks a MEGNet network on another thread and remembers where it lies, so that what was trained on its features finds
    /// it. What it is stands in the status bar then; a file that is none leaves a message.
    void addNetwork(const QString &path);

    void chooseProject(); ///< the File menu's dialogs
    void chooseNetwork();

Q_SIGNALS:
    void opened(const QString &path);
    void networkAdded(const QString &sha256);

protected:
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;
    void closeEvent(QCloseEvent *event) override;

private:
    void makeActions();
    QWidget *makeEmptyPage();
    QWidget *makeTable();
    QWidget *makeFilter();
    void makeStatusBar();
    void about();
    void showProject(std::shared_ptr<const engine::Project> project, const QString &path);
    void readOrders();
    void applyFilter();
    void showCounts();
    void showBusy(bool busy, const QString &what = {});

    EntryModel *m_entries;
    EntryOrder *m_order = nullptr;
    QWidget *m_tablePage = nullptr;
    QLineEdit *m_filter = nullptr;
    QLabel *m_filterError = nullptr;
    QTableView *m_table = nullptr;
    MessageBar *m_message;
    QStackedWidget *m_pages;
    QLabel *m_counts = nullptr;
    QLabel *m_stage = nullptr;
    QProgressBar *m_progress = nullptr;
    QPointer<Job> m_opening;
    QPointer<Job> m_reading; ///< which structures are ordered
};

}
