// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/document/recovery.h"

#include "engine/core/files.h"
#include "widgets/document/journal.h"
#include "widgets/document/journal_records.h"

#include <algorithm>

namespace widgets {

namespace {

Recovery readJournal(const std::filesystem::path &file, const engine::Project &project, const std::string &state)
{
    const auto records = readRecords(engine::readFile(file));
    const auto saved = records.editsIn(state);
    Recovery recovery{.file = file, .isOfAnotherState = !saved, .isDamaged = records.isDamaged, .last = records.last};
    const auto first = std::min(saved.value_or(0), records.edits.size());
    recovery.edits = int(records.edits.size() - first);
    if (!saved)
        return recovery;
    auto audit = project.audit;
    for (std::size_t i = first; i < records.edits.size(); ++i) {
        const auto &edit = records.edits[i];
        merge(recovery.parts, edit.parts);
        audit.resize(std::min(audit.size(), edit.auditKept));
        audit.insert(audit.end(), edit.audit.begin(), edit.audit.end());
    }
    recovery.parts = differing(project, recovery.parts);
    if (audit.size() > project.audit.size())
        recovery.audit.assign(audit.begin() + long(project.audit.size()), audit.end());
    return recovery;
}

}

std::optional<Recovery> findRecovery(const QString &projectPath, const engine::Project &saved, const std::string &state)
{
    std::optional<Recovery> ofAnotherState;
    for (const auto &file : abandonedJournals(projectPath)) {
        auto recovery = readJournal(file, saved, state);
        if (recovery.isOfAnotherState && !ofAnotherState)
            ofAnotherState = std::move(recovery);
        else if (!recovery.isOfAnotherState && (!recovery.parts.isEmpty() || recovery.isDamaged))
            return recovery;
    }
    return ofAnotherState;
}

void discard(const Recovery &recovery)
{
    std::error_code ignored; // one that is gone is discarded
    std::filesystem::remove(recovery.file, ignored);
}

}
