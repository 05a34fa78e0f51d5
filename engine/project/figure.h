// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace engine {

/// Okabe and Ito's palette, told apart with any colour vision; Ink is black on paper and near white on a dark screen.
enum class Colour { Ink, Grey, Orange, SkyBlue, Green, Yellow, Blue, Vermillion, Purple };
enum class Shape { Circle, Square, Triangle, Diamond, ArrowLeft };

struct FigureAxis {
    std::string title; ///< with the unit: "log₁₀(σ / S cm⁻¹)"
    bool isLog = false;
    std::optional<double> min, max; ///< chosen to hold all data, at round numbers, when not given
    bool wholeNumbers = false;      ///< no ticks between whole numbers: counts, epochs
};

/// Marks. Colour tells series apart, shape repeats it; with `value` the colour tells a third quantity.
struct FigurePoints {
    std::string name; ///< in the legend; empty: not listed
    std::vector<double> x, y;
    Colour colour = Colour::Blue;
    Shape shape = Shape::Circle;
    bool isFilled = true;
    bool isOutlined = false;         ///< a dark rim: what the reader should notice
    double size = 5;                 ///< across, in px
    std::vector<double> value;       ///< one per point, shown by the colour bar; empty: none
    std::vector<double> yError;      ///< one per point, half the bar's length; empty: none
    std::vector<std::string> labels; ///< one per point, shown when pointed at; empty: none
    std::vector<std::string> ids;    ///< one per point, of the entry or candidate it stands for; empty: none
};

struct FigureLine {
    std::string name;
    std::vector<double> x, y;
    Colour colour = Colour::Blue;
    double width = 1.6;
    bool isDashed = false;
};

struct FigureBand {
    std::string name;
    std::vector<double> x, low, high;
    Colour colour = Colour::Blue;
};

/// Bar i stands between edges[i] and edges[i + 1], from low[i] up to high[i].
struct FigureBars {
    std::string name;
    std::vector<double> edges, low, high;
    Colour colour = Colour::Blue;
    bool isHatched = false;                    ///< repeats the colour's message for those who cannot see it
    std::vector<std::vector<std::string>> ids; ///< of what each bar counts; empty: not known
};

/// A straight line across the whole frame.
struct FigureRule {
    bool isVertical = true;
    double at = 0;
    std::string name; ///< in the legend; empty: not listed
    Colour colour = Colour::Ink;
    bool isDashed = true;
    bool isFaint = false; ///< behind everything, to divide the frame
};

/// At (x, y) in data, or in parts of the frame counted from its lower left corner.
struct FigureText {
    double x = 0, y = 0;
    std::string text;
    bool isInFrameParts = false;
    double anchor = 0.5; ///< 0: text starts there, 0.5: centred, 1: ends there
    Colour colour = Colour::Ink;
    double size = 9;
};

/// One chart, as a value. Drawn in this order: bands, bars, rules, lines, points, texts.
struct Figure {
    std::string name;        ///< letters, digits and hyphens: file name, and what keeps figures on one page apart
    std::string description; ///< one sentence for those who cannot see it
    FigureAxis x, y;
    std::vector<FigureBand> bands;
    std::vector<FigureBars> bars;
    std::vector<FigureRule> rules;
    std::vector<FigureLine> lines;
    std::vector<FigurePoints> points;
    std::vector<FigureText> texts;
    std::string valueTitle;              ///< of the colour bar
    std::vector<FigureText> rightTexts;  ///< beside the frame; y in data, x unused
    int width_px = 400, height_px = 300; ///< at 96 px per inch about one column and a half of a journal
};

/// The figure as a complete SVG 1.1 document. It is self-contained and also fits into a web page as it is; dark screens get light
/// ink on a dark ground, paper never does. Points and lines outside given axis limits, and values that are not numbers, are left out.
std::string toSvg(const Figure &figure);

/// Edges of bins of equal width between two numbers, and how many values fall into each;
/// a value on an edge counts above it, the last edge's below; values outside are left out.
struct Histogram {
    std::vector<double> edges;
    std::vector<double> counts;
};
Histogram histogram(const std::vector<double> &values, double from, double to, double binWidth);

/// The names of the values in each of those bins.
std::vector<std::vector<std::string>> histogramMembers(const std::vector<double> &values,
                                                       const std::vector<std::string> &names, double from, double to,
                                                       double binWidth);

/// Ticks at round numbers (1, 2 or 5 times a power of ten) that cover [min, max]; at most about `atMost` of them.
std::vector<double> roundTicks(double min, double max, int atMost);

}
