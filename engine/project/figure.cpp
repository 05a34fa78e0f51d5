// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/project/figure.h"

#include "engine/project/axis_scale.h"
#include "engine/project/svg_parts.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <functional>
#include <limits>

namespace engine {

using namespace svg;

namespace {

constexpr double fontSize = 11, tickFontSize = 10, legendFontSize = 10;

struct Range {
    double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();
    bool positiveOnly = false;

    void add(double v)
    {
        if (std::isfinite(v) && (!positiveOnly || v > 0)) {
            low = std::min(low, v);
            high = std::max(high, v);
        }
    }
    void add(const std::vector<double> &values)
    {
        for (const double v : values)
            add(v);
    }
};

std::pair<Range, Range> rangesOf(const Figure &f)
{
    Range x{.positiveOnly = f.x.isLog}, y{.positiveOnly = f.y.isLog};
    for (const FigureBand &b : f.bands)
        x.add(b.x), y.add(b.low), y.add(b.high);
    for (const FigureBars &b : f.bars)
        x.add(b.edges), y.add(b.low), y.add(b.high);
    for (const FigureLine &l : f.lines)
        x.add(l.x), y.add(l.y);
    for (const FigurePoints &p : f.points)
        x.add(p.x), y.add(p.y);
    return {x, y};
}

class Painter {
public:
    explicit Painter(const Figure &figure) : f(figure)
    {
        const FigureScales scales = scalesOf(f);
        xs = scales.x, ys = scales.y;
        for (const FigurePoints &p : f.points)
            values.add(p.value);
        layOutLegend();
        double labels = 0;
        for (const double v : ys.major)
            labels = std::max(labels, textWidth(ys.label(v), tickFontSize));
        left = 26 + labels;
        top = 8 + 15.0 * double(legendRows.size());
        bottom = f.height_px - 40;
        double beside = 12;
        if (hasColourBar())
            beside = 64;
        for (const FigureText &t : f.rightTexts)
            beside = std::max(beside, 10 + textWidth(t.text, t.size));
        right = f.width_px - beside;
    }

    std::string svg()
    {
        const std::string w = std::to_string(f.width_px), h = std::to_string(f.height_px);
        out = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + w + " " + h + "\" width=\"" + w +
              "\" height=\"" + h + "\" role=\"img\" aria-labelledby=\"" + f.name +
              "-title\" font-family=\"Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif\">\n<title id=\"" +
              f.name + "-title\">" + escaped(f.description) + "</title>\n";
        writeStyle();
        out += "<rect class=\"paper\" width=\"" + w + "\" height=\"" + h + "\" fill=\"#ffffff\"/>\n";
        out += "<g clip-path=\"url(#" + f.name + "-frame)\">\n";
        for (const FigureRule &r : f.rules)
            if (r.isFaint)
                rule(r);
        for (const FigureBand &b : f.bands)
            band(b);
        for (const FigureBars &b : f.bars)
            barsOf(b);
        for (const FigureRule &r : f.rules)
            if (!r.isFaint)
                rule(r);
        for (const FigureLine &l : f.lines)
            line(l);
        out += "</g>\n";
        axes();
        for (const FigurePoints &p : f.points)
            pointsOf(p);
        for (const FigureText &t : f.texts) {
            const double x = t.isInFrameParts ? left + t.x * (right - left) : X(t.x);
            const double y = t.isInFrameParts ? bottom - t.y * (bottom - top) : Y(t.y);
            text(x, y, t.text, t.anchor, t.size, t.colour, 0, true); // keeps it readable over marks
            text(x, y, t.text, t.anchor, t.size, t.colour);
        }
        for (const FigureText &t : f.rightTexts)
            text(right + 5, Y(t.y) + t.size * 0.35, t.text, 0, t.size, t.colour);
        legend();
        if (hasColourBar())
            colourBar();
        out += "</svg>\n";
        return out;
    }

private:
    struct LegendItem {
        std::string name;
        std::function<void(double x, double y)> draw;
        double width;
    };

    bool hasColourBar() const { return values.low <= values.high; }
    double X(double v) const { return left + xs(v) * (right - left); }
    double Y(double v) const { return bottom - ys(v) * (bottom - top); }
    double valuePart(double v) const
    {
        return values.high > values.low ? (v - values.low) / (values.high - values.low) : 0.5;
    }

