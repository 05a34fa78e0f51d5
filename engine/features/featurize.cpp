// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/features/featurize.h"

#include "engine/core/parallel.h"
#include "engine/core/text.h"
#include "engine/crystal/element.h"

#include <optional>

namespace engine {

Featurized featurize(const Structure &structure, const Megnet &parent, const FeatureOptions &options)
{
    const Structure simplified = simplify(structure, options.simplification);
    const Graph graph = buildGraph(simplified, {.cutoff_A = parent.cutoff_A});
    Featurized result{.id = structure.id,
                      .features = megnetFeatures(graph, parent, options.layer),
                      .bonds = graph.bondsOfCell(),
                      .warnings = simplified.warnings};
    std::vector<std::string> untrained;
    for (const int Z : untrainedElements(graph, parent))
        untrained.push_back(symbolOf(Z));
    if (!untrained.empty())
        result.warnings.push_back({"the parent network was never trained on " + joined(untrained, ", ") +
                                   ": features near such atoms mean little"});
    return result;
}

FeaturizeResult featurizeAll(const std::vector<Structure> &structures, const Megnet &parent,
                             const FeatureOptions &options, const Progress &progress)
{
    std::vector<std::optional<Featurized>> done(structures.size());
    std::vector<std::string> reasons(structures.size());
    parallelFor(
        structures.size(),
        [&](std::size_t i) {
            try {
                done[i] = featurize(structures[i], parent, options);
            } catch (const Error &e) {
                reasons[i] = e.what();
            }
        },
        progress, "Computing atom features");

    FeaturizeResult result;
    for (std::size_t i = 0; i < structures.size(); ++i) {
        if (done[i])
            result.features.push_back(std::move(*done[i]));
        else
            result.rejects.push_back({structures[i].id, reasons[i]});
    }
    return result;
}

}
