// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/features/hdf5_reader.h"

#include "engine/core/error.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace engine {

namespace {

constexpr std::string_view signature = "\x89HDF\r\n\x1a\n";
constexpr int deepestGroup = 16;
constexpr std::uint64_t mostMessages = 1000; // of one object

[[noreturn]] void fail()
{
    throw Error("the file is truncated or damaged");
}

[[noreturn]] void failNewer(const std::string &what)
{
    throw Error(what + " is written in a newer HDF5 layout than Keras 2 uses; save it again with libver=\"earliest\"");
}

/// Little-endian numbers at checked positions.
class Bytes {
public:
    explicit Bytes(std::string_view bytes) : m_bytes(bytes) {}

    std::string_view part(std::uint64_t at, std::uint64_t size) const
    {
        if (at > m_bytes.size() || size > m_bytes.size() - at)
            fail();
        return m_bytes.substr(at, size);
    }
    std::uint64_t number(std::uint64_t at, int size) const
    {
        const std::string_view digits = part(at, std::uint64_t(size));
        std::uint64_t value = 0;
        for (int i = size - 1; i >= 0; --i)
            value = value << 8 | static_cast<unsigned char>(digits[std::size_t(i)]);
        return value;
    }
    std::uint64_t u8(std::uint64_t at) const { return number(at, 1); }
    std::uint64_t u16(std::uint64_t at) const { return number(at, 2); }
    std::uint64_t u32(std::uint64_t at) const { return number(at, 4); }
    std::uint64_t u64(std::uint64_t at) const { return number(at, 8); }
    /// The bytes from here to the next zero.
    std::string text(std::uint64_t at) const
    {
        part(at, 1);
        const auto end = m_bytes.find('\0', at);
        if (end == std::string_view::npos)
            fail();
        return std::string(m_bytes.substr(at, end - at));
    }
    void expect(std::uint64_t at, std::string_view name) const
    {
        if (part(at, name.size()) != name)
            fail();
    }

private:
    std::string_view m_bytes;
};

/// What is left to be read before a file must be damaged: it may point in circles, or to one array a thousand times.
struct Budget {
    int nodes = 20'000;  ///< groups, tree nodes, table entries
    std::uint64_t bytes; ///< of arrays: together they are no larger than the file

    void spendNode()
    {
        if (--nodes < 0)
            fail();
    }
    void spendBytes(std::uint64_t rows, std::uint64_t cols, std::uint64_t size)
    {
        if (cols > bytes / size / rows)
            fail();
        bytes -= rows * cols * size;
    }
};

/// Messages of an object header (section IV.A.2).
enum Message : std::uint64_t {
    Dataspace = 0x01,
    Datatype = 0x03,
    Layout = 0x08,
    Attribute = 0x0c,
    Continuation = 0x10,
    SymbolTable = 0x11
};

struct HeaderMessage {
    std::uint64_t type;
    std::string_view data;
};

std::vector<HeaderMessage> messagesOf(const Bytes &file, std::uint64_t header)
{
    if (file.part(header, 4) == "OHDR")
        failNewer("an object");
    if (file.u8(header) != 1)
        fail();
    const std::uint64_t count = std::min(file.u16(header + 2), mostMessages);
    std::vector<HeaderMessage> messages;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> blocks = {{header + 16, file.u32(header + 8)}};
    for (std::size_t b = 0; b < blocks.size(); ++b) {
        auto [at, left] = blocks[b];
        while (left >= 8 && messages.size() < count) {
            const std::uint64_t type = file.u16(at), size = file.u16(at + 2), flags = file.u8(at + 4);
            if (size > left - 8)
                fail();
            if (flags & 2)
                failNewer("a shared part");
            messages.push_back({type, file.part(at + 8, size)});
            if (type == Continuation)
                blocks.emplace_back(file.u64(at + 8), file.u64(at + 16));
            at += 8 + size;
            left -= 8 + size;
        }
    }
    return messages;
}

std::optional<std::string_view> find(const std::vector<HeaderMessage> &messages, std::uint64_t type)
{
    for (const HeaderMessage &message : messages)
        if (message.type == type)
            return message.data;
    return {};
}

struct Type {
    enum Class { Real = 1, Text = 3, VariableLength = 9 };
    std::uint64_t kind, flags, size;

