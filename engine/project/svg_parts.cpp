// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/project/svg_parts.h"

#include "engine/core/text.h"

#include <algorithm>
#include <cmath>

namespace engine::svg {

const std::array<ColourNames, 9> palette = {{{"ink", "#1c1e22", "#e8e8ea"},
                                             {"grey", "#7a7d85", "#9a9da6"},
                                             {"orange", "#e69f00", "#e69f00"},
                                             {"sky", "#56b4e9", "#56b4e9"},
                                             {"green", "#009e73", "#1bb98d"},
                                             {"yellow", "#f0e442", "#f0e442"},
                                             {"blue", "#0072b2", "#4aa6e0"},
                                             {"vermillion", "#d55e00", "#ee7b22"},
                                             {"purple", "#cc79a7", "#cc79a7"}}};

const ColourNames &names(Colour c)
{
    return palette[std::size_t(c)];
}

std::string fill(Colour c)
{
    return std::string(" class=\"f-") + names(c).name + "\" fill=\"" + names(c).light + "\"";
}

std::string stroke(Colour c)
{
    return std::string(" class=\"s-") + names(c).name + "\" stroke=\"" + names(c).light + "\"";
}

std::string escaped(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '"')
            out += "&quot;";
        else if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t')
            out += c;
    }
    return out;
}

// Two decimals of a pixel are enough for print, and shorter.
std::string px(double v)
{
    const double rounded = std::round(v * 100) / 100;
    return shortest(rounded == 0 ? 0.0 : rounded);
}

// Widths in Helvetica vary between 0.22 (i) and 0.94 (W) of the font size; half is close enough to leave room.
double textWidth(std::string_view text, double size)
{
    double ems = 0;
    for (const char c : text) {
        if ((static_cast<unsigned char>(c) & 0xc0) == 0x80)
            continue; // the rest of a UTF-8 sequence
        const auto isOneOf = [c](std::string_view set) { return set.find(c) != std::string_view::npos; };
        // DejaVu Sans is the widest of the fonts in question: with any other there is room to spare.
        ems += isOneOf("ilj'| .,:;!()[]-tfr") ? 0.39 : isOneOf("mwMW%") ? 0.97 : c >= 'A' && c <= 'Z' ? 0.70 : 0.62;
    }
    return ems * size;
}

// Five stops of viridis (van der Walt and Smith 2015, CC0): light and dark are told apart without colour vision too.
std::string viridis(double t)
{
    static constexpr int stops[5][3] = {{68, 1, 84}, {59, 82, 139}, {33, 145, 140}, {94, 201, 98}, {253, 231, 37}};
    const double at = std::clamp(t, 0.0, 1.0) * 4;
    const int i = std::min(3, int(at));
    std::string text = "#";
    for (int k = 0; k < 3; ++k) {
        const int v = int(std::lround(stops[i][k] + (at - i) * (stops[i + 1][k] - stops[i][k])));
        for (const int nibble : {v / 16, v % 16})
            text += "0123456789abcdef"[nibble];
    }
    return text;
}

std::string markPath(Shape shape, double x, double y, double size)
{
    const double r = size / 2;
    const auto p = [&](double dx, double dy) { return px(x + dx) + " " + px(y + dy); };
    switch (shape) {
    case Shape::Circle:
        return "M" + p(-r, 0) + "a" + px(r) + " " + px(r) + " 0 1 0 " + px(2 * r) + " 0a" + px(r) + " " + px(r) +
               " 0 1 0 " + px(-2 * r) + " 0z";
    case Shape::Square:
        return "M" + p(-r * 0.9, -r * 0.9) + "h" + px(1.8 * r) + "v" + px(1.8 * r) + "h" + px(-1.8 * r) + "z";
    case Shape::Triangle:
        return "M" + p(0, -1.15 * r) + "L" + p(1.1 * r, 0.8 * r) + "L" + p(-1.1 * r, 0.8 * r) + "z";
    case Shape::Diamond:
        return "M" + p(0, -1.25 * r) + "L" + p(1.25 * r, 0) + "L" + p(0, 1.25 * r) + "L" + p(-1.25 * r, 0) + "z";
    case Shape::ArrowLeft:
        return "M" + p(-1.3 * r, 0) + "L" + p(0.8 * r, -1.05 * r) + "L" + p(0.8 * r, 1.05 * r) + "z";
    }
    return {};
}

}
