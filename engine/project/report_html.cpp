// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/project/report_html.h"

#include "engine/core/text.h"
#include "engine/crystal/composition.h"
#include "engine/project/report_figures.h"
#include "engine/project/report_style.h"
#include "engine/project/svg_parts.h"

#include <algorithm>
#include <cctype>
#include <cmath>

namespace engine {

using svg::escaped;

namespace {

constexpr std::size_t tableLength = 20;

// "Li10Ge(PS6)2" with its numbers lowered.
std::string formulaHtml(const std::string &formula)
{
    std::string out;
    bool isLow = false;
    for (const char c : formula) {
        const bool digit = std::isdigit(static_cast<unsigned char>(c)) || c == '.';
        if (digit != isLow)
            out += digit ? "<sub>" : "</sub>";
        isLow = digit;
        out += escaped(std::string_view(&c, 1));
    }
    return out + (isLow ? "</sub>" : "");
}

std::string decimals(double value, int n)
{
    if (!std::isfinite(value))
        return "–";
    const std::string text = fixed(value, n);
    return text[0] == '-' ? "−" + text.substr(1) : text;
}

// 10⁻⁴ as people write it, and other numbers as they are.
std::string powerOfTen(double value)
{
    const double exponent = std::round(std::log10(value));
    if (value == std::pow(10, exponent))
        return "10<sup>" + decimals(exponent, 0) + "</sup>";
    return shortest(value);
}

std::string plusMinus(const MeanSd &m)
{
    return decimals(m.mean, 2) + " ± " + decimals(m.sd, 2);
}

std::string counted(std::size_t n, const std::string &one, const std::string &many)
{
    return std::to_string(n) + " " + (n == 1 ? one : many);
}

std::string card(const std::string &what, const std::string &value, const std::string &meaning)
{
    return "<div class=\"card\"><span class=\"what\">" + what + "</span><b>" + value + "</b><span>" + meaning +
           "</span></div>\n";
}

std::string figureHtml(const Figure &figure, const std::string &caption)
{
    return "<figure>\n" + toSvg(figure) + "<figcaption>" + caption + "</figcaption>\n</figure>\n";
}

double shareOfPositives(const MainJob &job)
{
    return job.trainingSamples ? double(job.trainingPositives) / double(job.trainingSamples) : 0;
}

std::string cards(const MainJob &job)
{
    const CrossValidation &v = job.validation;
    std::string html = "<div class=\"cards\">\n";
    html += card("Cross-validation", plusMinus(v.aucPr),
                 "average precision over " + std::to_string(v.folds.size()) +
                     " folds: how purely superionic compounds come first; chance gives " +
                     decimals(shareOfPositives(job), 2));
    html += card(
        "Shuffled control", decimals(v.shuffledControl.aucPr, 2),
        "average precision after training on shuffled labels: it should be near chance; far above, something would "
        "leak from validation into training");
    if (job.test)
        html += card("Sealed test", decimals(job.test->aucPr, 2),
                     "average precision on " + counted(job.test->predictions.size(), "compound", "compounds") +
                         " that no training saw; MCC " + decimals(job.test->mcc, 2));
    if (job.hasScreened)
        html += card("Candidates", std::to_string(job.ranking.candidates.size()),
                     "of " + counted(job.screening.candidates.size(), "screened structure", "screened structures") +
                         " pass every filter");
    return html + "</div>\n";
}

std::string dataSection(const MainJob &job, const ReportFigures &figures)
{
    const Summary &s = job.summary;
    std::string html = "<h2>The data</h2>\n<p>" + counted(std::size_t(s.values), "compound has", "compounds have") +
                       " a measured conductivity at room temperature, " + std::to_string(s.withStructure) +
                       " of them with a crystal structure in " +
                       counted(std::size_t(s.spaceGroups), "space group", "space groups") + ": " +
                       std::to_string(s.ordered) + " ordered, " + std::to_string(s.disordered) + " disordered. " +
                       std::to_string(s.positive) + " are superionic (σ > " + powerOfTen(s.threshold_S_cm) +
                       " S cm⁻¹), " + std::to_string(s.negative) + " are not.</p>\n";
    const auto hidden = std::count_if(job.entries.begin(), job.entries.end(),
                                      [](const ShownEntry &e) { return e.log10Sigma < hiddenBelow_log10Sigma; });
    const std::string hiddenText =
        hidden ? " " + counted(std::size_t(hidden), "value", "values") + " below 10<sup>−20</sup> S cm⁻¹ not shown."
               : "";
    html +=
        "<div class=\"figures\">\n" +
        figureHtml(figures.data[0],
                   "<b>Conductivity and symmetry.</b> Each mark is one compound with a structure; arrows "
                   "are upper bounds, where the measurement saw nothing." +
                       hiddenText) +
        figureHtml(figures.data[1],
                   "<b>Distribution of conductivities.</b> Compounds right of the dashed line are the class that the "
                   "models look for." +
                       hiddenText) +
        "</div>\n";
    return html;
}

std::string validationSection(const MainJob &job, const ReportFigures &figures)
{
    const CrossValidation &v = job.validation;
    std::string html =
        "<h2>Cross-validation</h2>\n<p>The training part, " + counted(job.trainingSamples, "compound", "compounds") +
        " with " + std::to_string(job.trainingPositives) +
        " superionic, is divided into folds; each is predicted by a model that was trained on the others. Scores are "
        "read after the "
        "last epoch, never at the best one.</p>\n<div class=\"scroll\"><table>\n<tr><th>Fold</th><th "
        "class=\"n\">Compounds</th>"
        "<th class=\"n\">Superionic</th><th class=\"n\">Average precision</th><th class=\"n\">Trapezoid AUC-PR</th>"
        "<th class=\"n\">MCC</th></tr>\n";
    const auto row = [&](const std::string &name, const std::string &n, const std::string &positives,
                         const std::string &ap, const std::string &trapezoid, const std::string &mcc) {
        html += "<tr><td>" + name + "</td><td class=\"n\">" + n + "</td><td class=\"n\">" + positives +
                "</td><td class=\"n\">" + ap + "</td><td class=\"n\">" + trapezoid + "</td><td class=\"n\">" + mcc +
                "</td></tr>\n";
    };
    for (const FoldScore &f : v.folds)
        row(escaped(f.name), std::to_string(f.n), std::to_string(f.positives), decimals(f.aucPr, 3),
            decimals(f.aucPrTrapezoid, 3), decimals(f.mcc, 3));
    row("<b>Mean ± SD</b>", "", "", "<b>" + plusMinus(v.aucPr) + "</b>", plusMinus(v.aucPrTrapezoid),
        "<b>" + plusMinus(v.mcc) + "</b>");
    row("Control: shuffled labels", "", "", decimals(v.shuffledControl.aucPr, 3), "",
        decimals(v.shuffledControl.mcc, 3));
    row("Control: constant score", "", "", decimals(v.meanControl.aucPr, 3), "", decimals(v.meanControl.mcc, 3));
    html += "</table></div>\n<p class=\"soft\">Average precision is the area under the precision-recall curve as a sum "
            "of steps; the trapezoid "
            "beside it is for comparison with published values. MCC, the Matthews correlation, is 1 for perfect "
            "classes and 0 for "
            "guessing. Random folds put close relatives on both sides, so these scores flatter; the sealed test is "
            "stricter.</p>\n";
    html +=
        "<div class=\"figures\">\n" +
        figureHtml(figures.validation[0],
                   "<b>Precision against recall.</b> Going down the ranked list finds more superionic compounds "
                   "(recall) at the cost of more false ones (lower precision).") +
        "</div>\n<div class=\"figures three\">\n" +
        figureHtml(figures.epochs[0],
                   "<b>Training loss</b> falls as the models fit; a rise would mean too large steps.") +
        figureHtml(figures.epochs[1], "<b>Average precision</b> on the fold that was left out, with both controls.") +
        figureHtml(figures.epochs[2], "<b>MCC</b> on the fold that was left out, with both controls.") + "</div>\n";
    return html;
}

std::string testSection(const MainJob &job, const ReportFigures &figures)
{
    if (!job.test)
        return "<h2>Sealed test</h2>\n<p>The project keeps no entries apart for a final test.</p>\n";
    const Evaluation &t = *job.test;
    const auto positives =
        std::count_if(t.predictions.begin(), t.predictions.end(), [](const TestPrediction &p) { return p.label; });
    return "<h2>Sealed test</h2>\n<p>An ensemble of " + counted(job.ensemble.members.size(), "model", "models") +
           ", trained on the whole training part, predicts the " + std::to_string(t.predictions.size()) +
           " compounds that were kept apart, " + std::to_string(positives) +
           " of them superionic. Opening this part is noted in the project's audit log, because a test looked at twice "
           "is no test.</p>\n"
           "<div class=\"figures\">\n" +
           figureHtml(
               figures.test[0],
               "<b>Prediction against measurement.</b> Marks are means over the ensemble, bars its standard deviation; "
               "the dashed lines divide right from wrong. TP, FP, TN, FN: true or false, positive or negative.") +
           "<div><table>\n<caption>Scores of the ensemble on the test part</caption>\n"
           "<tr><td>Average precision (chance " +
           decimals(t.predictions.empty() ? 0 : double(positives) / double(t.predictions.size()), 2) +
           ")</td><td class=\"n\">" + decimals(t.aucPr, 3) +
           "</td></tr>\n<tr><td>Trapezoid AUC-PR</td><td class=\"n\">" + decimals(t.aucPrTrapezoid, 3) +
           "</td></tr>\n<tr><td>ROC-AUC (chance 0.5)</td><td class=\"n\">" + decimals(t.rocAuc, 3) +
           "</td></tr>\n<tr><td>MCC at P ≥ 0.5 (chance 0)</td><td class=\"n\">" + decimals(t.mcc, 3) +
           "</td></tr>\n<tr><td>Superionic, found / missed</td><td class=\"n\">" + std::to_string(t.confusion.tp) +
           " / " + std::to_string(t.confusion.fn) +
           "</td></tr>\n<tr><td>Not superionic, recognised / mistaken</td><td class=\"n\">" +
           std::to_string(t.confusion.tn) + " / " + std::to_string(t.confusion.fp) +
           "</td></tr>\n</table></div>\n</div>\n";
}

std::string filtersText(const RankOptions &o)
{
    std::vector<std::string> parts = {"P ≥ " + shortest(o.minimumP)};
    if (o.containsLithium)
        parts.push_back("contains lithium");
    if (o.minimumBandGap_eV > 0)
        parts.push_back("band gap at least " + shortest(o.minimumBandGap_eV) + " eV");
    if (o.novelOnly)
        parts.push_back("composition not in the training data");
    if (o.excludeIntermetallics)
        parts.push_back("no intermetallic");
    for (const std::string &e : o.excludedElements)
        parts.push_back("no " + e);
    return joined(parts, ", ");
}

std::string nearestHtml(const Candidate &c, const Ensemble &ensemble)
{
    const auto at = std::find(ensemble.trainingIds.begin(), ensemble.trainingIds.end(), c.nearestTrainingId);
    const auto i = std::size_t(at - ensemble.trainingIds.begin());
    if (i >= ensemble.trainingFormulas.size())
        return escaped(c.nearestTrainingId);
    return formulaHtml(reducedFormula(parseFormula(ensemble.trainingFormulas[i]))) + ", " +
           escaped(c.nearestTrainingId);
}

std::string candidatesTableHtml(const std::vector<Candidate> &candidates, const Ensemble &ensemble)
{
    if (candidates.empty())
        return "<p>No candidate passes every filter; excluded.csv says why for each.</p>\n";
    std::string html =
        "<div class=\"scroll\"><table>\n<caption>The " +
        (candidates.size() > tableLength ? "first " + std::to_string(tableLength) + " " : "") +
        "candidates, the likeliest first. P: probability of being superionic, mean over the ensemble, and its "
        "standard deviation. d: distance to the nearest training structure, in units of the training data's own mean "
        "distance from its centre.</caption>\n"
        "<tr><th class=\"n\">#</th><th>Compound</th><th>Code</th><th class=\"n\">P (SD)</th>"
        "<th class=\"n\">Band gap / eV</th><th>Gap from</th><th class=\"n\">d</th>"
        "<th>Nearest training entry</th></tr>\n";
    const std::string next = "</td><td>", nextNumber = "</td><td class=\"n\">";
    for (std::size_t i = 0; i < std::min(candidates.size(), tableLength); ++i) {
        const Candidate &c = candidates[i];
        html += "<tr><td class=\"n\">" + std::to_string(i + 1) + next + formulaHtml(c.formula) + next + escaped(c.id) +
                nextNumber + decimals(c.prediction.p, 3) + " (" + decimals(c.prediction.sd, 3) + ")" + nextNumber +
                (c.bandGap_eV ? decimals(*c.bandGap_eV, 2) : "–") + next + escaped(c.bandGapSource) + nextNumber +
                decimals(c.dTraining, 2) + next + nearestHtml(c, ensemble) + "</td></tr>\n";
    }
    return html + "</table></div>\n";
}

std::string screeningSection(const MainJob &job, const ReportFigures &figures)
{
    if (!job.hasScreened)
        return {};
    const auto positive = std::count_if(job.screening.candidates.begin(), job.screening.candidates.end(),
                                        [](const Candidate &c) { return c.prediction.p >= 0.5; });
    std::string html = "<h2>Screening</h2>\n<p>" +
                       counted(job.screening.candidates.size(), "structure was", "structures were") + " screened; " +
                       std::to_string(positive) + " are predicted to be superionic (P ≥ 0.5).";
    if (!job.screening.rejects.empty())
        html +=
            " " + counted(job.screening.rejects.size(), "structure", "structures") + " could not be used: rejects.csv.";
    html +=
        "</p>\n<div class=\"figures\">\n" +
        figureHtml(figures.screening[0],
                   "<b>Distribution of predictions.</b> Most known compounds are poor conductors, and most predictions "
                   "should be low.") +
        figureHtml(figures.screening[1],
                   "<b>The same with a logarithmic count,</b> to show the few at the upper end.") +
        figureHtml(figures.screening[2],
                   "<b>Trust.</b> The farther from all training structures and the larger the spread of the "
                   "ensemble, the less a prediction means.") +
        "</div>\n<h2>Candidates</h2>\n<p>Kept: " + filtersText(job.options.ranking) + ".</p>\n" +
        candidatesTableHtml(job.ranking.candidates, job.ensemble);
    return html;
}

std::string methodSection(const MainJob &job, const std::vector<std::string> &files)
{
    const TrainingOptions &t = job.options.training;
    const auto network = [](const std::string &what, const std::string &name, const std::string &sha256) {
        return name.empty()
                   ? std::string()
                   : "<tr><td>" + what + "</td><td>" + escaped(name) + "<br><code>" + sha256 + "</code></td></tr>\n";
    };
    std::string representation(toText(job.options.features.simplification));
    std::transform(representation.begin(), representation.end(), representation.begin(),
                   [](unsigned char c) { return char(std::toupper(c)); });
    std::string html =
        "<h2>How this was made</h2>\n<table>\n<tr><td>Representation</td><td>" + representation + ", features V" +
        std::to_string(job.options.features.layer) + " of the parent network</td></tr>\n" +
        network("Parent network", job.parentName, job.parentSha256) +
        network("Band-gap network", job.bandGapName, job.bandGapSha256) +
        network("Metal classifier", job.metalName, job.metalSha256) +
        network("Starting weights", job.startName, job.startSha256) + "<tr><td>Model</td><td>" + escaped(t.model) +
        ", " + escaped(t.pooling) + " pooling, " + std::to_string(t.layers) + " × " + std::to_string(t.neurons) +
        " before and after, " + escaped(t.optimizer) + (t.lookahead ? " with Lookahead" : "") + ", " +
        std::to_string(t.epochs) + " epochs" + (job.startName.empty() ? ", from random weights" : "") + "</td></tr>\n" +
        "<tr><td>Seed</td><td>" + std::to_string(job.options.seed) + "</td></tr>\n</table>\n";
    html +=
        "<p>All options are in options.json; with the same project, networks and structures, <code>superion-cli run "
        "--options options.json</code> repeats this page to the last digit on the same build.</p>\n";
    if (!job.rejects.empty())
        html += "<p>" + counted(job.rejects.size(), "entry", "entries") +
                " of the project could not be used; rejects.csv names each with the reason.</p>\n";
    html += "<p>Tables: ";
    for (std::size_t i = 0; i < files.size(); ++i)
        html += (i ? ", " : "") + ("<a href=\"" + files[i] + "\">" + files[i] + "</a>");
    return html + ".</p>\n";
}

}

std::vector<const Figure *> ReportFigures::all() const
{
    std::vector<const Figure *> figures;
    for (const std::vector<Figure> *part : {&data, &validation, &epochs, &test, &screening})
        for (const Figure &f : *part)
            figures.push_back(&f);
    return figures;
}

ReportFigures reportFigures(const MainJob &job)
{
    const double threshold = job.summary.threshold_S_cm;
    ReportFigures figures;
    figures.data = {conductivityBySpaceGroup(job.entries, threshold), conductivityHistogram(job.entries, threshold)};
    figures.validation = {precisionRecallFigure(job.validation)};
    for (const EpochQuantity q : {EpochQuantity::Loss, EpochQuantity::AucPr, EpochQuantity::Mcc})
        figures.epochs.push_back(epochFigure(job.validation, q));
    if (job.test)
        figures.test = {testFigure(*job.test, threshold)};
    if (job.hasScreened)
        figures.screening = {screeningHistogram(job.screening.candidates, false),
                             screeningHistogram(job.screening.candidates, true),
                             distanceFigure(job.screening.candidates)};
    return figures;
}

std::string reportHtml(const MainJob &job, const ReportFigures &figures, const std::vector<std::string> &files)
{
    const std::string title = job.title.empty() ? "Superionic conductors" : job.title;
    return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
           "content=\"width=device-width, "
           "initial-scale=1\">\n<title>" +
           escaped(title) + " · Superion</title>\n<style>" + reportStyle + "</style>\n</head>\n<body>\n<main>\n<h1>" +
           escaped(title) +
           "</h1>\n<p class=\"soft\">Lithium superionic conductors: what was learned from measured compounds, how far "
           "it can be trusted, and "
           "what it suggests.</p>\n" +
           cards(job) + dataSection(job, figures) + validationSection(job, figures) + testSection(job, figures) +
           screeningSection(job, figures) + methodSection(job, files) + "</main>\n</body>\n</html>\n";
}

}
