// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/project/tree.h"

#include "engine/core/sha256.h"
#include "engine/core/text.h"
#include "engine/project/archive.h"

#include <nlohmann/json.hpp>

#include <cerrno>
#include <cstdio>
#include <set>

#include <fcntl.h>
#include <unistd.h>

namespace engine {

namespace {
namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

Json parseManifest(std::string_view bytes, const std::string &name)
{
    auto json = Json::parse(bytes, nullptr, false);
    if (!json.is_object() || !json.contains("formatVersion") || !json["formatVersion"].is_number_integer() ||
        !json.contains("files") || !json["files"].is_object())
        throw Error(name + ": is damaged: it should be JSON with formatVersion and files");
    const auto version = json["formatVersion"].get<long>();
    if (version > formatVersion)
        throw Error(name + ": made by a newer Superion (format " + std::to_string(version) +
                    ", this program reads up to " + std::to_string(formatVersion) + "); update to open it");
    if (version < 1)
        throw Error(name + ": is damaged: there is no format " + std::to_string(version));
    for (const auto &[file, hash] : json["files"].items())
        if (!hash.is_string() || checkedEntryName(file, name) != file)
            throw Error(name + ": is damaged: its list of files is wrong at \"" + file + "\"");
    return json;
}

bool isZipName(const fs::path &path)
{
    const auto ending = endingOf(path.filename().string());
    return ending == "superion" || ending == "zip";
}

// File managers zip a folder with its name in front of everything.
Files withoutCommonFolder(std::vector<File> files, const std::string &manifest)
{
    std::size_t prefix = 0;
    const bool atRoot = std::ranges::any_of(files, [&](const File &file) { return file.name == manifest; });
    if (!atRoot && !files.empty()) {
        const auto folder = files.front().name.substr(0, files.front().name.find('/') + 1);
        if (std::ranges::all_of(files, [&](const File &file) { return file.name.starts_with(folder); }))
            prefix = folder.size();
    }
    Files tree;
    for (auto &[name, bytes] : files)
        tree[name.substr(prefix)] = std::move(bytes);
    return tree;
}

Files readZip(const fs::path &path, const std::string &manifest)
{
    return withoutCommonFolder(unzipped(readFile(path), path.string()), manifest);
}

std::set<std::string> listedIn(std::string_view manifestBytes, const std::string &name)
{
    std::set<std::string> names;
    const auto json = parseManifest(manifestBytes, name);
    for (const auto &[file, hash] : json["files"].items())
        names.insert(file);
    return names;
}

void checkNames(const Files &files, const fs::path &path)
{
    for (const auto &[name, bytes] : files) {
        bool good = isUtf8(name) && checkedEntryName(name, path.string()) == name;
        for (const auto part : split(name, '/'))
            good = good && !part.starts_with('.') && part != "__MACOSX";
        if (!good)
            throw Error(path.string() + ": a file cannot be stored under the name \"" + name + "\"");
    }
}

[[noreturn]] void failToWrite(const fs::path &path, int code)
{
    throw Error(path.string() + ": cannot be written: " + std::generic_category().message(code) +
                (code == ENOSPC || code == EDQUOT ? "; free some space or choose another disk" : ""));
}

// Not flushed one by one: the whole folder is, once, before it takes its place.
void writePlain(const fs::path &path, std::string_view bytes, const fs::path &inMessages)
{
    std::error_code code;
    fs::create_directories(path.parent_path(), code);
    if (code)
        failToWrite(inMessages, code.value());
    std::FILE *file = std::fopen(path.c_str(), "wb");
    if (!file)
        failToWrite(inMessages, errno);
    int error = std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size() ? 0 : errno;
    if (std::fclose(file) != 0 && !error)
        error = errno;
    if (error)
        failToWrite(inMessages, error);
}

void flush(const fs::path &folder, const fs::path &inMessages)
{
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const int error = descriptor < 0 || ::syncfs(descriptor) != 0 ? errno : 0;
    if (descriptor >= 0)
        ::close(descriptor);
    if (error)
        failToWrite(inMessages, error);
}

// A folder beside the path that is gone when this is, unless it took the path's place.
class Aside {
public:
    explicit Aside(const fs::path &path) : m_path(path)
    {
        m_path += ".part" + std::to_string(::getpid());
        std::error_code code;
        fs::remove_all(m_path, code);
        fs::create_directories(m_path, code);
        if (code)
            failToWrite(path, code.value());
    }
    ~Aside()
    {
        std::error_code ignored; // nothing can be done about it, and the new project is in place
        fs::remove_all(m_path, ignored);
    }
    Aside(const Aside &) = delete;
    Aside &operator=(const Aside &) = delete;

    const fs::path &path() const { return m_path; }