    explicit Type(const Bytes &message) : kind(message.u8(0) & 15), flags(message.number(1, 3)), size(message.u32(4)) {}
};

/// Sizes along each dimension; a scalar has none.
std::vector<std::uint64_t> dimensions(const Bytes &message)
{
    const std::uint64_t version = message.u8(0);
    if (version != 1 && version != 2)
        fail();
    std::vector<std::uint64_t> sizes(message.u8(1));
    for (std::size_t i = 0; i < sizes.size(); ++i)
        sizes[i] = message.u64((version == 1 ? 8 : 4) + 8 * i);
    return sizes;
}

std::uint64_t padded(std::uint64_t size)
{
    return (size + 7) / 8 * 8;
}

/// An object of a global heap (section III.E), where texts of variable length live.
std::string heapObject(const Bytes &file, std::uint64_t heap, std::uint64_t index)
{
    file.expect(heap, "GCOL");
    const std::uint64_t end = heap + file.u64(heap + 8);
    for (std::uint64_t at = heap + 16; at >= heap && at < end;) {
        const std::uint64_t found = file.u16(at), size = file.u64(at + 8);
        const std::string_view data = file.part(at + 16, found == 0 ? 0 : size);
        if (found == index && index != 0)
            return std::string(data);
        if (found == 0)
            break; // free space up to the end
        at += 16 + padded(size);
    }
    fail();
}

/// Name and text of an attribute message (section IV.A.2.m); no text when it is of another kind.
std::pair<std::string, std::optional<std::string>> attribute(const Bytes &file, const Bytes &message)
{
    const std::uint64_t version = message.u8(0);
    if (version < 1 || version > 3)
        fail();
    const std::uint64_t nameSize = message.u16(2), typeSize = message.u16(4), spaceSize = message.u16(6);
    const auto step = [&](std::uint64_t size) { return version == 1 ? padded(size) : size; };
    const std::uint64_t name = version == 3 ? 9 : 8, type = name + step(nameSize), space = type + step(typeSize),
                        data = space + step(spaceSize);
    std::pair<std::string, std::optional<std::string>> result;
    result.first = message.text(name);
    if (version > 1 && message.u8(1) != 0)
        return result; // its type is stored elsewhere
    const Type kind{Bytes(message.part(type, typeSize))};
    if (!dimensions(Bytes(message.part(space, spaceSize))).empty())
        return result;
    if (kind.kind == Type::Text)
        result.second = std::string(message.part(data, kind.size));
    else if (kind.kind == Type::VariableLength && (kind.flags & 15) == 1)
        result.second = heapObject(file, message.u64(data + 4), message.u32(data + 12)).substr(0, message.u32(data));
    if (result.second)
        result.second->resize(std::min(result.second->size(), result.second->find('\0')));
    return result;
}

/// Name and object header of every member of a group, through its B-tree (sections III.A.1, III.B–D).
class Group {
public:
    Group(const Bytes &file, std::uint64_t header, Budget &budget) : m_file(file), m_budget(budget)
    {
        const auto table = find(messagesOf(file, header), SymbolTable);
        if (!table)
            return;
        isGroup = true;
        const Bytes message(*table);
        const std::uint64_t heap = message.u64(8);
        file.expect(heap, "HEAP");
        m_names = file.part(file.u64(heap + 24), file.u64(heap + 8));
        addTree(message.u64(0), 0);
    }

    bool isGroup = false;
    std::vector<std::pair<std::string, std::uint64_t>> members;

private:
    void addTree(std::uint64_t node, int depth)
    {
        m_budget.spendNode();
        if (depth > deepestGroup)
            fail();
        m_file.expect(node, "TREE");
        const std::uint64_t level = m_file.u8(node + 5), entries = m_file.u16(node + 6);
        for (std::uint64_t i = 0; i < entries; ++i) {
            const std::uint64_t child = m_file.u64(node + 32 + 16 * i); // keys and children take turns
            if (level > 0)
                addTree(child, depth + 1);
            else
                addTable(child);
        }
    }
    void addTable(std::uint64_t table)
    {
        constexpr std::uint64_t symbolicLink = 2;
        m_file.expect(table, "SNOD");
        const std::uint64_t entries = m_file.u16(table + 6);
        for (std::uint64_t i = 0; i < entries; ++i) {
            const std::uint64_t entry = table + 8 + 40 * i;
            m_budget.spendNode();
            if (m_file.u32(entry + 16) != symbolicLink)
                members.emplace_back(Bytes(m_names).text(m_file.u64(entry)), m_file.u64(entry + 8));
        }
    }

