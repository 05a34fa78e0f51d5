// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/project/archive.h"

#include "engine/core/text.h"

#include <QBuffer>
#include <QFile>

#include <quazip/quazip.h>
#include <quazip/quazipfile.h>
#include <zlib.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <optional>
#include <set>

namespace engine {

namespace {
using Visit = std::function<void(File)>;
using Wanted = std::function<bool(std::string_view)>;
using Damaged = std::function<void(Reject)>;

constexpr std::size_t blockSize = 1 << 16;

// Deflate packs at most 1032 to 1. An archive that unpacks to more lets its entries share the same packed bytes.
constexpr std::size_t largestPackingRatio = 1032;

[[noreturn]] void failTooLarge(const std::string &name)
{
    throw Error(name + ": unpacks to more than 1 GiB, more than any structure or table needs");
}

bool isHidden(std::string_view entry)
{
    for (const auto part : split(entry, '/'))
        if (part.starts_with('.') || part == "__MACOSX")
            return true;
    return false;
}

bool isArchive(std::string_view name)
{
    const auto ending = endingOf(name);
    return ending == "zip" || ending == "superion";
}

std::string withoutGz(std::string_view name)
{
    return std::string(endingOf(name) == "gz" ? name.substr(0, name.size() - 3) : name);
}

[[noreturn]] void failDamaged(const std::string &name)
{
    throw Error(name + ": is damaged or no zip archive; get a fresh copy");
}

// One zip, on disk or in memory, opened for reading.
class Zip {
public:
    Zip(QIODevice &device, std::string name) : m_zip(&device), m_name(std::move(name)), m_packedSize(device.size())
    {
        m_zip.setFileNameCodec("UTF-8");
        if (!m_zip.open(QuaZip::mdUnzip))
            failDamaged(m_name);
        std::set<std::string> names;
        for (bool more = m_zip.goToFirstFile(); more; more = m_zip.goToNextFile()) {
            const auto asStored = m_zip.getCurrentFileName();
            const auto text = asStored.toStdString();
            const auto entry = checkedEntryName(text, m_name);
            if (text.ends_with('/') || text.ends_with('\\') || isHidden(entry))
                continue;
            if (!names.insert(entry).second)
                throw Error(m_name + ": holds two files named " + entry);
            m_entries.push_back({entry, asStored});
        }
        if (m_zip.getZipError() != UNZ_OK)
            failDamaged(m_name);
        std::ranges::sort(m_entries, {}, &ZipEntry::name);
    }

    std::size_t size() const { return m_entries.size(); }
    const std::string &entry(std::size_t i) const { return m_entries[i].name; }

    std::string unpack(std::size_t i)
    {
        const auto name = m_name + "/" + m_entries[i].name;
        QuaZipFileInfo64 info;
        if (!m_zip.setCurrentFile(m_entries[i].asStored) || !m_zip.getCurrentFileInfo(&info))
            failDamaged(m_name);
        if (info.flags & 1)
            throw Error(name + ": is encrypted; unpack the archive with its password first");
        if (info.method != 0 && info.method != Z_DEFLATED)
            throw Error(name + ": is packed with method " + std::to_string(info.method) +
                        ", only deflate is read; pack the archive again");
        if (info.uncompressedSize > largestUnpackedFile_B)
            failTooLarge(name);
        QuaZipFile file(&m_zip);
        if (!file.open(QIODevice::ReadOnly))
            failDamaged(name);
        // QuaZip gives no more than the size that the entry claims.
        std::string bytes;
        std::string block(blockSize, '\0');
        qint64 n;
        while ((n = file.read(block.data(), qint64(block.size()))) > 0) {
            bytes.append(block, 0, std::size_t(n));
            m_unpacked += std::size_t(n);
            if (m_unpacked / largestPackingRatio > std::size_t(m_packedSize))
                throw Error(m_name + ": its entries share packed bytes, as in a zip bomb; it is not opened");
        }
        file.close(); // compares the checksum
        if (n < 0 || file.getZipError() != UNZ_OK || bytes.size() != info.uncompressedSize)
            failDamaged(name);
        return bytes;
    }

private:
    struct ZipEntry {
        std::string name;
        QString asStored;
    };
    QuaZip m_zip;
    std::string m_name;
    qint64 m_packedSize;
    std::size_t m_unpacked = 0;
    std::vector<ZipEntry> m_entries;
};

/// One walk over files, folders and archives.
class Walk {
public:
    Walk(const Visit &visit, const Wanted &wanted, const Damaged &damaged)
        : m_visit(visit), m_wanted(wanted), m_damaged(damaged)
    {
    }