    void writeStyle()
    {
        out += "<defs><clipPath id=\"" + f.name + "-frame\"><rect x=\"" + px(left) + "\" y=\"" + px(top) +
               "\" width=\"" + px(right - left) + "\" height=\"" + px(bottom - top) + "\"/></clipPath>";
        for (const FigureBars &b : f.bars)
            if (b.isHatched)
                out += "<pattern id=\"" + f.name + "-hatch-" + names(b.colour).name +
                       "\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\"><rect width=\"5\" height=\"5\"" +
                       fill(b.colour) + " fill-opacity=\"0.35\"/><path d=\"M-1 6L6 -1M-1 1L1 -1M4 6L6 4\"" +
                       stroke(b.colour) + " stroke-width=\"1.2\" fill=\"none\"/></pattern>";
        out += "</defs>\n<style>@media screen and (prefers-color-scheme: dark) { .paper { fill: #17191d } .halo { "
               "fill: #17191d; stroke: #17191d }";
        for (const ColourNames &c : palette)
            out +=
                std::string(" .f-") + c.name + " { fill: " + c.dark + " } .s-" + c.name + " { stroke: " + c.dark + " }";
        out += " }</style>\n";
    }

    void text(double x, double y, const std::string &content, double anchor, double size, Colour colour,
              double turn = 0, bool isHalo = false)
    {
        out += "<text x=\"" + px(x) + "\" y=\"" + px(y) + "\" font-size=\"" + px(size) + "\"" +
               (isHalo ? " class=\"halo\" fill=\"#ffffff\" stroke=\"#ffffff\" stroke-width=\"3\"" : fill(colour)) +
               (anchor < 0.25   ? ""
                : anchor < 0.75 ? " text-anchor=\"middle\""
                                : " text-anchor=\"end\"") +
               (turn != 0 ? " transform=\"rotate(" + px(turn) + " " + px(x) + " " + px(y) + ")\"" : "") + ">" +
               escaped(content) + "</text>\n";
    }

    void rule(const FigureRule &r)
    {
        if (!(r.isVertical ? xs : ys).holds(r.at))
            return;
        const std::string path = r.isVertical ? "M" + px(X(r.at)) + " " + px(top) + "V" + px(bottom)
                                              : "M" + px(left) + " " + px(Y(r.at)) + "H" + px(right);
        out += "<path class=\"s-" + std::string(names(r.colour).name) + "\" d=\"" + path + "\" stroke=\"" +
               names(r.colour).light + "\" stroke-width=\"" + (r.isFaint ? "0.5\" stroke-opacity=\"0.35" : "1") + "\"" +
               (r.isDashed ? " stroke-dasharray=\"4 3\"" : "") + " fill=\"none\"/>\n";
    }

    void band(const FigureBand &b)
    {
        std::string path;
        for (std::size_t i = 0; i < b.x.size(); ++i)
            path += (i ? "L" : "M") + px(X(b.x[i])) + " " + px(Y(b.high[i]));
        for (std::size_t i = b.x.size(); i-- > 0;)
            path += "L" + px(X(b.x[i])) + " " + px(Y(b.low[i]));
        if (!path.empty())
            out += "<path d=\"" + path + "z\"" + fill(b.colour) + " fill-opacity=\"0.2\" stroke=\"none\"/>\n";
    }

    std::string barFill(const FigureBars &b) const
    {
        return b.isHatched ? " fill=\"url(#" + f.name + "-hatch-" + names(b.colour).name + ")\"" : fill(b.colour);
    }

    void barsOf(const FigureBars &b)
    {
        out += "<g" + barFill(b) + ">\n";
        for (std::size_t i = 0; i + 1 < b.edges.size(); ++i) {
            const double low = Y(ys.isLog ? std::max(b.low[i], ys.min) : b.low[i]);
            const double high = Y(ys.isLog ? std::max(b.high[i], ys.min) : b.high[i]);
            if (low - high > 0)
                out += "<rect class=\"s-" + std::string(names(b.colour).name) + "\" x=\"" + px(X(b.edges[i])) +
                       "\" y=\"" + px(high) + "\" width=\"" + px(X(b.edges[i + 1]) - X(b.edges[i])) + "\" height=\"" +
                       px(low - high) + "\" stroke=\"" + names(b.colour).light + "\" stroke-width=\"0.8\"/>\n";
        }
        out += "</g>\n";
    }

