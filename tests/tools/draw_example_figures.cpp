// SPDX-License-Identifier: GPL-3.0-or-later
// Draws the Arrhenius plots of resources/example/figures from published numbers, as PNG, with what was drawn beside it as JSON:
//     QT_QPA_PLATFORM=offscreen draw_example_figures FOLDER
#include "engine/core/files.h"
#include "tests/tools/example_plots.h"

#include <nlohmann/json.hpp>

#include <QBuffer>
#include <QFont>
#include <QGuiApplication>
#include <QImage>
#include <QPainter>
#include <QTextDocument>
#include <QTextOption>

#include <cstdio>
#include <exception>

namespace {
using Json = nlohmann::ordered_json;

constexpr double ticks_px = 14;

enum class Place { Left, Centre, Right };

/// Rich text whose left end, middle or right end is at `anchor`, half its height above and below.
void drawText(QPainter &painter, QPointF anchor, Place place, const QString &html, int size_px, double angle_deg = 0)
{
    QFont font(QStringLiteral("DejaVu Sans"));
    font.setPixelSize(size_px);
    QTextDocument document;
    document.setDocumentMargin(0);
    document.setDefaultFont(font);
    document.setDefaultTextOption(QTextOption(Qt::AlignLeft));
    document.setHtml(html);
    const QSizeF size = document.size();
    painter.save();
    painter.translate(anchor);
    painter.rotate(angle_deg);
    painter.translate(place == Place::Left     ? 0
                      : place == Place::Centre ? -size.width() / 2
                                               : -size.width(),
                      -size.height() / 2);
    document.drawContents(&painter);
    painter.restore();
}

QString number(double value, int decimals)
{
    // −0 is 0, and a minus is no hyphen.
    QString text = QString::number(std::abs(value) < 1e-9 ? 0.0 : value, 'f', decimals);
    return text.replace('-', QChar(0x2212));
}

int steps(const Axis &axis)
{
    return int(std::lround((axis.max - axis.min) / axis.step));
}

void drawX(QPainter &painter, const Plot &plot)
{
    const QRectF &f = plot.frame;
    const Axis &x = plot.x;
    const auto tick = [&](double value, double length, bool isBelow) {
        const double px = plot.at(value, 0).x();
        painter.drawLine(isBelow ? QLineF(px, f.bottom(), px, f.bottom() - length)
                                 : QLineF(px, f.top(), px, f.top() + length));
    };
    const int n = steps(x), parts = x.minor + 1;
    for (int i = 0; i <= n * parts; ++i) {
        const double value = x.min + x.step * i / parts;
        const double length = i % parts ? ticks_px / 2 : ticks_px;
        tick(value, length, true);
        if (plot.celsius.empty())
            tick(value, length, false);
        if (i % parts == 0)
            drawText(painter, {plot.at(value, 0).x(), f.bottom() + 28}, Place::Centre, number(value, x.decimals), 26);
    }
    drawText(painter, {f.center().x(), f.bottom() + 84}, Place::Centre, x.title, 31);
    for (const double celsius : plot.celsius) {
        const double value = 1000 / (celsius + zeroCelsius_K);
        tick(value, ticks_px, false);
        drawText(painter, {plot.at(value, 0).x(), f.top() - 26}, Place::Centre, number(celsius, 0), 26);
    }
    if (!plot.celsius.empty())
        drawText(painter, {f.center().x(), f.top() - 76}, Place::Centre, QStringLiteral("<i>T</i> / °C"), 31);
}

void drawY(QPainter &painter, const Plot &plot)
{
    const QRectF &f = plot.frame;
    const Axis &y = plot.y;
    const auto tick = [&](double value, double length) {
        const double py = plot.at(0, value).y();
        painter.drawLine(QLineF(f.left(), py, f.left() + length, py));
        painter.drawLine(QLineF(f.right(), py, f.right() - length, py));
    };
    for (int i = 0; i <= steps(y); ++i) {
        const double value = y.min + y.step * i;
        tick(value, ticks_px);
        const QString text =
            plot.isLog() ? QStringLiteral("10<sup>%1</sup>").arg(number(value, 0)) : number(value, y.decimals);
        drawText(painter, {f.left() - 14, plot.at(0, value).y()}, Place::Right, text, 26);
        if (i == steps(y))
            break;
        for (int m = 1; m <= y.minor; ++m)
            tick(plot.isLog() ? value + std::log10(m + 1.0) : value + y.step * m / (y.minor + 1), ticks_px / 2);
    }
    drawText(painter, {f.left() - 120, f.center().y()}, Place::Centre, y.title, 31, -90);
}

void drawMarker(QPainter &painter, QPointF at, const Series &series)
{
    constexpr double r = 10;
    painter.setPen(QPen(series.colour.darker(130), 2));
    painter.setBrush(series.colour);
    const QRectF box(at.x() - r, at.y() - r, 2 * r, 2 * r);
    series.isSquare ? painter.drawRect(box.adjusted(1, 1, -1, -1)) : painter.drawEllipse(box);
}

QPen linePen(const Series &series)
{
    return {series.colour.lighter(120), 3, series.error > 0 ? Qt::DashLine : Qt::SolidLine};
}

void drawSeries(QPainter &painter, const Plot &plot, const Series &series)
{
    const auto place = [&](double celsius, double up = 0) {
        const double T = celsius + zeroCelsius_K;
        return plot.at(1000 / T, plot.ordinate(T, series.sigmaAt(T)) + up);
    };
    // Only ln(σT) is straight; ln σ bends a little.
    QPolygonF curve;
    for (double celsius = series.temperatures_C.front(); celsius <= series.temperatures_C.back() + 1e-9; celsius += 2.5)
        curve << place(celsius);
    painter.setPen(linePen(series));
    painter.drawPolyline(curve);
    for (const double celsius : series.temperatures_C) {
        if (series.error > 0) {
            const QPointF low = place(celsius, -series.error), high = place(celsius, series.error), cap(8, 0);
            painter.setPen(QPen(Qt::black, 2));
            painter.drawLine(low, high);
            painter.drawLine(low - cap, low + cap);
            painter.drawLine(high - cap, high + cap);
        }
        drawMarker(painter, place(celsius), series);
    }
}

QImage drawn(const Plot &plot)
{
    QImage image(plot.size, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    painter.setPen(QPen(Qt::black, 2, Qt::SolidLine, Qt::FlatCap));
    drawX(painter, plot);
    drawY(painter, plot);
    painter.drawRect(plot.frame);
    for (const Series &series : plot.series)
        drawSeries(painter, plot, series);
    double row = plot.frame.top() + 50;
    for (const Series &series : plot.series) {
        const double left = plot.frame.right() - 290;
        painter.setPen(linePen(series));
        painter.drawLine(QPointF(left, row), QPointF(left + 70, row));
        drawMarker(painter, {left + 35, row}, series);
        painter.setPen(Qt::black);
        drawText(painter, {left + 86, row}, Place::Left, series.name, 28);
        row += 46;
    }
    drawText(painter, plot.frame.bottomLeft() + QPointF(36, -60), Place::Left, plot.note, 28);
    return image;
}

Json axisJson(const Axis &axis, bool isLog)
{
    std::vector<double> ticks;
    for (int i = 0; i <= steps(axis); ++i) {
        const double value = axis.min + i * axis.step;
        ticks.push_back(isLog ? std::pow(10.0, value) : std::round(value * 1e6) / 1e6);
    }
    return {{"quantity", axis.quantity}, {"unit", axis.unit}, {"scale", isLog ? "log" : "linear"}, {"ticks", ticks}};
}

/// What a reader of the picture should find. The axes run from the first tick to the last across the frame.
Json described(const Plot &plot)
{
    const QRectF &f = plot.frame;
    Json series = Json::array();
    for (const Series &s : plot.series) {
        QTextDocument name;
        name.setHtml(s.name);
        Json points = Json::array();
        for (const double celsius : s.temperatures_C) {
            const double T = celsius + zeroCelsius_K;
            points.push_back({{"temperature_K", std::round(T * 100) / 100}, {"sigma_S_cm", s.sigmaAt(T)}});
        }
        series.push_back({{"name", name.toPlainText().toStdString()},
                          {"colour", s.colour.name().toStdString()},
                          {"ea_eV", s.ea_eV},
                          {"sigma_S_cm", s.sigma_S_cm},
                          {"at_K", s.at_K},
                          {"errorBar", s.error},
                          {"source", s.source},
                          {"points", points}});
    }
    return {{"drawn",
             "Points on σT = A exp(−Eₐ / k_B T) through the published σ with the published Eₐ, at temperatures of our "
             "choice; error bars, where there are any, are ours too."},
            {"width_px", plot.size.width()},
            {"height_px", plot.size.height()},
            {"frame_px", {{"left", f.left()}, {"top", f.top()}, {"right", f.right()}, {"bottom", f.bottom()}}},
            {"x", axisJson(plot.x, false)},
            {"y", axisJson(plot.y, plot.isLog())},
            {"series", series}};
}

void write(const std::filesystem::path &folder)
{
    for (const Plot &plot : examplePlots()) {
        QImage image = drawn(plot);
        if (image.allGray())
            image.convertTo(QImage::Format_Grayscale8);
        QByteArray png;
        QBuffer buffer(&png);
        buffer.open(QIODevice::WriteOnly);
        image.save(&buffer, "PNG");
        engine::writeFile(folder / (plot.name + ".png"), {png.constData(), std::size_t(png.size())});
        engine::writeFile(folder / (plot.name + ".json"), described(plot).dump(2) + "\n");
    }
}
}

int main(int argc, char **argv)
{
    QGuiApplication app(argc, argv);
    if (argc != 2) {
        std::fputs("usage: draw_example_figures FOLDER\n", stderr);
        return 2;
    }
    try {
        write(argv[1]);
    } catch (const std::exception &e) {
        std::fprintf(stderr, "draw_example_figures: %s\n", e.what());
        return 1;
    }
}
