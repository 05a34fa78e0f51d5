// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/project/report_figures.h"

#include "engine/core/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace engine {

namespace {

const std::string sigmaTitle = "log₁₀(σ(25 °C) / S cm⁻¹)";
const std::string probabilityTitle = "P(superionic)";

// The last space group of each crystal system (International Tables A).
struct System {
    const char *name;
    int first, last;
};
constexpr std::array<System, 7> systems = {{{"triclinic", 1, 2},
                                            {"monoclinic", 3, 15},
                                            {"orthorhombic", 16, 74},
                                            {"tetragonal", 75, 142},
                                            {"trigonal", 143, 167},
                                            {"hexagonal", 168, 194},
                                            {"cubic", 195, 230}}};

std::string sigmaText(const ShownEntry &e)
{
    return e.id + ", " + e.formula + ": log σ " + (e.isUpperBound ? "below " : "") + fixed(e.log10Sigma, 2);
}

// Stacks one histogram on what stands there already.
void stack(Figure &figure, std::vector<double> &floor, const std::vector<double> &edges,
           const std::vector<double> &counts, std::vector<std::vector<std::string>> ids, const std::string &name,
           Colour colour, bool isHatched)
{
    if (std::all_of(counts.begin(), counts.end(), [](double n) { return n == 0; }))
        return;
    std::vector<double> high = floor;
    for (std::size_t i = 0; i < counts.size(); ++i)
        high[i] += counts[i];
    figure.bars.push_back({.name = name,
                           .edges = edges,
                           .low = floor,
                           .high = high,
                           .colour = colour,
                           .isHatched = isHatched,
                           .ids = std::move(ids)});
    floor = high;
}

double floorOf(double v, double step)
{
    return std::floor(v / step) * step;
}

}

Figure conductivityBySpaceGroup(const std::vector<ShownEntry> &entries, double threshold_S_cm)
{
    Figure f{.name = "fig1a",
             .description = "Space-group number of every compound against the logarithm of its conductivity"};
    f.x = {.title = sigmaTitle};
    f.y = {.title = "Space-group number", .min = 0, .max = 231};
    f.height_px = 400;
    FigurePoints ordered{.name = "ordered", .colour = Colour::Blue, .shape = Shape::Circle};
    FigurePoints disordered{
        .name = "disordered", .colour = Colour::Vermillion, .shape = Shape::Triangle, .isFilled = false};
    FigurePoints bound{.name = "upper bound", .colour = Colour::Grey, .shape = Shape::ArrowLeft, .isFilled = false};
    for (const ShownEntry &e : entries) {
        if (!e.isOrdered || e.spaceGroupNumber == 0 || e.log10Sigma < hiddenBelow_log10Sigma)
            continue;
        FigurePoints &series = e.isUpperBound ? bound : *e.isOrdered ? ordered : disordered;
        series.x.push_back(e.log10Sigma);
        series.y.push_back(e.spaceGroupNumber);
        series.ids.push_back(e.id);
        series.labels.push_back(sigmaText(e) + ", space group " + std::to_string(e.spaceGroupNumber));
    }
    for (FigurePoints *series : {&ordered, &disordered, &bound})
        if (!series->x.empty())
            f.points.push_back(std::move(*series));
    for (const System &s : systems) {
        if (s.last < 230)
            f.rules.push_back(
                {.isVertical = false, .at = s.last + 0.5, .colour = Colour::Grey, .isDashed = false, .isFaint = true});
        // The two narrowest would sit on each other.
        const double at = s.first == 1 ? 0 : (s.first + s.last) / 2.0 + (s.first == 3 ? 4 : 0);
        f.rightTexts.push_back({.y = at, .text = s.name, .colour = Colour::Grey, .size = 8.5});
    }
    f.rules.push_back({.at = std::log10(threshold_S_cm), .name = "superionic from here"});
    return f;
}

Figure conductivityHistogram(const std::vector<ShownEntry> &entries, double threshold_S_cm)
{
    Figure f{.name = "fig1b", .description = "Number of compounds against the logarithm of their conductivity"};
    f.x = {.title = sigmaTitle};
    f.y = {.title = "Compounds", .wholeNumbers = true};
    // 0 ordered, 1 disordered, 2 unknown
    std::map<int, std::vector<double>> values;
    std::map<int, std::vector<std::string>> ids;
    double low = std::log10(threshold_S_cm) - 1, high = std::log10(threshold_S_cm) + 1;
    for (const ShownEntry &e : entries) {
        if (e.log10Sigma < hiddenBelow_log10Sigma)
            continue;
        const int kind = e.isOrdered ? (*e.isOrdered ? 0 : 1) : 2;
        values[kind].push_back(e.log10Sigma);
        ids[kind].push_back(e.id);
        low = std::min(low, e.log10Sigma);
        high = std::max(high, e.log10Sigma);
    }
    constexpr double binWidth = 0.5;
    const double from = floorOf(low, binWidth), to = floorOf(high, binWidth) + binWidth;
    std::vector<double> stacked(histogram({}, from, to, binWidth).counts.size(), 0.0);
    const auto add = [&](int kind, const char *name, Colour colour, bool isHatched) {
        const Histogram h = histogram(values[kind], from, to, binWidth);
        stack(f, stacked, h.edges, h.counts, histogramMembers(values[kind], ids[kind], from, to, binWidth), name,
              colour, isHatched);
    };
    add(0, "ordered", Colour::Blue, false);
    add(1, "disordered", Colour::Vermillion, true);
    add(2, "no structure", Colour::Grey, false);
    f.rules.push_back({.at = std::log10(threshold_S_cm), .name = "superionic from here"});
    return f;
}