    void line(const FigureLine &l)
    {
        std::string path;
        bool pen = false;
        for (std::size_t i = 0; i < l.x.size(); ++i) {
            if (!std::isfinite(l.x[i]) || !std::isfinite(l.y[i])) {
                pen = false;
                continue;
            }
            path += (pen ? "L" : "M") + px(X(l.x[i])) + " " + px(Y(l.y[i]));
            pen = true;
        }
        if (!path.empty())
            out += "<path d=\"" + path + "\"" + stroke(l.colour) + " stroke-width=\"" + px(l.width) + "\"" +
                   (l.isDashed ? " stroke-dasharray=\"5 3\"" : "") + " stroke-linejoin=\"round\" fill=\"none\"/>\n";
    }

    std::string markLook(const FigurePoints &p) const
    {
        if (p.isOutlined)
            return std::string(" class=\"f-") + names(p.colour).name + " s-ink\" fill=\"" + names(p.colour).light +
                   "\" stroke=\"" + names(Colour::Ink).light + "\" stroke-width=\"1.1\"";
        if (p.isFilled)
            return fill(p.colour) + " fill-opacity=\"0.75\"";
        return stroke(p.colour) + " stroke-width=\"1.1\" fill=\"none\"";
    }

    void pointsOf(const FigurePoints &p)
    {
        assert(p.x.size() == p.y.size() && "every point has both coordinates");
        if (!p.yError.empty()) {
            std::string path;
            for (std::size_t i = 0; i < p.x.size(); ++i)
                if (xs.holds(p.x[i]) && ys.holds(p.y[i]) && p.yError[i] > 0)
                    path += "M" + px(X(p.x[i])) + " " + px(Y(std::max(ys.min, p.y[i] - p.yError[i]))) + "V" +
                            px(Y(std::min(ys.max, p.y[i] + p.yError[i])));
            if (!path.empty())
                out += "<path d=\"" + path + "\"" + stroke(p.colour) +
                       " stroke-width=\"0.8\" stroke-opacity=\"0.45\" fill=\"none\"/>\n";
        }
        out += "<g" + (p.value.empty() ? markLook(p) : stroke(Colour::Ink) + " stroke-width=\"0.3\"") + ">\n";
        for (std::size_t i = 0; i < p.x.size(); ++i) {
            if (!xs.holds(p.x[i]) || !ys.holds(p.y[i]))
                continue;
            out += "<path class=\"mark\" d=\"" + markPath(p.shape, X(p.x[i]), Y(p.y[i]), p.size) + "\"";
            if (!p.value.empty())
                out += " fill=\"" + viridis(valuePart(p.value[i])) + "\"";
            out += p.labels.empty() ? "/>\n" : "><title>" + escaped(p.labels[i]) + "</title></path>\n";
        }
        out += "</g>\n";
    }

    void axes()
    {
        std::string ticks, minor;
        for (const double v : xs.major)
            ticks += "M" + px(X(v)) + " " + px(bottom) + "v5";
        for (const double v : ys.major)
            ticks += "M" + px(left) + " " + px(Y(v)) + "h-5";
        for (const double v : xs.minor)
            minor += "M" + px(X(v)) + " " + px(bottom) + "v3";
        for (const double v : ys.minor)
            minor += "M" + px(left) + " " + px(Y(v)) + "h-3";
        out += "<g" + stroke(Colour::Ink) + " fill=\"none\"><rect x=\"" + px(left) + "\" y=\"" + px(top) +
               "\" width=\"" + px(right - left) + "\" height=\"" + px(bottom - top) +
               "\" stroke-width=\"0.9\"/><path d=\"" + ticks + "\" stroke-width=\"0.9\"/>";
        if (!minor.empty())
            out += "<path d=\"" + minor + "\" stroke-width=\"0.6\"/>";
        out += "</g>\n";
        for (const double v : xs.major)
            text(X(v), bottom + 16, xs.label(v), 0.5, tickFontSize, Colour::Ink);
        for (const double v : ys.major)
            text(left - 8, Y(v) + tickFontSize * 0.35, ys.label(v), 1, tickFontSize, Colour::Ink);
        text((left + right) / 2, bottom + 33, f.x.title, 0.5, fontSize, Colour::Ink);
        text(12, (top + bottom) / 2, f.y.title, 0.5, fontSize, Colour::Ink, -90);
    }

