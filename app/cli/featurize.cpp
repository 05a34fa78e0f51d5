// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/inputs.h"
#include "app/cli/models.h"
#include "app/cli/output.h"
#include "app/cli/verb.h"

#include "engine/core/npy.h"
#include "engine/core/text.h"
#include "engine/features/featurize.h"
#include "engine/project/archive.h"

#include <algorithm>

namespace cli {

using namespace engine;

namespace {

struct FeaturizeOptions {
    std::vector<std::string> inputs;
    std::string parent, simplify = "camn", sites = "given";
    int layer = 1;
};

// By element, then position: an order that does not depend on how the file lists its sites.
void sortSites(Structure &structure)
{
    const auto key = [](const Site &s) {
        return std::tuple(s.occupants.empty() ? 0 : s.occupants[0].species.Z, s.fractional.x(), s.fractional.y(),
                          s.fractional.z());
    };
    std::stable_sort(structure.sites.begin(), structure.sites.end(),
                     [&](const Site &a, const Site &b) { return key(a) < key(b); });
}

int run(const FeaturizeOptions &options, const Common &common)
{
    const Megnet parent = openParent(options.parent);
    Inputs inputs = readInputs(options.inputs, common.progress.part(0, 0.3));
    if (options.sites == "sorted")
        std::for_each(inputs.structures.begin(), inputs.structures.end(), sortSites);
    const FeatureOptions featureOptions{.simplification = parseSimplification(options.simplify),
                                        .layer = options.layer};
    FeaturizeResult result = featurizeAll(inputs.structures, parent, featureOptions, common.progress.part(0.3, 1));
    result.rejects.insert(result.rejects.begin(), inputs.rejects.begin(), inputs.rejects.end());

    if (endingOf(common.out) == "npz") {
        std::vector<File> arrays;
        for (const Featurized &f : result.features)
            arrays.push_back({f.id + ".npy", writeNpy(f.features.expanded())});
        writeZip(common.out, std::move(arrays));
        endProgress(common);
        return reportRejects(result.rejects);
    }
    Output output;
    output.json = {{"parent", parent.sha256},
                   {"layer", options.layer},
                   {"simplify", lowered(options.simplify)},
                   {"structures", Json::array()}};
    output.table.header = {"id", "sites", "orbits", "features", "bonds"};
    for (const Featurized &f : result.features) {
        const Matrix rows = f.features.expanded();
        Json features = Json::array();
        for (Eigen::Index i = 0; i < rows.rows(); ++i)
            features.push_back(std::vector<double>(rows.row(i).begin(), rows.row(i).end()));
        output.json["structures"].push_back({{"id", f.id}, {"nBonds", f.bonds}, {"features", std::move(features)}});
        output.table.rows.push_back({f.id, std::to_string(rows.rows()), std::to_string(f.features.orbits.count()),
                                     std::to_string(rows.cols()), std::to_string(f.bonds)});
    }
    output.rejects = std::move(result.rejects);
    return deliver(std::move(output), common);
}

}

Action declareFeaturize(Options &options)
{
    auto o = std::make_shared<FeaturizeOptions>();
    options.addPositional("INPUT", o->inputs, inputsHelp);
    options.add("parent", o->parent,
                "Network that gives the features, as HDF5; left out: the one that comes with the program");
    options.add("layer", o->layer, "Features V0 to V3 of the parent")->check(CLI::Range(0, 3));
    options.add("simplify", o->simplify, "camn, can, camns or cans")
        ->check(CLI::IsMember({"camn", "can", "camns", "cans"}, CLI::ignore_case));
    options.add("sites", o->sites, "Rows as given, or sorted by element and position")
        ->check(CLI::IsMember({"given", "sorted"}));
    return [o](const Common &common) { return run(*o, common); };
}

}
