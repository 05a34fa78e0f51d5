// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/document/parts.h"

#include <QDateTime>
#include <QString>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace widgets {

/// What a crash left behind.
struct Recovery {
    std::filesystem::path file;
    bool isOfAnotherState = false; ///< the project was changed elsewhere since: the edits do not fit, and are not read
    bool isDamaged = false;        ///< some bytes changed; what comes before them is here, the rest is lost
    int edits = 0;                 ///< commands done, undone or done again
    QDateTime last;                ///< when the last of them was written, UTC
    Parts parts;                   ///< what they change in the saved project
    std::vector<engine::AuditRecord> audit; ///< the lines that follow those of the saved project
};

/// The unsaved edits of an earlier session of the project at this path (an empty one: never saved), if there are any. A journal that
/// another running program writes is not looked at. A last record that was being written when the crash came is passed over.
/// Any thread; throws Error for a journal that cannot be opened.
std::optional<Recovery> findRecovery(const QString &projectPath, const engine::Project &saved,
                                     const std::string &state);

void discard(const Recovery &recovery);

}