    void layOutLegend()
    {
        std::vector<LegendItem> items;
        const auto add = [&](const std::string &name, std::function<void(double, double)> draw) {
            if (!name.empty())
                items.push_back({name, std::move(draw), 26 + textWidth(name, legendFontSize)});
        };
        for (const FigurePoints &p : f.points)
            add(p.name, [this, &p](double x, double y) {
                out += "<g" + (p.value.empty() ? markLook(p) : stroke(Colour::Ink) + " fill=\"none\"") + "><path d=\"" +
                       markPath(p.shape, x + 7, y, std::max(6.0, p.size)) + "\"/></g>\n";
            });
        for (const FigureLine &l : f.lines)
            add(l.name, [this, &l](double x, double y) {
                out += "<path d=\"M" + px(x) + " " + px(y) + "h14\"" + stroke(l.colour) + " stroke-width=\"" +
                       px(l.width) + "\"" + (l.isDashed ? " stroke-dasharray=\"5 3\"" : "") + " fill=\"none\"/>\n";
            });
        for (const FigureBars &b : f.bars)
            add(b.name, [this, &b](double x, double y) {
                out += "<g" + barFill(b) + "><rect class=\"s-" + names(b.colour).name + "\" x=\"" + px(x + 2) +
                       "\" y=\"" + px(y - 4.5) + "\" width=\"11\" height=\"9\" stroke=\"" + names(b.colour).light +
                       "\" stroke-width=\"0.8\"/></g>\n";
            });
        for (const FigureBand &b : f.bands)
            add(b.name, [this, &b](double x, double y) {
                out += "<rect x=\"" + px(x) + "\" y=\"" + px(y - 4.5) + "\" width=\"14\" height=\"9\"" +
                       fill(b.colour) + " fill-opacity=\"0.2\"/>\n";
            });
        for (const FigureRule &r : f.rules)
            add(r.name, [this, &r](double x, double y) {
                out += "<path d=\"M" + px(x) + " " + px(y) + "h14\"" + stroke(r.colour) +
                       " stroke-width=\"1\" stroke-dasharray=\"4 3\" fill=\"none\"/>\n";
            });
        double used = 0;
        for (LegendItem &item : items) {
            if (legendRows.empty() || used + item.width > f.width_px - 50) {
                legendRows.emplace_back();
                used = 0;
            }
            used += item.width;
            legendRows.back().push_back(std::move(item));
        }
    }

    void legend()
    {
        double y = 10;
        for (const std::vector<LegendItem> &row : legendRows) {
            double x = left;
            for (const LegendItem &item : row) {
                item.draw(x, y);
                text(x + 18, y + 3.5, item.name, 0, legendFontSize, Colour::Ink);
                x += item.width;
            }
            y += 15;
        }
    }

    void colourBar()
    {
        const double x = right + 12, height = bottom - top;
        constexpr int parts = 40;
        out += "<g>\n";
        for (int i = 0; i < parts; ++i)
            out += "<rect x=\"" + px(x) + "\" y=\"" + px(bottom - height * (i + 1) / parts) +
                   "\" width=\"9\" height=\"" + px(height / parts + 0.3) + "\" fill=\"" + viridis((i + 0.5) / parts) +
                   "\"/>\n";
        out += "</g>\n";
        AxisScale scale = makeScale({}, values.low, values.high, 5);
        for (const double v : scale.major) {
            if (v < values.low || v > values.high)
                continue;
            const double y = bottom - valuePart(v) * height;
            out += "<path d=\"M" + px(x + 9) + " " + px(y) + "h3\"" + stroke(Colour::Ink) + " stroke-width=\"0.9\"/>\n";
            text(x + 14, y + 3, scale.label(v), 0, 9, Colour::Ink);
        }
        text(f.width_px - 4, (top + bottom) / 2, f.valueTitle, 0.5, legendFontSize, Colour::Ink, -90);
    }

    const Figure &f;
    AxisScale xs, ys;
    Range values;
    std::vector<std::vector<LegendItem>> legendRows;
    double left = 0, right = 0, top = 0, bottom = 0;
    std::string out;
};

}

FigureScales scalesOf(const Figure &f)
{
    auto [x, y] = rangesOf(f);
    if (!f.bars.empty() && !f.y.isLog)
        y.add(0.0); // bars stand on zero
    return {makeScale(f.x, x.low, x.high, 9), makeScale(f.y, y.low, y.high, 6)};
}

std::string toSvg(const Figure &figure)
{
    return Painter(figure).svg();
}

}