Figure precisionRecallFigure(const CrossValidation &validation)
{
    Figure f{.name = "precision-recall", .description = "Precision against recall of the cross-validation"};
    f.x = {.title = "Recall", .min = 0, .max = 1};
    f.y = {.title = "Precision", .min = 0, .max = 1};
    const auto curveOf = [&](const auto &wanted) {
        std::vector<double> scores;
        std::vector<bool> labels;
        for (const FoldPrediction &p : validation.predictions)
            if (wanted(p)) {
                scores.push_back(p.p);
                labels.push_back(p.label);
            }
        return std::pair{prCurve(scores, labels), averagePrecision(scores, labels)};
    };
    for (std::size_t fold = 0; fold < validation.folds.size(); ++fold) {
        const PrCurve curve = curveOf([&](const FoldPrediction &p) { return p.fold == int(fold); }).first;
        f.lines.push_back({.name = fold == 0 ? "single folds" : "",
                           .x = curve.recall,
                           .y = curve.precision,
                           .colour = Colour::Grey,
                           .width = 0.6});
    }
    const auto [all, ap] = curveOf([](const FoldPrediction &) { return true; });
    f.lines.push_back({.name = "all folds together, average precision " + fixed(ap, 2),
                       .x = all.recall,
                       .y = all.precision,
                       .width = 2});
    const auto positives = std::count_if(validation.predictions.begin(), validation.predictions.end(),
                                         [](const FoldPrediction &p) { return p.label; });
    if (!validation.predictions.empty()) {
        const double share = double(positives) / double(validation.predictions.size());
        f.rules.push_back({.isVertical = false, .at = share, .name = "chance, " + fixed(share, 2)});
    }
    return f;
}

Figure epochFigure(const CrossValidation &validation, EpochQuantity quantity)
{
    Figure f;
    f.width_px = 320, f.height_px = 260;
    f.x = {.title = "Epoch", .min = 0, .wholeNumbers = true};
    const auto valueOf = [&](const EpochRecord &r) {
        return quantity == EpochQuantity::Loss ? r.loss : quantity == EpochQuantity::AucPr ? r.aucPr : r.mcc;
    };
    switch (quantity) {
    case EpochQuantity::Loss:
        f.name = "epochs-loss", f.description = "Training loss against epoch",
        f.y = {.title = "Training loss", .min = 0};
        break;
    case EpochQuantity::AucPr:
        f.name = "epochs-auc-pr", f.description = "Average precision on the validation folds against epoch";
        f.y = {.title = "Average precision", .min = 0, .max = 1};
        break;
    case EpochQuantity::Mcc:
        f.name = "epochs-mcc", f.description = "Matthews correlation on the validation folds against epoch";
        f.y = {.title = "MCC", .max = 1};
        break;
    }
    std::map<int, std::vector<double>> byEpoch;
    for (const std::vector<EpochRecord> &fold : validation.epochs)
        for (const EpochRecord &r : fold)
            if (std::isfinite(valueOf(r)))
                byEpoch[r.epoch].push_back(valueOf(r));
    FigureBand band{.name = "±1 SD over folds"};
    FigureLine mean{.name = "mean"};
    for (const auto &[epoch, values] : byEpoch) {
        const MeanSd m = meanSd(values);
        band.x.push_back(epoch);
        band.low.push_back(quantity == EpochQuantity::Loss ? std::max(0.0, m.mean - m.sd) : m.mean - m.sd);
        band.high.push_back(m.mean + m.sd);
        mean.x.push_back(epoch);
        mean.y.push_back(m.mean);
    }
    if (!mean.x.empty())
        f.x.max = mean.x.back();
    f.bands.push_back(std::move(band));
    f.lines.push_back(std::move(mean));
    if (quantity != EpochQuantity::Loss) {
        const bool isMcc = quantity == EpochQuantity::Mcc;
        const auto at = [&](const ControlScore &c) { return isMcc ? c.mcc : c.aucPr; };
        f.rules.push_back({.isVertical = false,
                           .at = at(validation.shuffledControl),
                           .name = "shuffled labels",
                           .colour = Colour::Vermillion});
        f.rules.push_back(
            {.isVertical = false, .at = at(validation.meanControl), .name = "constant score", .colour = Colour::Ink});
    }
    return f;
}

