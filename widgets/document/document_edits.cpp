// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/document/document.h"

#include "engine/core/text.h"
#include "engine/project/audit.h"
#include "widgets/document/document_command.h"

#include <cassert>
#include <set>

namespace widgets {

namespace {

std::string what(const std::vector<FieldChange> &changes)
{
    std::vector<std::string> texts;
    for (const auto &change : changes)
        texts.push_back(change.field + ": " + change.before + " → " + change.after);
    return "edited " + engine::joined(texts, "; ");
}

QString named(const QString &one, const QString &several, const std::vector<std::string> &ids)
{
    return ids.size() == 1 ? one.arg(QString::fromStdString(ids.front())) : several;
}

}

std::vector<engine::Entry> Document::entriesOf(const std::vector<std::string> &ids) const
{
    std::vector<engine::Entry> entries;
    for (const auto &id : ids) {
        const auto *entry = m_project->database.find(id);
        if (!entry)
            throw engine::Error("there is no entry " + id);
        entries.push_back(*entry);
    }
    return entries;
}

void Document::addEntries(std::vector<engine::Entry> entries, std::map<std::string, std::string> structures,
                          const std::string &why)
{
    Parts after;
    std::vector<std::string> ids;
    AuditLines audit;
    for (auto &[name, bytes] : structures) {
        const auto known = m_project->structures.find(name);
        if (known != m_project->structures.end() && known->second != bytes)
            throw engine::Error("the project has another structure named " + name);
        after.structures[name] = std::move(bytes);
    }
    for (auto &entry : entries) {
        ids.push_back(entry.id);
        audit.push_back(engine::auditRecord(entry.id, "added", why));
        if (m_project->database.find(entry.id) || after.entries.contains(entry.id))
            throw engine::Error("entry " + entry.id + ": there is one of that id already");
        after.entries[entry.id] = std::move(entry);
    }
    push(named(tr("Add %1"), tr("Add entries"), ids), std::move(after), std::move(audit));
}

std::vector<engine::Reject> Document::addImport(engine::Import import, const std::string &why)
{
    engine::Project grown = *m_project;
    auto rejects = engine::addImport(grown, std::move(import));
    Parts after;
    for (auto &entry : grown.database.entries)
        if (!m_project->database.find(entry.id))
            after.entries[entry.id] = std::move(entry);
    for (auto &[name, bytes] : grown.structures)
        if (!m_project->structures.contains(name))
            after.structures[name] = std::move(bytes);
    const auto count = std::to_string(after.entries.size());
    push(tr("Import"), std::move(after), {engine::auditRecord("", "imported " + count + " entries", why)});
    return rejects;
}

void Document::editEntry(const std::string &id, engine::Entry entry, const std::string &why)
{
    const auto before = entriesOf({id}).front();
    Parts after;
    if (entry.id != id) {
        if (m_project->database.find(entry.id))
            throw engine::Error("entry " + entry.id + ": there is one of that id already");
        after.entries[id] = std::nullopt;
    }
    engine::check(entry);
    const auto changes = fieldChanges(before, entry);
    const auto mergeKey = changes.size() == 1 && entry.id == id ? id + "\n" + changes.front().field : std::string();
    auto told = changes;
    if (const auto *continued = commandToContinue(mergeKey))
        told = fieldChanges(*continued->before().entries.at(id), entry);
    AuditLines audit;
    if (!told.empty())
        audit.push_back(engine::auditRecord(id, what(told), why));
    after.entries[entry.id] = std::move(entry);
    push(tr("Edit %1").arg(QString::fromStdString(id)), std::move(after), std::move(audit), mergeKey);
}

void Document::removeEntries(const std::vector<std::string> &ids, const std::string &why)
{
    Parts after;
    AuditLines audit;
    for (const auto &entry : entriesOf(ids)) {
        after.entries[entry.id] = std::nullopt;
        audit.push_back(engine::auditRecord(entry.id, "removed", why));
    }
    push(named(tr("Remove %1"), tr("Remove entries"), ids), std::move(after), std::move(audit));
}

void Document::changeEntries(const QString &name, const std::vector<engine::Entry> &entries, const std::string &why)
{
    Parts after;
    AuditLines audit;
    for (const auto &entry : entries) {
        const auto changes = fieldChanges(*m_project->database.find(entry.id), entry);
        if (changes.empty())
            continue;
        after.entries[entry.id] = entry;
        audit.push_back(engine::auditRecord(entry.id, what(changes), why));
    }
    push(name, std::move(after), std::move(audit));
}

void Document::setPartition(const std::vector<std::string> &ids, engine::Partition partition, const std::string &why)
{
    auto entries = entriesOf(ids);
    for (auto &entry : entries)
        entry.partition = partition;
    changeEntries(partition == engine::Partition::Test
                      ? named(tr("Move %1 to the test set"), tr("Move to the test set"), ids)
                      : named(tr("Move %1 to the training set"), tr("Move to the training set"), ids),
                  entries, why);
}

void Document::setStatus(const std::vector<std::string> &ids, engine::Status status, const std::string &reason)
{
    auto entries = entriesOf(ids);
    for (auto &entry : entries) {
        entry.status = status;
        entry.exclusionReason = reason;
    }
    changeEntries(named(tr("Change the status of %1"), tr("Change the status"), ids), entries, reason);
}

void Document::setEnsemble(const std::string &name, engine::Ensemble ensemble)
{
    Parts after;
    after.ensembles[name] = std::make_shared<const engine::Ensemble>(std::move(ensemble));
    push(tr("Keep ensemble %1").arg(QString::fromStdString(name)), std::move(after),
         {engine::auditRecord("", "ensemble " + name + " set", {})});
}

void Document::removeEnsemble(const std::string &name)
{
    if (!m_project->ensembles.contains(name))
        throw engine::Error("there is no ensemble " + name);
    Parts after;
    after.ensembles[name] = nullptr;
    push(tr("Remove ensemble %1").arg(QString::fromStdString(name)), std::move(after),
         {engine::auditRecord("", "ensemble " + name + " removed", {})});
}

void Document::setTitle(const std::string &title)
{
    if (!engine::isUtf8(title))
        throw engine::Error("the title is no UTF-8 text");
    push(tr("Change the title"), {.title = title},
         {engine::auditRecord("", "title: " + m_project->title + " → " + title, {})});
}

void Document::setThreshold(double threshold_S_cm)
{
    push(tr("Change the threshold"), {.threshold_S_cm = threshold_S_cm},
         {engine::auditRecord("",
                              "threshold_S_cm: " + engine::shortest(m_project->threshold_S_cm) + " → " +
                                  engine::shortest(threshold_S_cm),
                              {})});
}

void Document::recover(const Recovery &recovery)
{
    if (recovery.isOfAnotherState)
        throw engine::Error(recovery.file.string() + ": belongs to another state of the project");
    assert(!isModified() && "recovery comes before the first edit: it would undo what was edited since");
    m_journal->setExisting(Journal::Existing::Replace);
    push(tr("Recover unsaved changes"), recovery.parts, recovery.audit);
    flush();
    if (m_journal->file() != recovery.file)
        discard(recovery);
}

const Document::Command *Document::commandToContinue(const std::string &mergeKey) const
{
    if (mergeKey.empty() || !m_stack.canUndo()) // inside a macro nothing can be undone, and nothing is merged
        return nullptr;
    const auto *last = dynamic_cast<const Command *>(m_stack.command(m_stack.index() - 1));
    return last && last->canBeContinuedBy(mergeKey) ? last : nullptr;
}

void Document::push(const QString &name, Parts after, AuditLines audit, const std::string &mergeKey)
{
    checkThatItCanBeSaved(*m_project, after);
    after = differing(*m_project, after);
    if (after.isEmpty())
        return;

    // Structures that lose their last entry go with it, and come back with it.
    std::set<std::string> dropped;
    for (const auto &[id, entry] : after.entries)
        if (const auto *old = m_project->database.find(id))
            if (!old->structureFile.empty() && (!entry || entry->structureFile != old->structureFile))
                dropped.insert(old->structureFile);
    if (!dropped.empty()) {
        for (const auto &entry : m_project->database.entries)
            if (!after.entries.contains(entry.id))
                dropped.erase(entry.structureFile);
        for (const auto &[id, entry] : after.entries)
            if (entry)
                dropped.erase(entry->structureFile);
    }
    for (const auto &structure : dropped)
        after.structures[structure] = std::nullopt;

    Parts before = sameParts(*m_project, after);
    m_stack.push(new Command(*this, name, std::move(before), std::move(after), std::move(audit), mergeKey,
                             commandToContinue(mergeKey)));
    updateModified(); // after a merge that led back
}

void Document::perform(const Parts &parts, const AuditLines &audit, std::size_t auditKept, std::uint64_t point)
{
    const Change change = changeBy(*m_project, parts);
    auto next = std::make_shared<engine::Project>(*m_project);
    apply(*next, parts);
    next->audit.resize(auditKept);
    next->audit.insert(next->audit.end(), audit.begin(), audit.end());
    m_project = std::move(next);
    m_point = point;

    auto edit = std::make_shared<const Edit>(Edit{parts, auditKept, audit});
    if (m_isSaving)
        m_sinceSaving.push_back(edit);
    m_journal->add(std::move(edit));
    m_writeSoon.start(0);

    Q_EMIT changed(change);
    updateModified();
}

}
