// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/document/journal_records.h"

#include <QString>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace widgets {

/// SHA-256 of the project's project.json, which holds the hashes of all its files: by this a journal knows the saved project that
/// it continues. Any thread; takes as long as preparing a save. Throws Error for a project that cannot be saved.
std::string stateOf(const engine::Project &project);

/// The edits since a project was saved, in a file of the user's that outlives a crash. Every record has its length and SHA-256 before
/// it, so a torn or damaged one is found. All functions may be called from any thread.
class Journal {
public:
    enum class Existing { KeepAside, Replace };

    /// Nothing on the disk is touched before something is written. Then an older journal of this project is replaced, or renamed to
    /// end in .aside; one that another running program writes stays, and this one gets the next number.
    Journal(const QString &projectPath, std::string state, Existing existing);
    ~Journal();
    Journal(const Journal &) = delete;
    Journal &operator=(const Journal &) = delete;

    void add(std::shared_ptr<const Edit> edit); ///< to be written; quick
    std::size_t count() const;                  ///< edits added

    /// What was added is on the disk when this returns (written and flushed), in one step: after a crash at any moment either all
    /// of it can be read or none. Throws Error (a full disk); what was added then waits for the next call.
    void write();

    /// Notes, and writes at once, that the first `count` edits are part of the project whose state is given and which is about to
    /// be saved. A crash between the saving and the new journal then loses nothing and repeats nothing. Throws Error as write().
    void noteSaving(const std::string &state, std::size_t count);

    void setExisting(Existing existing); ///< before anything is written
    void release();                      ///< the file stays as it is; nothing more is written
    void remove();                       ///< the same, and the file is deleted
    std::filesystem::path file() const;  ///< empty before anything is written

private:
    void writePending(const std::string &more);
    void start(const std::string &records);
    void closeFile();

    mutable std::mutex m_mutex;
    const std::filesystem::path m_folder;
    const std::string m_key, m_state;
    Existing m_existing;
    bool m_isReleased = false;
    std::vector<std::shared_ptr<const Edit>> m_pending;
    std::size_t m_count = 0;
    std::filesystem::path m_file;
    int m_descriptor = -1;
    long m_end = 0; ///< bytes of whole records
};

/// Journals of the project at this path (an empty one: never saved) that no running program writes. Any thread.
std::vector<std::filesystem::path> abandonedJournals(const QString &projectPath);

/// Where journals are: "recovery" in the program's own folder of the user's data.
std::filesystem::path recoveryFolder();

}
