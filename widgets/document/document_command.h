// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/project/audit.h"
#include "widgets/document/document.h"

#include <QUndoCommand>

namespace widgets {

/// What is on the undo stack: the values of some parts before and after.
class Document::Command : public QUndoCommand {
public:
    Command(Document &document, const QString &name, Parts before, Parts after, AuditLines audit, std::string mergeKey,
            const Command *continued)
        : QUndoCommand(name), m_document(document), m_before(std::move(before)), m_after(std::move(after)),
          m_audit(std::move(audit)), m_mergeKey(std::move(mergeKey)), m_continued(continued),
          m_pointBefore(document.m_point), m_pointAfter(++document.m_lastPoint)
    {
    }

    const Parts &before() const { return m_before; }

    bool canBeContinuedBy(const std::string &mergeKey) const
    {
        return m_mergeKey == mergeKey && m_pointAfter == m_document.m_point && m_pointAfter > m_document.m_mergeBarrier;
    }

    void redo() override
    {
        const auto size = m_document.m_project->audit.size();
        if (m_isDone) {
            m_document.perform(m_after, again("redone: "), size, m_pointAfter);
            return;
        }
        m_isDone = true;
        // The line of a command that grows is replaced. It was never saved: a save is a barrier to merging.
        m_document.perform(m_after, m_audit, size - (m_continued ? m_continued->m_audit.size() : 0), m_pointAfter);
    }

    void undo() override
    {
        m_document.m_mergeBarrier = m_document.m_lastPoint;
        m_document.perform(m_before, again("undone: "), m_document.m_project->audit.size(), m_pointBefore);
    }

    int id() const override { return m_mergeKey.empty() ? -1 : 1; }

    bool mergeWith(const QUndoCommand *other) override
    {
        const auto *next = dynamic_cast<const Command *>(other);
        if (!next || next->m_continued != this)
            return false;
        Parts before = next->m_before;
        merge(before, m_before);
        m_before = std::move(before);
        merge(m_after, next->m_after);
        m_audit = next->m_audit;
        m_pointAfter = next->m_pointAfter;
        if (m_before.entries == m_after.entries && m_before.structures == m_after.structures) {
            setObsolete(true); // back where it began: there is nothing to undo
            m_document.m_point = m_pointBefore;
        }
        return true;
    }

private:
    AuditLines again(const std::string &how) const
    {
        AuditLines lines;
        for (const auto &line : m_audit)
            lines.push_back(engine::auditRecord(line.entry, how + line.what, {}));
        return lines;
    }

    Document &m_document;
    Parts m_before, m_after;
    AuditLines m_audit;
    std::string m_mergeKey;
    const Command *m_continued; ///< compared, and read in the first redo alone
    std::uint64_t m_pointBefore, m_pointAfter;
    bool m_isDone = false;
};

}
