// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/document/journal.h"
#include "widgets/document/parts.h"
#include "widgets/document/recovery.h"

#include <QObject>
#include <QString>
#include <QThreadPool>
#include <QTimer>
#include <QUndoStack>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace widgets {

/// What a save writes. Made by Document::forSaving(), written on any thread, handed back to Document::saved().
class Saving {
public:
    /// Saves as engine::saveProject, with its errors, and remembers the saved state.
    void write(const std::filesystem::path &path);

    std::shared_ptr<const engine::Project> project;

private:
    friend class Document;
    std::shared_ptr<Journal> m_journal;
    std::size_t m_editsInJournal = 0;
    std::uint64_t m_point = 0;
    std::string m_state;
};

/// The open project. Its value is a snapshot that never changes; every change is a named command on the undo stack, makes the next
/// snapshot, and goes into the recovery journal. Belongs to the window's thread, which no function here keeps waiting for a disk
/// except open, save, saveAs, flush, recover and, when edits were made meanwhile, saved.
///
/// The functions that change something throw engine::Error before anything has changed. What changes nothing is no command.
class Document : public QObject {
    Q_OBJECT

public:
    explicit Document(QObject *parent = nullptr); ///< an empty project that was never saved
    ~Document() override;                         ///< a journal of unsaved changes stays; see discardChanges

    const std::shared_ptr<const engine::Project> &snapshot() const { return m_project; }
    QUndoStack *undoStack() { return &m_stack; }
    const QString &path() const { return m_path; } ///< empty: never saved
    bool isModified() const { return m_point != m_savedPoint; }

    /// Opens what engine::openProject opens, with its errors.
    void open(const QString &path);
    /// Makes a project that was opened on another thread the open one; its stateOf comes along, for it takes a while. An empty path:
    /// a project that is not saved yet.
    void adopt(std::shared_ptr<const engine::Project> project, const QString &path, std::string state);

    void save(); ///< where it was opened; throws Error as engine::saveProject
    void saveAs(const QString &path);
    /// The two halves of a save around Saving::write on another thread. Edits made in between stay unsaved changes. One save at a
    /// time; nothing needs to be called after one that failed.
    Saving forSaving();
    void saved(const Saving &saving,
               const QString &path); ///< nothing happens when another project was opened meanwhile

    /// All or none. An entry may name a structure of the project or one of those given. Throws Error for an id that exists, for
    /// a structure that is missing, and for one whose name the project has with other bytes.
    void addEntries(std::vector<engine::Entry> entries, std::map<std::string, std::string> structures,
                    const std::string &why);
    /// As engine::addImport: what could not be added is returned.
    std::vector<engine::Reject> addImport(engine::Import import, const std::string &why);
    /// Another value for an entry, which may have another id. Edits of the same field of the same entry, one right after the
    /// other, are one command. Throws Error when there is no such entry, or when the new id is taken.
    void editEntry(const std::string &id, engine::Entry entry, const std::string &why = {});
    /// Structures that no other entry names go with them.
    void removeEntries(const std::vector<std::string> &ids, const std::string &why = {});
    void setPartition(const std::vector<std::string> &ids, engine::Partition partition, const std::string &why = {});
    /// `reason` is why they are excluded or superseded; empty for other states.
    void setStatus(const std::vector<std::string> &ids, engine::Status status, const std::string &reason = {});
    void setEnsemble(const std::string &name, engine::Ensemble ensemble);
    void removeEnsemble(const std::string &name);
    void setTitle(const std::string &title);
    void setThreshold(double threshold_S_cm);

    /// What an earlier session left for the open project (see findRecovery), as one command that can be undone. Before the first
    /// edit. Throws Error for a recovery of another state, and as flush().
    void recover(const Recovery &recovery);

    /// Writes the journal now: what was done before is safe when this returns. Throws Error.
    void flush();
    /// The user does not want the unsaved changes: their journal is deleted. To be followed by adopt, open or the end.
    void discardChanges();

Q_SIGNALS:
    void changed(const widgets::Change &change); ///< the snapshot is the new one already
    void modifiedChanged(bool isModified);
    void pathChanged(const QString &path);
    void journalWritten();                  ///< everything that was done before the write began survives a crash
    void journalFailed(const QString &why); ///< it is tried again every 30 s and with every further command

private:
    class Command;

    using AuditLines = std::vector<engine::AuditRecord>;
    std::vector<engine::Entry> entriesOf(const std::vector<std::string> &ids) const;
    void changeEntries(const QString &name, const std::vector<engine::Entry> &entries, const std::string &why);
    void push(const QString &name, Parts after, AuditLines audit, const std::string &mergeKey = {});
    const Command *commandToContinue(const std::string &mergeKey) const;
    void perform(const Parts &parts, const AuditLines &audit, std::size_t auditKept, std::uint64_t point);
    void updateModified();
    void replaceJournal(std::shared_ptr<Journal> journal);
    void writeJournalInBackground();

    std::shared_ptr<const engine::Project> m_project;
    QString m_path;
    QUndoStack m_stack;

    // Points of the history have numbers. QUndoStack cannot call a point clean that it has left, as a save on another thread needs.
    std::uint64_t m_point = 0, m_savedPoint = 0, m_lastPoint = 0;
    std::uint64_t m_mergeBarrier = 0; ///< commands up to this point are not merged into
    bool m_wasModified = false;

    std::shared_ptr<Journal> m_journal;
    bool m_isSaving = false;
    std::vector<std::shared_ptr<const Edit>> m_sinceSaving; ///< edits that are not part of the save that is under way
    QTimer m_writeSoon, m_writeAgain;
    QThreadPool m_writer; ///< one thread; last, so that it ends before what it uses
};

}
