// SPDX-License-Identifier: GPL-3.0-or-later
// The Arrhenius plots of the built-in example: what the JSON beside a picture says can be read off it.
#include "engine/core/files.h"

#include "tests/support/shared.h"

#include <QImage>
#include <QProcess>
#include <QTemporaryDir>

#include <cmath>

using nlohmann::json;

namespace {
constexpr double kB_eV_K = 8.617333262e-5;
const QStringList names{"Li10GeP2S12", "Li7La3Zr2O12", "Li9B19S33"};

QString committed()
{
    return QStringLiteral(SUPERION_RESOURCES "/example/figures");
}

json jsonOf(const QString &folder, const QString &name)
{
    return json::parse(engine::readFile((folder + '/' + name + ".json").toStdString()));
}

/// Where a value of an axis is, in pixels from one end of the frame to the other.
double pixel(const json &axis, double value, double from_px, double to_px)
{
    const bool isLog = axis.at("scale") == "log";
    const auto u = [isLog](double v) { return isLog ? std::log10(v) : v; };
    const double first = u(axis.at("ticks").front()), last = u(axis.at("ticks").back());
    return from_px + (u(value) - first) / (last - first) * (to_px - from_px);
}

struct Frame {
    explicit Frame(const json &figure) : figure(figure)
    {
        const json &f = figure.at("frame_px");
        left = f.at("left"), right = f.at("right"), top = f.at("top"), bottom = f.at("bottom");
    }

    QPoint at(double T, double sigma_S_cm) const
    {
        const std::string quantity = figure.at("y").at("quantity");
        const double y = quantity == "sigma"            ? sigma_S_cm
                         : quantity == "ln(sigma*T)"    ? std::log(sigma_S_cm * T)
                         : quantity == "log10(sigma*T)" ? std::log10(sigma_S_cm * T)
                                                        : std::nan("");
        return QPointF(pixel(figure.at("x"), 1000 / T, left, right), pixel(figure.at("y"), y, bottom, top)).toPoint();
    }

    json figure;
    double left, right, top, bottom;
};
}

class TestExampleFigures : public QObject {
    Q_OBJECT

    QTemporaryDir drawnAnew;

private Q_SLOTS:
    void initTestCase() { QCOMPARE(QProcess::execute(SUPERION_DRAW_FIGURES, {drawnAnew.path()}), 0); }

    void describeWhatTheProgramDraws()
    {
        for (const QString &name : names)
            QVERIFY2(jsonOf(committed(), name) == jsonOf(drawnAnew.path(), name), qPrintable(name));
    }

    void pointsFollowTheStatedLaw()
    {
        for (const QString &name : names) {
            for (const json &series : jsonOf(committed(), name).at("series")) {
                const double T0 = series.at("at_K"), sigma0 = series.at("sigma_S_cm"), ea = series.at("ea_eV");
                QVERIFY(series.at("points").size() >= 7);
                for (const json &point : series.at("points")) {
                    // σT = A exp(−Eₐ / k_B T), four digits
                    const double T = point.at("temperature_K"), sigma = point.at("sigma_S_cm");
                    const double expected = sigma0 * T0 / T * std::exp(-ea / kB_eV_K * (1 / T - 1 / T0));
                    COMPARE_NEAR(sigma / expected, 1.0, 5.1e-4);
                }
            }
        }
    }

    void thePaperOfTheLithiumThioborateIsQuotedExactly()
    {
        const json series = jsonOf(committed(), "Li9B19S33").at("series").at(0);
        QCOMPARE(series.at("ea_eV").get<double>(), 0.364); // doi:10.1039/d5dd00052a, Fig. 8(b)
        QVERIFY((series.at("points").front() == json{{"temperature_K", 298.15}, {"sigma_S_cm", 4.1e-4}}));
        QCOMPARE(series.at("points").back().at("temperature_K").get<double>(), 343.15);
    }

    void picturesShowThePoints_data()
    {
        QTest::addColumn<QString>("folder");
        QTest::newRow("in the repository") << committed();
        QTest::newRow("drawn anew") << drawnAnew.path();
    }

    void picturesShowThePoints()
    {
        QFETCH(QString, folder);
        for (const QString &name : names) {
            const QImage image(folder + '/' + name + ".png");
            const Frame frame(jsonOf(folder, name));
            QCOMPARE(image.size(), QSize(frame.figure.at("width_px"), frame.figure.at("height_px")));
            QCOMPARE(image.allGray(), name == "Li7La3Zr2O12");
            for (const json &series : frame.figure.at("series")) {
                const QColor colour(QString::fromStdString(series.at("colour")));
                for (const json &point : series.at("points")) {
                    const QPoint at = frame.at(point.at("temperature_K"), point.at("sigma_S_cm"));
                    QVERIFY(
                        QRectF(frame.left, frame.top, frame.right - frame.left, frame.bottom - frame.top).contains(at));
                    // The marker is 20 px wide, so its centre is where the JSON says to a few pixels.
                    for (const QPoint off : {QPoint(0, 0), QPoint(6, 0), QPoint(-6, 0), QPoint(0, 6), QPoint(0, -6)})
                        QCOMPARE(image.pixelColor(at + off), colour);
                    QCOMPARE(image.pixelColor(at + QPoint(16, -16)), QColor(Qt::white));
                }
            }
        }
    }

    void ticksStandAtTheirNumbers_data() { picturesShowThePoints_data(); }

    void ticksStandAtTheirNumbers()
    {
        QFETCH(QString, folder);
        for (const QString &name : names) {
            const QImage image(folder + '/' + name + ".png");
            const Frame frame(jsonOf(folder, name));
            const auto isInk = [&](double x, double y) {
                return image.pixelColor(QPointF(x, y).toPoint()).lightness() < 160;
            };
            // Inwards, ten pixels from the frame: longer than minor ticks.
            for (const double value : frame.figure.at("x").at("ticks").get<std::vector<double>>()) {
                const double x = pixel(frame.figure.at("x"), value, frame.left, frame.right);
                QVERIFY(isInk(x, frame.bottom - 10));
                QVERIFY(x == frame.left || !isInk(x - 8, frame.bottom - 10));
            }
            for (const double value : frame.figure.at("y").at("ticks").get<std::vector<double>>()) {
                const double y = pixel(frame.figure.at("y"), value, frame.bottom, frame.top);
                QVERIFY(isInk(frame.left + 10, y));
                QVERIFY(y == frame.bottom || !isInk(frame.left + 10, y + 8));
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestExampleFigures)
#include "tst_example_figures.moc"
