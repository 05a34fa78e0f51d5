// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/inputs.h"
#include "app/cli/output.h"
#include "app/cli/verb.h"

#include "engine/core/parallel.h"
#include "engine/core/text.h"
#include "engine/project/known_networks.h"

namespace cli {

using namespace engine;

namespace {

struct PropertyOptions {
    std::vector<std::string> inputs;
    std::string model;
};

int run(const PropertyOptions &options, const Common &common)
{
    const Megnet model = openNetwork(options.model);
    const Inputs inputs = readInputs(options.inputs, common.progress.part(0, 0.3));
    std::vector<double> values(inputs.structures.size());
    std::vector<std::string> reasons(inputs.structures.size());
    parallelFor(
        inputs.structures.size(),
        [&](std::size_t i) {
            try {
                values[i] = megnetPrediction(buildGraph(inputs.structures[i], {.cutoff_A = model.cutoff_A}), model);
            } catch (const Error &e) {
                reasons[i] = e.what();
            }
        },
        common.progress.part(0.3, 1), "Predicting");

    Output output;
    output.json = {
        {"model", model.sha256}, {"property", model.property}, {"unit", model.unit}, {"structures", Json::array()}};
    output.table.header = {"id", model.property + "/" + model.unit};
    output.rejects = inputs.rejects;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::string &id = inputs.structures[i].id;
        if (!reasons[i].empty()) {
            output.rejects.push_back({id, reasons[i]});
            continue;
        }
        output.json["structures"].push_back({{"id", id}, {"value", values[i]}});
        output.table.rows.push_back({id, shortest(values[i])});
    }
    return deliver(std::move(output), common);
}

}

Action declareProperty(Options &options)
{
    auto o = std::make_shared<PropertyOptions>();
    options.addPositional("INPUT", o->inputs, inputsHelp);
    options.add("model", o->model, "MEGNet model, FILE.hdf5 with FILE.hdf5.json beside it")->required();
    return [o](const Common &common) { return run(*o, common); };
}

}
