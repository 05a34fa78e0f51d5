// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/training_options.h"

#include "engine/core/error.h"
#include "engine/core/text.h"

#include <variant>

namespace cli {

using namespace engine;

namespace {

using Member = std::variant<int TrainingOptions::*, double TrainingOptions::*, bool TrainingOptions::*,
                            std::string TrainingOptions::*>;

struct Field {
    const char *name;
    Member member;
    const char *help;
};

const Field fields[] = {
    {"model", &TrainingOptions::model, "atomsets or logistic"},
    {"pooling", &TrainingOptions::pooling, "mean or set2set"},
    {"layers", &TrainingOptions::layers, "Dense layers before and again after pooling"},
    {"neurons", &TrainingOptions::neurons, "Neurons per dense layer"},
    {"set2setHidden", &TrainingOptions::set2setHidden, "Hidden units of Set2Set"},
    {"set2setSteps", &TrainingOptions::set2setSteps, "Steps of Set2Set"},
    {"dropoutInitial", &TrainingOptions::dropoutInitial, "Share of units dropped before pooling"},
    {"dropoutFinal", &TrainingOptions::dropoutFinal, "Share of units dropped after pooling"},
    {"l2Initial", &TrainingOptions::l2Initial, "Factor of the squared weights before pooling in the loss"},
    {"l2Final", &TrainingOptions::l2Final, "Factor of the squared weights after pooling in the loss"},
    {"optimizer", &TrainingOptions::optimizer, "adam or lamb"},
    {"lookahead", &TrainingOptions::lookahead, "Slow weights that follow the fast ones"},
    {"learningRate", &TrainingOptions::learningRate, "Learning rate, or its lower end"},
    {"learningRateMax", &TrainingOptions::learningRateMax, "Upper end of a triangular2 schedule; 0: constant rate"},
    {"weightDecay", &TrainingOptions::weightDecay, "Decay of the weights in LAMB"},
    {"batchSize", &TrainingOptions::batchSize, "Structures per update"},
    {"epochs", &TrainingOptions::epochs, "Times that every structure is seen"},
    {"perSite", &TrainingOptions::perSite, "One dropout mask per site instead of per symmetry orbit"},
    {"inverseRegularisation", &TrainingOptions::inverseRegularisation, "C of logistic regression"},
};

}

void TrainingFlags::declare(Options &options)
{
    representationOption =
        options.add("representation", representation, "camn, can, camns or cans: how structures are simplified")
            ->check(CLI::IsMember({"camn", "can", "camns", "cans"}, CLI::ignore_case));
    layerOption = options.add("layer", features.layer, "Features V0 to V3 of the parent")->check(CLI::Range(0, 3));
    options.add("parent", parent,
                "Network that gives the features, as HDF5; left out: the one that comes with the program");
    options.add(
        "start", start,
        "Pre-trained classifier to start from: what pretrain --model atomsets wrote, or metal, the bundled one");
    options.add("preset", preset, "quick (mean pooling, 100 epochs) or paper (Set2Set, LAMB, 183 epochs)")
        ->check(CLI::IsMember({"quick", "paper"}));
    for (const Field &field : fields)
        std::visit(
            [&](auto member) { trainingOptions[field.name] = options.add(field.name, training.*member, field.help); },
            field.member);
    options.whenParsed([this] {
        features.simplification = parseSimplification(representation);
        const TrainingOptions given = training;
        training = engine::preset(preset);
        for (const Field &field : fields)
            if (trainingOptions.at(field.name)->count() > 0)
                std::visit([&](auto member) { training.*member = given.*member; }, field.member);
        check(training);
    });
}

void TrainingFlags::requireAgreement(const FeatureOptions &theirs, const TrainingOptions &trained) const
{
    const auto refuse = [](const std::string &name, const std::string &given, const std::string &remembered) {
        throw Error("--" + Options::kebab(name) + " " + given + ": the ensemble was trained with " + remembered +
                    "; leave the option out, or train again");
    };
    if (representationOption->count() && theirs.simplification != features.simplification)
        refuse("representation", representation, std::string(toText(theirs.simplification)));
    if (layerOption->count() && theirs.layer != features.layer)
        refuse("layer", std::to_string(features.layer), std::to_string(theirs.layer));
    for (const Field &field : fields)
        std::visit(
            [&](auto member) {
                if (trainingOptions.at(field.name)->count() && training.*member != trained.*member)
                    refuse(field.name, Json(training.*member).dump(), Json(trained.*member).dump());
            },
            field.member);
}

}
