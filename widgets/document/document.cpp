// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/document/document.h"

#include <chrono>
#include <utility>

namespace widgets {

namespace {

std::filesystem::path toPath(const QString &path)
{
    return std::filesystem::path(path.toStdString());
}

}

void Saving::write(const std::filesystem::path &path)
{
    m_state = stateOf(*project);
    try {
        m_journal->noteSaving(m_state, m_editsInJournal);
    } catch (const engine::Error &) {
        // A disk that holds no journal may hold the project. Without the note, a crash right after saving costs the offer to
        // recover edits made during it.
    }
    engine::saveProject(*project, path);
}

Document::Document(QObject *parent) : QObject(parent)
{
    m_writer.setMaxThreadCount(1);
    m_writeSoon.setSingleShot(true);
    m_writeAgain.setSingleShot(true);
    m_writeAgain.setInterval(std::chrono::seconds(30));
    connect(&m_writeSoon, &QTimer::timeout, this, &Document::writeJournalInBackground);
    connect(&m_writeAgain, &QTimer::timeout, this, &Document::writeJournalInBackground);
    m_project = std::make_shared<const engine::Project>();
    m_journal = std::make_shared<Journal>(QString(), stateOf(*m_project), Journal::Existing::KeepAside);
}

Document::~Document()
{
    replaceJournal(nullptr);
}

void Document::open(const QString &path)
{
    auto project = std::make_shared<const engine::Project>(engine::openProject(toPath(path)));
    auto state = stateOf(*project);
    adopt(std::move(project), path, std::move(state));
}

void Document::adopt(std::shared_ptr<const engine::Project> project, const QString &path, std::string state)
{
    replaceJournal(std::make_shared<Journal>(path, std::move(state), Journal::Existing::KeepAside));
    m_stack.clear();
    m_project = std::move(project);
    m_path = path;
    m_point = m_savedPoint = m_mergeBarrier = ++m_lastPoint;
    m_isSaving = false;
    m_sinceSaving.clear();
    Q_EMIT changed({.everything = true});
    Q_EMIT pathChanged(path);
    updateModified();
}

void Document::replaceJournal(std::shared_ptr<Journal> journal)
{
    m_writeSoon.stop();
    m_writeAgain.stop();
    if (isModified()) {
        try {
            m_journal->write();
        } catch (const engine::Error &) {
            // It was told, by journalFailed, as often as it was tried.
        }
        m_journal->release();
    } else {
        m_journal->remove();
    }
    m_journal = std::move(journal);
}

void Document::save()
{
    if (m_path.isEmpty())
        throw engine::Error("the project has no place yet: save it as a file or folder");
    saveAs(m_path);
}

void Document::saveAs(const QString &path)
{
    auto saving = forSaving();
    saving.write(toPath(path));
    saved(saving, path);
}

Saving Document::forSaving()
{
    Saving saving;
    saving.project = m_project;
    saving.m_journal = m_journal;
    saving.m_editsInJournal = m_journal->count();
    saving.m_point = m_point;
    m_mergeBarrier = m_lastPoint;
    m_isSaving = true;
    m_sinceSaving.clear();
    return saving;
}

void Document::saved(const Saving &saving, const QString &path)
{
    if (saving.m_journal != m_journal)
        return; // another project was opened meanwhile
    m_savedPoint = saving.m_point;
    if (isModified())
        m_stack.resetClean();
    else
        m_stack.setClean();
    // The edits since then continue another saved project. The old journal is there, with a note of this saving, until they are written.
    const auto existing = path == m_path ? Journal::Existing::Replace : Journal::Existing::KeepAside;
    const auto old = std::exchange(m_journal, std::make_shared<Journal>(path, saving.m_state, existing));
    for (auto &edit : m_sinceSaving)
        m_journal->add(std::move(edit));
    const bool hasEdits = !std::exchange(m_sinceSaving, {}).empty();
    m_isSaving = false;
    old->release();
    try {
        m_journal->write();
        if (!hasEdits || old->file() != m_journal->file())
            old->remove();
        if (hasEdits)
            Q_EMIT journalWritten();
    } catch (const engine::Error &error) {
        Q_EMIT journalFailed(QString::fromUtf8(error.what()));
        m_writeAgain.start();
    }
    if (std::exchange(m_path, path) != path)
        Q_EMIT pathChanged(path);
    updateModified();
}

void Document::updateModified()
{
    if (m_wasModified == isModified())
        return;
    m_wasModified = isModified();
    Q_EMIT modifiedChanged(m_wasModified);
}

void Document::flush()
{
    m_writeSoon.stop();
    m_journal->write();
    Q_EMIT journalWritten();
}

void Document::writeJournalInBackground()
{
    m_writeAgain.stop();
    m_writer.start([this, journal = m_journal] {
        QString why;
        try {
            journal->write();
        } catch (const std::exception &error) {
            why = QString::fromUtf8(error.what());
        }
        QMetaObject::invokeMethod(
            this,
            [this, why] {
                if (why.isEmpty()) {
                    Q_EMIT journalWritten();
                } else {
                    m_writeAgain.start();
                    Q_EMIT journalFailed(why);
                }
            },
            Qt::QueuedConnection);
    });
}

void Document::discardChanges()
{
    m_writeSoon.stop();
    m_writeAgain.stop();
    m_journal->remove();
}

}
