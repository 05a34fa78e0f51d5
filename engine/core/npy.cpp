// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/npy.h"

#include "engine/core/error.h"
#include "engine/core/text.h"

#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>

namespace engine {

static_assert(std::endian::native == std::endian::little);

namespace {
constexpr std::string_view magic("\x93NUMPY\x01\x00", 8);

/// The text after 'key': in the header's Python dictionary.
std::string_view valueOf(std::string_view header, std::string_view key)
{
    const auto at = header.find("'" + std::string(key) + "'");
    if (at == header.npos)
        return {};
    const auto colon = header.find(':', at);
    return colon == header.npos ? std::string_view() : trimmed(header.substr(colon + 1));
}

template <class Scalar>
void fill(Matrix &array, std::string_view bytes, bool isFortran)
{
    const auto read = [&](Eigen::Index i) {
        Scalar x;
        std::memcpy(&x, bytes.data() + std::size_t(i) * sizeof(Scalar), sizeof(Scalar));
        return double(x);
    };
    for (Eigen::Index r = 0; r < array.rows(); ++r)
        for (Eigen::Index c = 0; c < array.cols(); ++c)
            array(r, c) = read(isFortran ? c * array.rows() + r : r * array.cols() + c);
}
}

std::string writeNpy(const Matrix &array)
{
    std::string header = "{'descr': '<f8', 'fortran_order': False, 'shape': (" + std::to_string(array.rows()) + ", " +
                         std::to_string(array.cols()) + "), }";
    // The data start at a multiple of 64 bytes.
    while ((magic.size() + 2 + header.size() + 1) % 64 != 0)
        header += ' ';
    header += '\n';
    std::string bytes(magic);
    bytes += char(header.size() & 0xff);
    bytes += char(header.size() >> 8);
    bytes += header;
    bytes.append(reinterpret_cast<const char *>(array.data()), std::size_t(array.size()) * sizeof(double));
    return bytes;
}

Matrix readNpy(std::string_view bytes, std::string_view name)
{
    const auto fail = [&](const char *why) { return Error(std::string(name) + ": " + why); };
    if (bytes.size() < 10 || bytes.substr(0, 6) != magic.substr(0, 6))
        throw fail("not a NumPy .npy file");
    const bool isVersion1 = bytes[6] == 1;
    if (!isVersion1 && bytes.size() < 12)
        throw fail("a .npy file that ends in its header");
    std::size_t headerSize = std::uint8_t(bytes[8]) + (std::size_t(std::uint8_t(bytes[9])) << 8);
    if (!isVersion1)
        headerSize += (std::size_t(std::uint8_t(bytes[10])) << 16) + (std::size_t(std::uint8_t(bytes[11])) << 24);
    const std::size_t headerAt = isVersion1 ? 10 : 12;
    if (headerAt + headerSize > bytes.size())
        throw fail("a .npy file that ends in its header");
    const auto header = bytes.substr(headerAt, headerSize);
    const auto data = bytes.substr(headerAt + headerSize);

    const auto type = valueOf(header, "descr");
    const bool isDouble = type.starts_with("'<f8'");
    if (!isDouble && !type.starts_with("'<f4'"))
        throw fail("a .npy file whose numbers are neither float32 nor float64");
    const bool isFortran = valueOf(header, "fortran_order").starts_with("True");

    auto shapeText = valueOf(header, "shape");
    if (!shapeText.starts_with('(') || shapeText.find(')') == shapeText.npos)
        throw fail("a .npy file without a shape");
    shapeText = shapeText.substr(1, shapeText.find(')') - 1);
    std::vector<Eigen::Index> shape;
    for (const auto part : split(shapeText, ',')) {
        if (trimmed(part).empty())
            continue;
        const auto n = parseInteger(trimmed(part));
        if (!n || *n < 0)
            throw fail("a .npy file with a wrong shape");
        shape.push_back(*n);
    }
    if (shape.empty() || shape.size() > 2)
        throw fail("a .npy array that has neither one nor two dimensions");
    if (shape.size() == 1)
        shape.push_back(1);
    constexpr auto most = Eigen::Index(std::numeric_limits<std::int32_t>::max());
    const std::size_t scalar = isDouble ? 8 : 4;
    if (shape[0] > most || shape[1] > most || std::size_t(shape[0]) * std::size_t(shape[1]) != data.size() / scalar ||
        data.size() % scalar != 0)
        throw fail("a .npy file whose size does not fit its shape");

    Matrix array(shape[0], shape[1]);
    isDouble ? fill<double>(array, data, isFortran) : fill<float>(array, data, isFortran);
    return array;
}

}
