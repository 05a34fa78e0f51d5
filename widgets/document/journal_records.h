// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/document/parts.h"

#include <QDateTime>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace widgets {

/// A command that was done, undone or done again, as the journal keeps it.
struct Edit {
    Parts parts;                            ///< as they are after it
    std::size_t auditKept = 0;              ///< so many lines of the audit log stay,
    std::vector<engine::AuditRecord> audit; ///< and these follow
};

/// The bytes of one record: its length and SHA-256 in a line of text, then CBOR, which keeps bytes and doubles as they are.
std::string beginRecord(const std::string &state); ///< the first: the saved project that the journal continues
std::string editRecord(const Edit &edit);          ///< with the time
/// The first edits are part of the saved project of this state.
std::string savingRecord(const std::string &state, std::size_t editCount);

/// What a journal holds, as far as it is whole and sound.
struct JournalRecords {
    struct Saving {
        std::string state;
        std::size_t editCount;
    };
    std::string state;           ///< empty for a file that is no journal of this format
    std::vector<Saving> savings; ///< in their order
    std::vector<Edit> edits;
    QDateTime last;         ///< of the last edit, UTC
    bool isDamaged = false; ///< a record is wrong; one that is torn at the end is not

    /// How many of the edits a saved project has already, or nothing when the journal does not continue it.
    std::optional<std::size_t> editsIn(const std::string &savedState) const;
};
JournalRecords readRecords(std::string_view bytes);

}