Figure testFigure(const Evaluation &test, double threshold_S_cm)
{
    Figure f{.name = "test",
             .description = "Predicted probability of being superionic against the measured conductivity"};
    f.x = {.title = sigmaTitle};
    f.y = {.title = probabilityTitle, .min = 0, .max = 1};
    FigurePoints right{.name = "classified rightly", .colour = Colour::Blue};
    FigurePoints wrong{
        .name = "wrongly", .colour = Colour::Orange, .shape = Shape::Diamond, .isOutlined = true, .size = 6};
    for (const TestPrediction &p : test.predictions) {
        FigurePoints &series = (p.prediction.p >= 0.5) == p.label ? right : wrong;
        series.x.push_back(p.log10Sigma);
        series.y.push_back(p.prediction.p);
        series.yError.push_back(p.prediction.sd);
        series.ids.push_back(p.id);
        series.labels.push_back(p.id + ": P " + fixed(p.prediction.p, 2) + " ± " + fixed(p.prediction.sd, 2) +
                                ", log σ " + fixed(p.log10Sigma, 2));
    }
    f.points = {std::move(right), std::move(wrong)};
    f.rules.push_back({.at = std::log10(threshold_S_cm)});
    f.rules.push_back({.isVertical = false, .at = 0.5});
    const Confusion &c = test.confusion;
    const auto count = [&](double x, double y, double anchor, const std::string &text) {
        f.texts.push_back(
            {.x = x, .y = y, .text = text, .isInFrameParts = true, .anchor = anchor, .colour = Colour::Ink});
    };
    count(0.02, 0.54, 0, "FP " + std::to_string(c.fp));
    count(0.98, 0.54, 1, "TP " + std::to_string(c.tp));
    count(0.02, 0.43, 0, "TN " + std::to_string(c.tn));
    count(0.98, 0.43, 1, "FN " + std::to_string(c.fn));
    return f;
}

Figure screeningHistogram(const std::vector<Candidate> &candidates, bool hasLogCounts)
{
    Figure f{.name = hasLogCounts ? "screening-histogram-log" : "screening-histogram",
             .description = "Number of screened compounds against their predicted probability of being superionic"};
    f.x = {.title = probabilityTitle, .min = 0, .max = 1};
    f.y = {.title = "Compounds", .isLog = hasLogCounts, .wholeNumbers = true};
    if (hasLogCounts)
        f.y.min = 0.5;
    std::vector<double> stacked(20, 0.0);
    for (const bool isOrdered : {true, false}) {
        std::vector<double> p;
        std::vector<std::string> ids;
        for (const Candidate &c : candidates)
            if (c.isOrdered == isOrdered) {
                p.push_back(c.prediction.p);
                ids.push_back(c.id);
            }
        constexpr double binWidth = 0.05;
        const Histogram h = histogram(p, 0, 1, binWidth);
        stack(f, stacked, h.edges, h.counts, histogramMembers(p, ids, 0, 1, binWidth),
              isOrdered ? "ordered" : "disordered", isOrdered ? Colour::Blue : Colour::Vermillion, !isOrdered);
    }
    f.rules.push_back({.at = 0.5, .name = "called superionic from here"});
    return f;
}

Figure distanceFigure(const std::vector<Candidate> &candidates)
{
    Figure f{.name = "distance",
             .description = "Predicted probability against the distance to the nearest training structure"};
    f.x = {.title = "Distance to the training data, d", .min = 0};
    f.y = {.title = probabilityTitle, .min = 0, .max = 1};
    f.valueTitle = "SD over the ensemble";
    FigurePoints ordered{.name = "ordered"}, disordered{.name = "disordered", .shape = Shape::Triangle};
    for (const Candidate &c : candidates) {
        FigurePoints &series = c.isOrdered ? ordered : disordered;
        series.x.push_back(c.dTraining);
        series.y.push_back(c.prediction.p);
        series.value.push_back(c.prediction.sd);
        series.ids.push_back(c.id);
        series.labels.push_back(c.id + ", " + c.formula + ": P " + fixed(c.prediction.p, 2) + " ± " +
                                fixed(c.prediction.sd, 2) + ", d " + fixed(c.dTraining, 2) + " to " +
                                c.nearestTrainingId);
    }
    for (FigurePoints *series : {&ordered, &disordered})
        if (!series->x.empty())
            f.points.push_back(std::move(*series));
    f.rules.push_back({.isVertical = false, .at = 0.5});
    return f;
}

}
