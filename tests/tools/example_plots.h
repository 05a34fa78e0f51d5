// SPDX-License-Identifier: GPL-3.0-or-later
// The plots of resources/example/figures, as values.
#pragma once

#include <QColor>
#include <QRectF>
#include <QSize>
#include <QString>

#include <cmath>
#include <string>
#include <vector>

constexpr double kB_eV_K = 8.617333262e-5; // CODATA 2018
constexpr double zeroCelsius_K = 273.15;

/// σT = A exp(−Eₐ / k_B T) through a published conductivity.
struct Series {
    QString name; ///< rich text
    double ea_eV;
    double sigma_S_cm, at_K;
    std::vector<double> temperatures_C; ///< of the points
    QColor colour;
    bool isSquare = false;
    double error = 0; ///< half a bar, in the quantity of the ordinate; 0: no bars
    std::string source;

    /// To four digits: as the JSON has it, and as it is drawn.
    double sigmaAt(double T) const { return sigma_S_cm * at_K / T * std::exp(-ea_eV / kB_eV_K * (1 / T - 1 / at_K)); }
};

struct Axis {
    std::string quantity; ///< as `superion-cli fit` calls it
    std::string unit;
    QString title; ///< rich text
    double min, max, step;
    int minor = 0; ///< ticks between two numbers
    int decimals = 1;
};

struct Plot {
    std::string name;
    Axis x, y; ///< y is log₁₀σ when its quantity is sigma: a logarithmic axis
    std::vector<Series> series;
    std::vector<double> celsius; ///< numbers along the top; empty: none
    QString note;                ///< inside the frame, lower left
    QRectF frame{170, 60, 980, 710};
    QSize size{1200, 900};

    bool isLog() const { return y.quantity == "sigma"; }
    QPointF at(double X, double Y) const
    {
        return {frame.left() + (X - x.min) / (x.max - x.min) * frame.width(),
                frame.bottom() - (Y - y.min) / (y.max - y.min) * frame.height()};
    }
    double ordinate(double T, double sigma_S_cm) const
    {
        if (y.quantity == "ln(sigma*T)")
            return std::log(sigma_S_cm * T);
        return std::log10(isLog() ? sigma_S_cm : sigma_S_cm * T);
    }
};

inline std::vector<double> range(double from, double to, double step)
{
    std::vector<double> result;
    for (double value = from; value <= to + 1e-9; value += step)
        result.push_back(value);
    return result;
}

inline std::vector<Plot> examplePlots()
{
    const QString inverse = QStringLiteral("1000/<i>T</i> (K<sup>−1</sup>)");
    const QColor blue(0x00, 0x72, 0xb2), vermillion(0xd5, 0x5e, 0x00), dark(0x30, 0x30, 0x30);
    return {
        {.name = "Li9B19S33",
         .x = {"1000/T", "1/K", inverse, 2.8, 3.5, 0.1},
         .y = {"log10(sigma*T)", "S K/cm", QStringLiteral("log<sub>10</sub>(<i>σT</i> / S K cm<sup>−1</sup>)"), -1.2,
               0.2, 0.2},
         .series = {{QStringLiteral("Li<sub>9</sub>B<sub>19</sub>S<sub>33</sub>"), 0.364, 4.1e-4, 298.15,
                     range(25, 70, 5), blue, false, 0, "McHaffie et al. 2025, doi:10.1039/d5dd00052a, Fig. 8(b)"}},
         .celsius = {20, 30, 40, 50, 60, 70, 80},
         .note = QStringLiteral("<i>E</i><sub>a</sub> = 364 meV"),
         .frame = {170, 130, 980, 640}},
        {.name = "Li10GeP2S12",
         .x = {"1000/T", "1/K", inverse, 2.5, 5.5, 0.5, 4},
         .y = {"sigma", "S/cm", QStringLiteral("<i>σ</i> (S cm<sup>−1</sup>)"), -7, 0, 1, 8},
         .series = {{QStringLiteral("Li<sub>10</sub>GeP<sub>2</sub>S<sub>12</sub>"), 0.24, 1.2e-2, 300.15,
                     range(-75, 105, 20), vermillion, false, 0, "Kamaya et al. 2011, doi:10.1038/nmat3066"},
                    {QStringLiteral("LiPON"), 0.55, 2.3e-6, 298.15, range(25, 115, 15), blue, true, 0,
                     "Yu, Bates, Jellison and Hart, J. Electrochem. Soc. 144 (1997) 524"}}},
        {.name = "Li7La3Zr2O12",
         .x = {"1000/T", "1/K", inverse, 2.2, 3.6, 0.2, 1},
         .y = {"ln(sigma*T)", "S K/cm", QStringLiteral("ln(<i>σT</i> / S K cm<sup>−1</sup>)"), -4, 2, 1, 1, 0},
         .series = {{QStringLiteral("Li<sub>7</sub>La<sub>3</sub>Zr<sub>2</sub>O<sub>12</sub>"), 0.30, 3e-4, 298.15,
                     range(25, 150, 12.5), dark, false, 0.25,
                     "Murugan, Thangadurai and Weppner 2007, doi:10.1002/anie.200701144"}},
         .note = QStringLiteral("<i>E</i><sub>a</sub> = 0.30 eV")},
    };
}