    /// `isOneOfMany`: found in a folder, so that damage ends nothing but this file.
    void onDisk(const std::filesystem::path &path, const std::string &name, bool isOneOfMany, const Progress &progress)
    {
        if (!isWanted(name, 0))
            return;
        try {
            if (!isArchive(name)) {
                std::string bytes;
                if (unpacked(name, isOneOfMany, [&] { bytes = readFile(path); }))
                    file({name, std::move(bytes)}, 0, isOneOfMany, progress);
                return;
            }
            QFile archive(path);
            if (!archive.open(QIODevice::ReadOnly))
                throw Error(name + ": cannot be opened: " + archive.errorString().toStdString());
            zip(archive, name, 0, isOneOfMany, progress);
        } catch (const Error &error) {
            // Names from the path's last part on are short in tables; an error is read without the path at hand.
            const std::string_view message = error.what();
            if (message.starts_with(name))
                throw Error(path.string() + std::string(message.substr(name.size())));
            throw;
        }
    }

private:
    /// A file whose bytes are known; `depth` archives are around it.
    void file(File file, int depth, bool isOneOfMany, const Progress &progress)
    {
        if (endingOf(file.name) == "gz") {
            if (!unpacked(file.name, isOneOfMany, [&] { file.bytes = gunzipped(file.bytes, file.name); }))
                return;
            file.name = withoutGz(file.name);
        }
        if (!isArchive(file.name) || depth >= 2) {
            m_visit(std::move(file));
            return;
        }
        QByteArray bytes = QByteArray::fromRawData(file.bytes.data(), qsizetype(file.bytes.size()));
        QBuffer buffer(&bytes);
        zip(buffer, file.name, depth, isOneOfMany, progress);
    }

    void zip(QIODevice &device, const std::string &name, int depth, bool isOneOfMany, const Progress &progress)
    {
        std::optional<Zip> zip;
        if (!unpacked(name, isOneOfMany, [&] { zip.emplace(device, name); }))
            return;
        for (std::size_t i = 0; i < zip->size(); ++i) {
            progress.at(double(i) / double(zip->size()), "Reading files");
            const auto full = name + "/" + zip->entry(i);
            std::string bytes;
            if (isWanted(full, depth + 1) && unpacked(full, true, [&] { bytes = zip->unpack(i); }))
                file({full, std::move(bytes)}, depth + 1, true,
                     progress.part(double(i) / double(zip->size()), double(i + 1) / double(zip->size())));
        }
    }

    bool isWanted(const std::string &name, int depth) const
    {
        const auto plain = withoutGz(name);
        return !m_wanted || m_wanted(plain) || (isArchive(plain) && depth < 2);
    }

    /// Whether `unpack` ended well; else the file is told as damaged, or, where it is the only one or nobody asked, it is an error.
    bool unpacked(const std::string &name, bool isOneOfMany, const std::function<void()> &unpack) const
    {
        try {
            unpack();
            return true;
        } catch (const Error &error) {
            if (!isOneOfMany || !m_damaged)
                throw;
            std::string_view reason = error.what();
            if (reason.starts_with(name + ": "))
                reason.remove_prefix(name.size() + 2);
            m_damaged({name, std::string(reason)});
            return false;
        }
    }