    const Bytes &m_file;
    Budget &m_budget;
    std::string_view m_names;
};

Matrix arrayAt(const Bytes &file, const std::vector<HeaderMessage> &messages, const std::string &name, Budget &budget)
{
    const auto space = find(messages, Dataspace), type = find(messages, Datatype), layout = find(messages, Layout);
    if (!space || !type || !layout)
        fail();
    const auto sizes = dimensions(Bytes(*space));
    const Type kind{Bytes(*type)};
    constexpr std::uint64_t bigEndian = 0x41;
    if (sizes.empty() || sizes.size() > 2 || kind.kind != Type::Real || (kind.size != 4 && kind.size != 8) ||
        (kind.flags & bigEndian))
        throw Error("array \"" + name + "\" is not a vector or matrix of little-endian real numbers");
    const std::uint64_t rows = sizes.size() == 2 ? sizes[0] : 1, cols = sizes.back();
    if (rows == 0 || cols == 0)
        throw Error("array \"" + name + "\" is empty");
    budget.spendBytes(rows, cols, kind.size);
    const std::uint64_t size = rows * cols * kind.size;

    const Bytes message(*layout);
    constexpr std::uint64_t compact = 0, contiguous = 1;
    if (message.u8(0) != 3 || message.u8(1) > contiguous)
        failNewer("array \"" + name + "\"");
    const std::string_view data = message.u8(1) == compact ? message.part(4, size) : file.part(message.u64(2), size);

    Matrix array{Eigen::Index(rows), Eigen::Index(cols)};
    for (std::size_t i = 0; i < rows * cols; ++i) {
        if (kind.size == 8) {
            std::memcpy(array.data() + i, data.data() + 8 * i, 8);
        } else {
            float value;
            std::memcpy(&value, data.data() + 4 * i, 4);
            array.data()[i] = double(value);
        }
    }
    if (!array.allFinite())
        throw Error("array \"" + name + "\" holds infinities or not-a-number");
    return array;
}

void addArrays(const Bytes &file, std::uint64_t header, const std::string &path, int depth, Budget &budget,
               std::vector<std::pair<std::string, Matrix>> &arrays)
{
    budget.spendNode();
    if (depth > deepestGroup)
        fail();
    const Group group(file, header, budget);
    if (!group.isGroup) {
        arrays.emplace_back(path, arrayAt(file, messagesOf(file, header), path, budget));
        return;
    }
    for (const auto &[name, member] : group.members)
        addArrays(file, member, path.empty() ? name : path + "/" + name, depth + 1, budget, arrays);
}

}

Hdf5Reader::Hdf5Reader(std::string_view bytes) : m_bytes(bytes)
{
    if (!bytes.starts_with(signature))
        throw Error("not an HDF5 file");
    const Bytes file(bytes);
    const std::uint64_t version = file.u8(8);
    if (version > 1)
        failNewer("it");
    if (file.u8(13) != 8 || file.u8(14) != 8)
        throw Error("its HDF5 offsets are not 64 bits wide");
    const std::uint64_t addresses =
        version == 0 ? 24 : 28; // base, free space, end of file, driver; then the root's table entry
    if (file.u64(addresses) != 0 || file.u64(addresses + 16) > bytes.size())
        fail();
    m_root = file.u64(addresses + 40);
}

std::optional<std::string> Hdf5Reader::textAttribute(std::string_view name) const
{
    const Bytes file(m_bytes);
    for (const auto &[type, data] : messagesOf(file, m_root))
        if (type == Attribute)
            if (auto [found, text] = attribute(file, Bytes(data)); found == name)
                return text;
    return {};
}

std::optional<std::vector<std::pair<std::string, Matrix>>> Hdf5Reader::arraysBelow(std::string_view group) const
{
    const Bytes file(m_bytes);
    Budget budget{.bytes = m_bytes.size()};
    for (const auto &[name, header] : Group(file, m_root, budget).members)
        if (name == group) {
            std::vector<std::pair<std::string, Matrix>> arrays;
            addArrays(file, header, "", 0, budget, arrays);
            return arrays;
        }
    return {};
}

}
