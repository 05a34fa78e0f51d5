// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/screening/screen.h"

#include "engine/core/parallel.h"
#include "engine/core/text.h"
#include "engine/screening/rules.h"

#include <cmath>

namespace engine {

namespace {

std::optional<double> knownBandGap(const Structure &structure)
{
    for (const auto &[name, value] : structure.properties) {
        const std::string key = lowered(name);
        if (key != "band_gap" && key != "bandgap" && key != "band_gap_ev" && key != "bandgap_ev")
            continue;
        if (const auto gap = parseDouble(value); gap && *gap >= 0)
            return gap;
    }
    return {};
}

double predictedBandGap(const Structure &structure, const Megnet &bandGap, const std::optional<Megnet> &metal)
{
    if (metal && megnetPrediction(buildGraph(structure, {.cutoff_A = metal->cutoff_A}), *metal) >= 0.5)
        return 0;
    // A regression may fall slightly below zero; a gap cannot.
    return std::max(0.0, megnetPrediction(buildGraph(structure, {.cutoff_A = bandGap.cutoff_A}), bandGap));
}

void requireProperty(const std::optional<Megnet> &model, const std::string &property)
{
    if (model && model->property != property)
        throw Error(model->name + " predicts " + model->property + ", but a model of " + property + " is needed here");
}

std::vector<Composition> compositionsOf(const std::vector<std::string> &formulas)
{
    std::vector<Composition> compositions;
    for (const std::string &f : formulas)
        compositions.push_back(parseFormula(f));
    return compositions;
}

}

void requireParent(const Ensemble &ensemble, const Megnet &parent)
{
    if (ensemble.parentSha256 != parent.sha256)
        throw Error("the ensemble's features come from " + ensemble.parentName + " (sha256 " + ensemble.parentSha256 +
                    "), but " + parent.name + " (sha256 " + parent.sha256 +
                    ") was given; give that file, or train again with this one");
}

Screener::Screener(Ensemble ensemble, Megnet parent, std::optional<Megnet> bandGap, std::optional<Megnet> metal,
                   const ScreenOptions &options)
    : m_ensemble(std::move(ensemble)), m_parent(std::move(parent)), m_bandGap(std::move(bandGap)),
      m_metal(std::move(metal)), m_options(options), m_distance(m_ensemble.trainingMeans),
      m_trainingCompositions(compositionsOf(m_ensemble.trainingFormulas))
{
    if (m_ensemble.members.empty())
        throw Error("the ensemble has no members; train it again");
    requireProperty(m_bandGap, "band_gap");
    requireProperty(m_metal, "metal_probability");
    requireParent(m_ensemble, m_parent);
}

Screening Screener::screen(const std::vector<Structure> &structures, const Progress &progress) const
{
    struct Item {
        Candidate candidate;
        AtomFeatures features;
        std::string reason; ///< why it is rejected; empty when it is not
    };
    std::vector<Item> items(structures.size());
    parallelFor(
        structures.size(),
        [&](std::size_t i) {
            const Structure &structure = structures[i];
            Item &item = items[i];
            try {
                item.features = featurize(structure, m_parent, m_ensemble.features).features;
                Candidate &c = item.candidate;
                const Composition composition = compositionOf(structure);
                c.id = structure.id;
                c.formula = reducedFormula(composition);
                c.isOrdered = structure.isOrdered();
                c.hasLithium = composition.contains(3);
                c.isNovel = isNovel(composition, m_trainingCompositions, m_options.noveltyTolerance);
                c.isIntermetallic = isIntermetallic(composition, m_options.strictIntermetallics);
                if (const auto known = knownBandGap(structure)) {
                    c.bandGap_eV = known;
                    c.bandGapSource = "database";
                } else if (m_bandGap) {
                    c.bandGap_eV = predictedBandGap(structure, *m_bandGap, m_metal);
                    c.bandGapSource = "predicted";
                }
                const TrainingDistance::Nearest nearest = m_distance.nearest(meanRow(item.features));
                c.dTraining = nearest.scaled;
                c.nearestTrainingId = m_ensemble.trainingIds[std::size_t(nearest.index)];
            } catch (const Error &e) {
                item.reason = e.what();
            }
        },
        progress, "Screening");

    Screening result;
    std::vector<AtomFeatures> features;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (!items[i].reason.empty()) {
            result.rejects.push_back({structures[i].id, items[i].reason});
            continue;
        }
        result.candidates.push_back(std::move(items[i].candidate));
        features.push_back(std::move(items[i].features));
    }
    const std::vector<Prediction> predictions = predict(m_ensemble, features);
    for (std::size_t i = 0; i < predictions.size(); ++i)
        result.candidates[i].prediction = predictions[i];
    return result;
}

}