    // After this, what was at the target is aside and goes away.
    void changePlacesWith(const fs::path &target)
    {
        if (!fs::exists(target)) {
            if (std::rename(m_path.c_str(), target.c_str()) != 0)
                failToWrite(target, errno);
            return;
        }
        if (::renameat2(AT_FDCWD, m_path.c_str(), AT_FDCWD, target.c_str(), RENAME_EXCHANGE) == 0)
            return;
        if (errno != EINVAL && errno != ENOSYS)
            failToWrite(target, errno);
        // Some network disks cannot exchange: the path is missing for a moment, but never half written.
        auto old = m_path;
        old += ".old";
        if (std::rename(target.c_str(), old.c_str()) != 0)
            failToWrite(target, errno);
        if (std::rename(m_path.c_str(), target.c_str()) != 0) {
            const int error = errno;
            std::rename(old.c_str(), target.c_str());
            failToWrite(target, error);
        }
        m_path = old;
    }

private:
    fs::path m_path;
};

[[noreturn]] void failForeign(const fs::path &path, const std::string &name)
{
    throw Error(path.string() + ": holds a file " + name +
                " that is not the project's but has the name of one; move it away");
}

// Hard links where the disk has them: the file then is in the old folder and in the new one, and whichever stays has it.
void keepForeignFiles(const fs::path &from, const fs::path &to, const std::set<std::string> &listed, const Files &files)
{
    for (const auto &item : fs::recursive_directory_iterator(from)) {
        const auto name = item.path().lexically_relative(from).generic_string();
        const auto target = to / name;
        if (item.is_directory() && !item.is_symlink())
            continue; // empty folders of one's own are not kept; those with files come with them
        if (listed.contains(name))
            continue;
        if (const auto ours = files.find(name); ours != files.end()) {
            if (!item.is_regular_file() || readFile(item.path()) != ours->second)
                failForeign(from, name);
            continue;
        }
        std::error_code code;
        fs::create_directories(target.parent_path(), code);
        if (item.is_symlink()) {
            fs::copy_symlink(item.path(), target, code);
        } else if (item.is_regular_file()) {
            fs::create_hard_link(item.path(), target, code);
            if (code)
                fs::copy_file(item.path(), target, code);
        }
        if (code)
            failToWrite(from / name, code.value());
    }
}

void writeFolder(const fs::path &path, const std::string &manifest, const Files &files)
{
    const bool exists = fs::exists(path);
    if (exists && !fs::is_directory(path))
        throw Error(path.string() + ": is a file; choose a folder or a name that ends in .superion");
    const bool isOurs = exists && fs::exists(path / manifest);
    if (exists && !isOurs && !fs::is_empty(path))
        throw Error(path.string() + ": is a folder of other files, without " + manifest +
                    "; choose a new or empty one");

    Aside aside(path);
    for (const auto &[name, bytes] : files)
        writePlain(aside.path() / name, bytes, path / name);
    if (isOurs) {
        auto listed = listedIn(readFile(path / manifest), (path / manifest).string());
        listed.insert(manifest);
        try {
            keepForeignFiles(path, aside.path(), listed, files);
        } catch (const fs::filesystem_error &error) {
            failToWrite(path, error.code().value());
        }
    }
    flush(aside.path(), path);
    aside.changePlacesWith(path);
}

void writeZipOver(const fs::path &path, const std::string &manifest, const Files &files)
{
    std::vector<File> all;
    for (const auto &[name, bytes] : files)
        all.push_back({name, bytes});
    if (fs::exists(path)) {
        if (fs::is_directory(path))
            throw Error(path.string() + ": is a folder, but the name is an archive's; choose another name");
        const auto old = readZip(path, manifest);
        const auto oldManifest = old.find(manifest);
        if (oldManifest == old.end())
            throw Error(path.string() + ": is an archive of other files, without " + manifest +
                        "; choose another name");
        const auto listed = listedIn(oldManifest->second, path.string() + "/" + manifest);
        for (const auto &[name, bytes] : old) {
            if (name == manifest || listed.contains(name))
                continue;
            const auto ours = files.find(name);
            if (ours == files.end())
                all.push_back({name, bytes});
            else if (ours->second != bytes)
                failForeign(path, name);
        }
    }
    writeZip(path, std::move(all));
}
}

std::string manifestOf(std::string_view json, const Files &files)
{
    Json manifest{{"formatVersion", formatVersion}};
    manifest.update(Json::parse(json));
    auto &hashes = manifest["files"] = Json::object();
    for (const auto &[name, bytes] : files)
        hashes[name] = sha256(bytes);
    return manifest.dump(1, '\t', false, Json::error_handler_t::replace) + "\n";
}

void checkManifest(const Files &files, const std::string &manifest, const std::string &where)
{
    const auto found = files.find(manifest);
    if (found == files.end())
        throw Error(where + ": has no " + manifest);
    const auto json = parseManifest(found->second, where + "/" + manifest);
    for (const auto &[name, hash] : json["files"].items()) {
        const auto file = files.find(name);
        if (file == files.end())
            throw Error(where + "/" + name + ": is missing, although " + manifest + " lists it");
        if (sha256(file->second) != hash.get<std::string>())
            throw Error(where + "/" + name +
                        ": was changed or damaged since it was saved (its hash is not the one in " + manifest + ")");
    }
}

Files readTree(const fs::path &path, const std::string &manifest)
{
    if (!fs::exists(path))
        throw Error(path.string() + ": does not exist");
    Files files;
    if (fs::is_directory(path)) {
        if (!fs::exists(path / manifest))
            throw Error(path.string() + ": has no " + manifest);
        files[manifest] = readFile(path / manifest);
        for (const auto &name : listedIn(files[manifest], (path / manifest).string()))
            if (fs::exists(path / name))
                files[name] = readFile(path / name);
        checkManifest(files, manifest, path.string());
        return files;
    }
    files = readZip(path, manifest);
    checkManifest(files, manifest, path.string());
    auto listed = listedIn(files[manifest], path.string() + "/" + manifest);
    listed.insert(manifest);
    std::erase_if(files, [&](const auto &file) { return !listed.contains(file.first); });
    return files;
}

void writeTree(const fs::path &path, const std::string &manifest, const Files &files)
{
    checkNames(files, path);
    auto target = fs::absolute(path).lexically_normal();
    if (!target.has_filename()) // "project/"
        target = target.parent_path();
    std::error_code code;
    if (target = fs::weakly_canonical(target, code); code) // a link stays a link: its target is replaced
        throw Error(path.string() + ": " + code.message());
    try {
        if (isZipName(target))
            writeZipOver(target, manifest, files);
        else
            writeFolder(target, manifest, files);
    } catch (const fs::filesystem_error &error) {
        failToWrite(path, error.code().value());
    }
}

}