    const Visit &m_visit;
    const Wanted &m_wanted;
    const Damaged &m_damaged;
};

std::vector<std::filesystem::path> filesOf(const std::filesystem::path &folder)
{
    std::vector<std::filesystem::path> files;
    std::error_code code;
    std::filesystem::recursive_directory_iterator item(folder, code);
    for (; !code && item != std::filesystem::recursive_directory_iterator(); item.increment(code)) {
        const bool hidden = isHidden(item->path().filename().string());
        if (hidden && item->is_directory())
            item.disable_recursion_pending();
        std::error_code unreadable; // a link to nowhere is no regular file
        if (!hidden && item->is_regular_file(unreadable))
            files.push_back(item->path());
    }
    if (code)
        throw Error(folder.string() + ": cannot be read: " + code.message());
    std::ranges::sort(files, {}, [](const auto &file) { return file.generic_string(); });
    return files;
}
}

std::string checkedEntryName(std::string_view name, std::string_view archive)
{
    std::string slashed(name);
    std::ranges::replace(slashed, '\\', '/');
    const auto refuse = [&](const char *why) -> void {
        throw Error(std::string(archive) + ": the entry \"" + std::string(name) + "\" " + why +
                    "; the archive is not opened");
    };
    if (slashed.empty() || slashed.find('\0') != slashed.npos)
        refuse("has no usable name");
    if (slashed.front() == '/')
        refuse("has an absolute name");
    if (slashed.size() > 1 && slashed[1] == ':' && std::isalpha(static_cast<unsigned char>(slashed[0])))
        refuse("names a drive");
    std::vector<std::string> parts;
    for (const auto part : split(slashed, '/')) {
        if (part == "..")
            refuse("leads out of the archive");
        if (!part.empty() && part != ".")
            parts.emplace_back(part);
    }
    return joined(parts, "/");
}

void visitFiles(const std::filesystem::path &path, const std::function<void(File)> &visit, const Progress &progress,
                const std::function<bool(std::string_view name)> &wanted, const std::function<void(Reject)> &damaged)
{
    std::error_code code;
    const auto status = std::filesystem::status(path, code);
    if (!std::filesystem::exists(status))
        throw Error(path.string() + ": does not exist");
    auto absolute = std::filesystem::absolute(path).lexically_normal();
    if (!absolute.has_filename()) // "cifs/"
        absolute = absolute.parent_path();
    const auto root = absolute.filename().string();

    Walk walk(visit, wanted, damaged);
    if (!std::filesystem::is_directory(status)) {
        walk.onDisk(path, root, false, progress);
        return;
    }
    const auto files = filesOf(absolute);
    for (std::size_t i = 0; i < files.size(); ++i) {
        progress.at(double(i) / double(files.size()), "Reading files");
        walk.onDisk(files[i], root + "/" + files[i].lexically_relative(absolute).generic_string(), true,
                    progress.part(double(i) / double(files.size()), double(i + 1) / double(files.size())));
    }
}

std::vector<File> allFiles(const std::vector<std::filesystem::path> &paths)
{
    std::vector<File> files;
    for (const auto &path : paths)
        visitFiles(path, [&](File file) { files.push_back(std::move(file)); });
    return files;
}

std::vector<File> unzipped(std::string_view bytes, std::string_view name)
{
    QByteArray raw = QByteArray::fromRawData(bytes.data(), qsizetype(bytes.size()));
    QBuffer buffer(&raw);
    Zip zip(buffer, std::string(name));
    std::vector<File> files;
    for (std::size_t i = 0; i < zip.size(); ++i)
        files.push_back({zip.entry(i), zip.unpack(i)});
    return files;
}

std::string gunzipped(std::string_view packed, const std::string &name, std::size_t largest_B)
{
    z_stream stream{};
    if (inflateInit2(&stream, 15 + 16) != Z_OK) // 15: largest window; 16: a gzip header
        throw Error(name + ": not enough memory to unpack it");
    const std::unique_ptr<z_stream, int (*)(z_stream *)> closing(&stream, inflateEnd);
    std::string bytes;
    std::string block(blockSize, '\0');
    int state = Z_OK;
    std::size_t at = 0;
    while (at < packed.size() || stream.avail_in > 0 || state == Z_OK) {
        if (stream.avail_in == 0) { // zlib counts in 32 bits
            const auto n = std::min<std::size_t>(packed.size() - at, 1 << 30);
            stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(packed.data() + at));
            stream.avail_in = uInt(n);
            at += n;
        }
        if (state == Z_STREAM_END && inflateReset(&stream) != Z_OK)
            break;
        stream.next_out = reinterpret_cast<Bytef *>(block.data());
        stream.avail_out = uInt(block.size());
        state = inflate(&stream, Z_NO_FLUSH);
        if (state != Z_OK && state != Z_STREAM_END)
            throw Error(name + ": is damaged: " + (stream.msg ? stream.msg : "it ends too early"));
        bytes.append(block, 0, block.size() - stream.avail_out);
        if (bytes.size() > largest_B)
            failTooLarge(name);
    }
    return bytes;
}

std::string zipped(std::vector<File> files)
{
    std::ranges::sort(files, {}, &File::name);
    QBuffer buffer;
    QuaZip zip(&buffer);
    zip.setFileNameCodec("UTF-8");
    zip.setUtf8Enabled(true);
    zip.setAutoClose(false);
    std::size_t total = 0;
    for (const auto &file : files)
        total += file.bytes.size();
    zip.setZip64Enabled(total > (std::size_t(3) << 30)); // where 32-bit offsets could end
    if (!zip.open(QuaZip::mdCreate))
        throw Error("a zip archive cannot be made in memory");
    for (std::size_t i = 0; i < files.size(); ++i) {
        const auto &[name, bytes] = files[i];
        if (i > 0 && name == files[i - 1].name)
            throw Error("a zip archive cannot hold two files named " + name);
        if (checkedEntryName(name, "zip") != name)
            throw Error("a zip archive cannot hold a file named " + name);
        if (bytes.size() > largestUnpackedFile_B)
            throw Error(name + ": is over 1 GiB, too large for an archive; save as a folder");
        QuaZipNewInfo info(QString::fromStdString(name));
        info.dateTime = QDateTime(QDate(1980, 1, 1), QTime(0, 0)); // the earliest a zip can say
        info.externalAttr = 0100644u << 16;                        // a plain file, rw-r--r--
        QuaZipFile entry(&zip);
        bool good = entry.open(QIODevice::WriteOnly, info);
        good = good && entry.write(bytes.data(), qint64(bytes.size())) == qint64(bytes.size());
        if (good)
            entry.close();
        if (!good || entry.getZipError() != ZIP_OK)
            throw Error(name + ": cannot be packed");
    }
    zip.close();
    if (zip.getZipError() != ZIP_OK)
        throw Error("a zip archive cannot be finished in memory");
    return buffer.data().toStdString();
}

void writeZip(const std::filesystem::path &path, std::vector<File> files)
{
    writeFile(path, zipped(std::move(files)));
}

}
