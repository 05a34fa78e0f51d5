// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/text.h"
#include "engine/crystal/element.h"
#include "engine/crystal/plain_text.h"
#include "engine/crystal/read.h"
#include "engine/crystal/read_parts.h"

#include <Eigen/LU>

#include <algorithm>
#include <cmath>

namespace engine {

namespace {

/// The lines of the file, one after the other.
class Lines {
public:
    explicit Lines(std::string_view text) : m_lines(split(text, '\n')) {}

    std::string_view next(const std::string &expected)
    {
        if (m_at == m_lines.size() || (m_at + 1 == m_lines.size() && trimmed(m_lines[m_at]).empty()))
            throw errorAt(int(m_at), "the file ends where " + expected + " should follow");
        return trimmed(m_lines[m_at++]);
    }
    int number() const { return int(m_at); } ///< of the line read last, from 1

private:
    std::vector<std::string_view> m_lines;
    std::size_t m_at = 0;
};

Vector3 threeNumbers(const std::vector<std::string_view> &parts, int line, const std::string &what)
{
    Vector3 result;
    for (std::size_t i = 0; i < 3; ++i) {
        const auto value = i < parts.size() ? parseDouble(parts[i]) : std::nullopt;
        if (!value)
            throw errorAt(line, what + " should be three numbers");
        result[i] = *value;
    }
    return result;
}

/// "Li_sv" and "Fe/0123abc" (names of potentials) mean Li and Fe. 0 when it is no element.
int elementOf(std::string_view word)
{
    return atomicNumber(word.substr(0, word.find_first_of("_/"))).value_or(0);
}

std::optional<std::vector<int>> elementsOf(const std::vector<std::string_view> &parts)
{
    std::vector<int> elements;
    for (const std::string_view word : parts)
        elements.push_back(elementOf(word));
    if (elements.empty() || std::ranges::count(elements, 0) > 0)
        return {};
    return elements;
}

std::vector<int> countsOf(const std::vector<std::string_view> &parts, int line)
{
    std::vector<int> counts;
    long sum = 0;
    for (const std::string_view word : parts) {
        if (word.starts_with('!') || word.starts_with('#'))
            break;
        const auto count = parseInteger(word);
        if (!count || *count < 0 || *count > 1000000)
            throw errorAt(line, "\"" + std::string(word.substr(0, 40)) + "\" is no number of atoms");
        counts.push_back(int(*count));
        sum += *count;
    }
    if (sum == 0 || sum > 1000000)
        throw errorAt(line, sum == 0 ? "no atoms" : "over a million atoms");
    return counts;
}

Structure readText(std::string_view text, const ReadOptions &options)
{
    Lines lines(text);
    const std::string title(lines.next("a title"));

    const auto scales = words(lines.next("the scale factor"));
    const int scaleLine = lines.number();
    const auto scale = scales.empty() ? std::nullopt : parseDouble(scales[0]);
    if (!scale || *scale == 0)
        throw errorAt(scaleLine, "the second line should be the scale factor, a number such as 1.0");
    Matrix3 vectors;
    for (int i = 0; i < 3; ++i) {
        const auto numbers = words(lines.next("a lattice vector"));
        vectors.row(i) = threeNumbers(numbers, lines.number(), "a lattice vector");
    }
    // VASP: one positive factor for all, or three for x, y, z; a negative one is the volume wanted.
    Vector3 factor = Vector3::Constant(*scale);
    if (scales.size() >= 3 && parseDouble(scales[1]) && parseDouble(scales[2]))
        factor = threeNumbers(scales, scaleLine, "the scale factors");
    else if (*scale < 0)
        factor.setConstant(std::cbrt(-*scale / std::abs(vectors.determinant())));
    if (!factor.allFinite() || (factor.array() <= 0).any())
        throw errorAt(scaleLine, "the scale factor gives no cell");
    vectors = vectors * factor.asDiagonal();

    Structure structure;
    try {
        structure.lattice = latticeOfVectors(vectors);
    } catch (const Error &e) {
        throw errorAt(3, e.what());
    }

    auto parts = words(lines.next("the elements"));
    auto elements = elementsOf(parts);
    const bool hasElementLine = !parts.empty() && !parseInteger(parts[0]);
    if (hasElementLine && !elements)
        throw errorAt(lines.number(), "this line should name the elements, such as Li P S");
    if (hasElementLine)
        parts = words(lines.next("the numbers of atoms"));
    const int countLine = lines.number();
    const std::vector<int> counts = countsOf(parts, countLine);
    if (!hasElementLine)
        elements = elementsOf(words(title)); // VASP 4 has no such line, but its users write the elements into the title
    if (elements && elements->size() != counts.size()) {
        if (hasElementLine)
            throw errorAt(countLine, std::to_string(elements->size()) + " elements but " +
                                         std::to_string(counts.size()) + " numbers of atoms");
        elements.reset();
    }

    std::string_view mode = lines.next("Direct or Cartesian");
    const bool isSelective = !mode.empty() && lowered(mode)[0] == 's';
    if (isSelective)
        mode = lines.next("Direct or Cartesian");
    const char kind = mode.empty() ? ' ' : lowered(mode)[0];
    if (kind != 'd' && kind != 'f' && kind != 'c' && kind != 'k')
        throw errorAt(lines.number(), "this line should be Direct or Cartesian");
    const bool isCartesian = kind == 'c' || kind == 'k';

    std::vector<AtomRow> rows;
    for (std::size_t group = 0; group < counts.size(); ++group)
        for (int i = 0; i < counts[group]; ++i) {
            const auto numbers = words(lines.next("the position of atom " + std::to_string(rows.size() + 1)));
            AtomRow row;
            row.line = lines.number();
            row.fractional = threeNumbers(numbers, row.line, "a position");
            if (isCartesian)
                row.fractional = structure.lattice.fractional(row.fractional.cwiseProduct(factor));
            // Some programs name the element after the position, and after the flags T and F of selective dynamics.
            const std::size_t last = isSelective ? 6 : 3;
            row.species.Z = elements ? (*elements)[group] : numbers.size() > last ? elementOf(numbers[last]) : 0;
            if (row.species.Z == 0)
                throw errorAt(countLine,
                              "the file names no elements; add a line such as \"Li P S\" above the numbers of atoms");
            row.label = symbolOf(row.species.Z) + std::to_string(rows.size() + 1);
            rows.push_back(std::move(row));
        }
    setSites(structure, rows, options.largestOccupancySum);
    structure.headerFormula = title;
    return structure;
}

}

ReadResult readPoscarText(std::string_view text, std::string_view name, const ReadOptions &options)
{
    try {
        Structure structure = readText(plainText(text), options);
        const std::string stem = stemOf(name);
        structure.id = stem;
        return {{std::move(structure)}, {}};
    } catch (const Error &e) {
        return {{}, {rejectOf(std::string(name), e)}};
    }
}

ReadResult readPoscar(std::string_view text, std::string_view name, const ReadOptions &options)
{
    return needStructures(readPoscarText(text, name, options));
}

}
