// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/database/table_text.h"

#include "engine/core/text.h"
#include "engine/database/importers.h"

#include <array>
#include <cmath>
#include <utility>

namespace engine {

namespace {
// One character of UTF-8 from the front of the text; a stray byte is a character.
std::string_view nextCharacter(std::string_view text)
{
    const auto lead = static_cast<unsigned char>(text[0]);
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
    return text.substr(0, length);
}

bool isCombining(std::string_view c) // U+0300 … U+036F
{
    return c.size() == 2 && (c[0] == '\xcc' || (c[0] == '\xcd' && static_cast<unsigned char>(c[1]) < 0xb0));
}

constexpr std::string_view combiningOverline = "\u0305";

std::string withReplaced(std::string_view text,
                         std::initializer_list<std::pair<std::string_view, std::string_view>> table)
{
    std::string result;
    while (!text.empty()) {
        std::string_view from = nextCharacter(text), to = from;
        for (const auto &[pattern, replacement] : table)
            if (text.starts_with(pattern)) {
                from = pattern;
                to = replacement;
                break;
            }
        result += to;
        text.remove_prefix(from.size());
    }
    return result;
}
}

std::string cleaned(std::string_view cell)
{
    std::string result;
    while (!cell.empty()) {
        const auto c = nextCharacter(cell);
        cell.remove_prefix(c.size());
        if (c == "\u00a0" || c == "\u2009" || c == "\u202f") // no-break, thin, and both
            result += ' ';
        else if (c != "\u00ad" && c != "\u200b" && c != "\ufeff" && !isCombining(c)) // soft hyphen, zero width
            result += c;
    }
    return std::string(trimmed(result));
}

std::optional<double> numberIn(std::string_view cell)
{
    // U+2212 minus, U+2010 … U+2013 hyphens and the en dash
    return parseDouble(trimmed(withReplaced(
        cleaned(cell), {{"\u2212", "-"}, {"\u2010", "-"}, {"\u2011", "-"}, {"\u2012", "-"}, {"\u2013", "-"}})));
}

std::optional<ConductivityText> parseConductivity(std::string_view text)
{
    // "3 × 10^-5", "3·10−5", "3x10-5": the factor becomes an exponent
    std::string plain = withReplaced(cleaned(text), {{"\u00d7", "x"}, {"\u00b7", "x"}, {"*", "x"}, {" ", ""}});
    bool isUpperBound = false;
    for (const std::string_view sign : {"<=", "<", "\u2264"})
        if (plain.starts_with(sign)) {
            isUpperBound = true;
            plain.erase(0, sign.size());
            break;
        }
    if (const auto ten = plain.find("x10"); ten != plain.npos && ten > 0) {
        const bool caret = plain.substr(ten + 3).starts_with('^');
        plain.replace(ten, caret ? 4 : 3, "e");
    }
    const auto value = numberIn(plain);
    if (!value)
        return {};
    return ConductivityText{*value, isUpperBound};
}

std::string spaceGroupSymbolIn(std::string_view cell)
{
    std::string symbol;
    while (!cell.empty()) {
        const auto c = nextCharacter(cell);
        cell.remove_prefix(c.size());
        if (c.size() == 1 && c[0] >= '1' && c[0] <= '6' && cell.starts_with(combiningOverline))
            symbol += '-';
        symbol += c;
    }
    return cleaned(symbol);
}

std::string icsdCodeIn(std::string_view cell)
{
    const auto number = numberIn(cell);
    if (!number || *number < 1 || *number > 1e9 || *number != std::floor(*number))
        return {};
    return std::to_string(long(*number));
}

}
