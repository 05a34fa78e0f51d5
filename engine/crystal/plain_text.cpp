// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/crystal/plain_text.h"

#include "engine/core/error.h"

namespace engine {

namespace {

void appendUtf8(std::string &text, char32_t c)
{
    if (c < 0x80) {
        text += char(c);
    } else if (c < 0x800) {
        text += char(0xC0 | c >> 6);
        text += char(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        text += char(0xE0 | c >> 12);
        text += char(0x80 | (c >> 6 & 0x3F));
        text += char(0x80 | (c & 0x3F));
    } else {
        text += char(0xF0 | c >> 18);
        text += char(0x80 | (c >> 12 & 0x3F));
        text += char(0x80 | (c >> 6 & 0x3F));
        text += char(0x80 | (c & 0x3F));
    }
}

std::string fromUtf16(std::string_view bytes, bool bigEndian)
{
    const auto unit = [&](std::size_t i) {
        const auto first = static_cast<unsigned char>(bytes[i]), second = static_cast<unsigned char>(bytes[i + 1]);
        return char32_t(bigEndian ? first << 8 | second : second << 8 | first);
    };
    std::string text;
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
        char32_t c = unit(i);
        const bool high = c >= 0xD800 && c < 0xDC00;
        if (high && i + 3 < bytes.size() && unit(i + 2) >= 0xDC00 && unit(i + 2) < 0xE000) {
            c = 0x10000 + ((c - 0xD800) << 10) + (unit(i + 2) - 0xDC00);
            i += 2;
        } else if (c >= 0xD800 && c < 0xE000) {
            c = 0xFFFD; // half of a pair
        }
        appendUtf8(text, c);
    }
    return text;
}

}

std::string plainText(std::string_view bytes)
{
    if (bytes.starts_with("\x1F\x8B") || bytes.starts_with("PK\x03\x04") || bytes.starts_with("BZh"))
        throw Error("a compressed file; unpack it first");

    std::string text;
    if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF"))
        text = fromUtf16(bytes.substr(2), bytes.starts_with("\xFE\xFF"));
    else
        text = bytes.starts_with("\xEF\xBB\xBF") ? bytes.substr(3) : bytes;

    std::size_t length = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n')
            continue;
        text[length++] = text[i] == '\r' ? '\n' : text[i] == '\f' || text[i] == '\v' ? ' ' : text[i];
    }
    text.resize(length);

    // What DOS programs wrote after the last line.
    const auto last = text.find_last_not_of(" \t\n\x1A");
    if (const auto end = text.find('\x1A', last == text.npos ? 0 : last + 1); end != text.npos)
        text.resize(end);
    return text;
}

}
