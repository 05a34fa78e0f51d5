// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/document/journal.h"

#include "engine/core/sha256.h"

#include <QDateTime>
#include <QFileInfo>
#include <QStandardPaths>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace widgets {

namespace {
namespace fs = std::filesystem;

constexpr int mostPrograms = 16; ///< that have the same project open

[[noreturn]] void fail(const fs::path &file, int code)
{
    throw engine::Error(file.string() +
                        ": the recovery journal cannot be written: " + std::generic_category().message(code));
}

std::string keyOf(const QString &projectPath)
{
    if (projectPath.isEmpty())
        return "untitled";
    const QFileInfo info(projectPath);
    const auto path = info.exists() ? info.canonicalFilePath() : info.absoluteFilePath();
    return engine::sha256(path.toStdString()).substr(0, 32);
}

fs::path journalFile(const fs::path &folder, const std::string &key, int number)
{
    return folder / (key + (number > 1 ? "-" + std::to_string(number) : "") + ".journal");
}

bool isWrittenByAnother(const fs::path &file)
{
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    const bool isLocked = ::flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    ::close(descriptor);
    return isLocked;
}

}

std::string stateOf(const engine::Project &project)
{
    return engine::sha256(engine::projectToFiles(project).at("project.json"));
}

fs::path recoveryFolder()
{
    return fs::path(QStandardPaths::writableLocation(QStandardPaths::AppDataLocation).toStdString()) / "recovery";
}

Journal::Journal(const QString &projectPath, std::string state, Existing existing)
    : m_folder(recoveryFolder()), m_key(keyOf(projectPath)), m_state(std::move(state)), m_existing(existing)
{
}

Journal::~Journal()
{
    closeFile();
}

void Journal::add(std::shared_ptr<const Edit> edit)
{
    const std::lock_guard lock(m_mutex);
    m_pending.push_back(std::move(edit));
    ++m_count;
}

std::size_t Journal::count() const
{
    const std::lock_guard lock(m_mutex);
    return m_count;
}

void Journal::write()
{
    const std::lock_guard lock(m_mutex);
    writePending({});
}

void Journal::noteSaving(const std::string &state, std::size_t count)
{
    const std::lock_guard lock(m_mutex);
    writePending(savingRecord(state, count));
}

void Journal::setExisting(Existing existing)
{
    const std::lock_guard lock(m_mutex);
    m_existing = existing;
}

void Journal::release()
{
    const std::lock_guard lock(m_mutex);
    m_isReleased = true;
    closeFile();
}

void Journal::remove()
{
    release();
    const std::lock_guard lock(m_mutex);
    if (!m_file.empty())
        ::unlink(m_file.c_str());
}

fs::path Journal::file() const
{
    const std::lock_guard lock(m_mutex);
    return m_file;
}

void Journal::closeFile()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
    m_descriptor = -1;
}

namespace {

void writeAt(int descriptor, std::string_view bytes, long offset, const fs::path &file)
{
    while (!bytes.empty()) {
        const auto n = ::pwrite(descriptor, bytes.data(), bytes.size(), offset);
        if (n < 0 && errno != EINTR)
            fail(file, errno);
        if (n > 0) {
            bytes.remove_prefix(std::size_t(n));
            offset += n;
        }
    }
    if (::fdatasync(descriptor) != 0)
        fail(file, errno);
}

}

void Journal::writePending(const std::string &more)
{
    if (m_isReleased || (m_pending.empty() && more.empty()))
        return;
    std::string records;
    for (const auto &edit : m_pending)
        records += editRecord(*edit);
    records += more;
    if (m_descriptor < 0) {
        start(beginRecord(m_state) + records);
    } else {
        try {
            writeAt(m_descriptor, records, m_end, m_file);
        } catch (const engine::Error &) {
            // If that fails too, there is a torn record, which reading passes over and the next write covers.
            [[maybe_unused]] const int ignored = ::ftruncate(m_descriptor, m_end);
            throw;
        }
        m_end += long(records.size());
    }
    m_pending.clear();
}

// Written beside and renamed, so that a journal that is replaced is there until the new one is.
void Journal::start(const std::string &records)
{
    std::error_code code;
    fs::create_directories(m_folder, code);
    int number = 1;
    while (isWrittenByAnother(journalFile(m_folder, m_key, number)))
        if (++number > mostPrograms)
            throw engine::Error(m_folder.string() + ": too many programs have this project open");
    const auto file = journalFile(m_folder, m_key, number);
    auto beside = file;
    beside += ".part" + std::to_string(::getpid());
    const int descriptor = ::open(beside.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0)
        fail(file, errno);
    try {
        ::flock(descriptor, LOCK_EX | LOCK_NB);
        writeAt(descriptor, records, 0, file);
        if (m_existing == Existing::KeepAside && fs::exists(file, code)) {
            auto aside = file;
            aside += "." + QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyyMMddhhmmsszzz")).toStdString() +
                     ".aside";
            if (::rename(file.c_str(), aside.c_str()) != 0)
                fail(file, errno);
        }
        if (::rename(beside.c_str(), file.c_str()) != 0)
            fail(file, errno);
    } catch (const engine::Error &) {
        ::close(descriptor);
        ::unlink(beside.c_str());
        throw;
    }
    if (const int folder = ::open(m_folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); folder >= 0) {
        ::fsync(folder);
        ::close(folder);
    }
    m_file = file;
    m_descriptor = descriptor;
    m_end = long(records.size());
}

std::vector<fs::path> abandonedJournals(const QString &projectPath)
{
    std::vector<fs::path> files;
    for (int number = 1; number <= mostPrograms; ++number) {
        auto file = journalFile(recoveryFolder(), keyOf(projectPath), number);
        std::error_code code;
        if (fs::exists(file, code) && !isWrittenByAnother(file))
            files.push_back(std::move(file));
    }
    return files;
}

}
