// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/document/journal.h"

#include "engine/core/files.h"
#include "engine/core/sha256.h"
#include "engine/core/text.h"
#include "engine/project/ensemble_files.h"
#include "engine/project/entries_csv.h"

#include <QFileInfo>
#include <QStandardPaths>

#include <nlohmann/json.hpp>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace widgets {

namespace {
using Json = nlohmann::json;
namespace fs = std::filesystem;

constexpr int journalFormat = 1;
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

// CBOR holds bytes and doubles as they are.
Json bytesOf(const std::string &bytes)
{
    return Json::binary({bytes.begin(), bytes.end()});
}

std::string fromBytes(const Json &json)
{
    const auto &bytes = json.get_binary();
    return {bytes.begin(), bytes.end()};
}

Json toJson(const Edit &edit)
{
    const auto &parts = edit.parts;
    Json removed = Json::array(), structures = Json::object(), ensembles = Json::object(), audit = Json::array();
    engine::Database entries;
    for (const auto &[id, entry] : parts.entries) {
        if (entry)
            entries.entries.push_back(*entry);
        else
            removed.push_back(bytesOf(id));
    }
    for (const auto &[name, bytes] : parts.structures)
        structures[name] = bytes ? bytesOf(*bytes) : Json();
    for (const auto &[name, ensemble] : parts.ensembles) {
        Json files;
        if (ensemble)
            for (const auto &[file, bytes] : engine::ensembleToFiles(*ensemble))
                files[file] = bytesOf(bytes);
        ensembles[name] = std::move(files);
    }
    for (const auto &r : edit.audit)
        audit.push_back({r.time, r.who, r.entry, r.what, r.why});
    Json json{{"time", QDateTime::currentDateTimeUtc().toMSecsSinceEpoch()},
              {"entries", bytesOf(engine::writeEntries(entries))},
              {"removed", std::move(removed)},
              {"structures", std::move(structures)},
              {"ensembles", std::move(ensembles)},
              {"auditKept", edit.auditKept},
              {"audit", std::move(audit)}};
    if (parts.title)
        json["title"] = *parts.title;
    if (parts.threshold_S_cm)
        json["threshold_S_cm"] = *parts.threshold_S_cm;
    return json;
}

Edit editFrom(const Json &json)
{
    Edit edit;
    auto &parts = edit.parts;
    for (auto &entry : engine::readEntries(fromBytes(json.at("entries")), "journal").entries)
        parts.entries[entry.id] = entry;
    for (const auto &id : json.at("removed"))
        parts.entries[fromBytes(id)] = std::nullopt;
    for (const auto &[name, bytes] : json.at("structures").items())
        parts.structures[name] = bytes.is_null() ? std::nullopt : std::optional(fromBytes(bytes));
    for (const auto &[name, json_files] : json.at("ensembles").items()) {
        engine::Files files;
        for (const auto &[file, bytes] : json_files.items())
            files[file] = fromBytes(bytes);
        parts.ensembles[name] =
            json_files.is_null()
                ? nullptr
                : std::make_shared<const engine::Ensemble>(engine::ensembleFromFiles(files, "journal/" + name));
    }
    if (json.contains("title"))
        parts.title = json.at("title").get<std::string>();
    if (json.contains("threshold_S_cm"))
        parts.threshold_S_cm = json.at("threshold_S_cm").get<double>();
    edit.auditKept = json.at("auditKept").get<std::size_t>();
    for (const auto &r : json.at("audit"))
        edit.audit.push_back({r.at(0), r.at(1), r.at(2), r.at(3), r.at(4)});
    return edit;
}

// "<length> <SHA-256>\n" and the record.
std::string framed(const Json &json)
{
    std::string record;
    Json::to_cbor(json, record);
    return std::to_string(record.size()) + " " + engine::sha256(record) + "\n" + record;
}

/// The whole and sound records at the beginning of a journal.
std::vector<Json> recordsOf(std::string_view bytes, bool &isDamaged)
{
    std::vector<Json> records;
    isDamaged = false;
    while (!bytes.empty()) {
        const auto end = bytes.find('\n');
        const auto words = engine::words(bytes.substr(0, end));
        const auto length = words.size() == 2 ? engine::parseInteger(words[0]) : std::nullopt;
        if (end == bytes.npos)
            break; // torn
        if (!length || *length < 0) {
            isDamaged = true;
            break;
        }
        bytes.remove_prefix(end + 1);
        if (bytes.size() < std::size_t(*length))
            break; // torn
        const auto record = bytes.substr(0, std::size_t(*length));
        auto json =
            engine::sha256(record) == words[1] ? Json::from_cbor(record, true, false) : Json(Json::value_t::discarded);
        if (!json.is_object()) {
            isDamaged = true;
            break;
        }
        records.push_back(std::move(json));
        bytes.remove_prefix(std::size_t(*length));
    }
    return records;
}

/// How many of the edits the saved project has, or nothing when the journal is of another.
std::optional<std::size_t> editsSaved(const std::vector<Json> &records, const std::string &state)
{
    std::optional<std::size_t> saved;
    if (!records.empty() && records[0].value("format", 0) == journalFormat) {
        if (records[0].value("state", "") == state)
            saved = 0;
        for (const auto &record : records)
            if (record.value("saving", "") == state)
                saved = record.value("count", std::size_t(0));
    }
    return saved;
}

Recovery readJournal(const fs::path &file, const engine::Project &project, const std::string &state)
{
    Recovery recovery{.file = file};
    const auto records = recordsOf(engine::readFile(file), recovery.isDamaged);
    const auto saved = editsSaved(records, state);
    recovery.isOfAnotherState = !saved;
    std::size_t seen = 0;
    auto audit = project.audit;
    for (const auto &record : records) {
        if (!record.contains("auditKept") || seen++ < saved.value_or(0))
            continue;
        ++recovery.edits;
        recovery.last = QDateTime::fromMSecsSinceEpoch(record.value("time", qint64(0)), Qt::UTC);
        if (!saved)
            continue;
        try {
            auto edit = editFrom(record);
            merge(recovery.parts, edit.parts);
            audit.resize(std::min(audit.size(), edit.auditKept));
            audit.insert(audit.end(), edit.audit.begin(), edit.audit.end());
        } catch (const Json::exception &) {
            recovery.isDamaged = true;
            break;
        } catch (const engine::Error &) {
            recovery.isDamaged = true;
            break;
        }
    }
    recovery.parts = differing(project, recovery.parts);
    if (audit.size() > project.audit.size())
        recovery.audit.assign(audit.begin() + long(project.audit.size()), audit.end());
    return recovery;
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
    writePending(framed({{"saving", state}, {"count", count}}));
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
        records += framed(toJson(*edit));
    records += more;
    if (m_descriptor < 0) {
        start(framed({{"format", journalFormat}, {"state", m_state}}) + records);
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

std::optional<Recovery> findRecovery(const QString &projectPath, const engine::Project &saved, const std::string &state)
{
    std::optional<Recovery> ofAnotherState;
    for (int number = 1; number <= mostPrograms; ++number) {
        const auto file = journalFile(recoveryFolder(), keyOf(projectPath), number);
        std::error_code code;
        if (!fs::exists(file, code) || isWrittenByAnother(file))
            continue;
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
    ::unlink(recovery.file.c_str());
}

}
