// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/models.h"
#include "app/cli/output.h"
#include "app/cli/verb.h"

#include "engine/core/text.h"
#include "engine/features/megnet_file.h"
#include "engine/learning/classifier_pretraining.h"
#include "engine/project/ensemble_files.h"
#include "engine/project/options_json.h"
#include "engine/project/pretraining_files.h"

#include <filesystem>
#include <variant>

namespace cli {

using namespace engine;
namespace fs = std::filesystem;

namespace {

struct PretrainOptions {
    std::vector<std::string> inputs;
    std::string model = "megnet", table, start, checkpoint, note;
    TargetColumns columns;
    PretrainingOptions training;
    // AtomSets only
    std::string parent, representation = "camn";
    int layer = 1;
    TrainingOptions classifier;
};

using Member = std::variant<int PretrainingOptions::*, double PretrainingOptions::*, bool PretrainingOptions::*,
                            std::string PretrainingOptions::*>;
struct Field {
    const char *name;
    Member member;
    const char *help;
};

const Field fields[] = {
    {"property", &PretrainingOptions::property, "formation_energy, band_gap, metal_probability or another name"},
    {"classify", &PretrainingOptions::classify, "Targets are 0 and 1; always so for metal_probability"},
    {"embedding", &PretrainingOptions::embedding, "Width of the element embedding"},
    {"blocks", &PretrainingOptions::blocks, "Graph blocks"},
    {"set2setSteps", &PretrainingOptions::set2setSteps, "Steps of the Set2Set readouts"},
    {"cutoff_A", &PretrainingOptions::cutoff_A, "Longest bond in Å"},
    {"sameLength_A", &PretrainingOptions::sameLength_A, "Bonds that differ by no more Å are equal"},
    {"gaussians", &PretrainingOptions::gaussians, "Number of Gaussians that describe a bond"},
    {"gaussianEnd_A", &PretrainingOptions::gaussianEnd_A, "Their centres go from 0 to here, in Å"},
    {"gaussianWidth_A", &PretrainingOptions::gaussianWidth_A, "Their width in Å"},
    {"epochs", &PretrainingOptions::epochs, "Times that every structure is seen"},
    {"batchSize", &PretrainingOptions::batchSize, "Structures per update"},
    {"learningRate", &PretrainingOptions::learningRate, "Highest learning rate of Adam"},
    {"finalLearningRate", &PretrainingOptions::finalLearningRate, "Learning rate at the end"},
    {"warmUpUpdates", &PretrainingOptions::warmUpUpdates, "Updates until the highest learning rate"},
    {"averageDecay", &PretrainingOptions::averageDecay, "Decay of the running average of the weights; 0: no average"},
    {"patience", &PretrainingOptions::patience, "Epochs without a better validation error before training ends"},
    {"trimLow", &PretrainingOptions::trimLow, "Share of the lowest training targets left out"},
    {"trimHigh", &PretrainingOptions::trimHigh, "Share of the highest training targets left out"},
    {"testSystems", &PretrainingOptions::testSystems, "Share held out by whole chemical systems"},
    {"testRandom", &PretrainingOptions::testRandom, "Share of the others held out one by one"},
    {"validation", &PretrainingOptions::validation, "Share, by chemical systems, that decides which epoch is kept"},
};

Json toJson(const HeldOutError &e, bool classify)
{
    if (classify)
        return {{"n", e.n},
                {"accuracy", number(e.accuracy)},
                {"accuracyOfZeros", number(e.accuracyOfZeros)},
                {"accuracyOfOnes", number(e.accuracyOfOnes)}};
    return {{"n", e.n},
            {"mae", number(e.mae)},
            {"rmse", number(e.rmse)},
            {"medianAbsoluteError", number(e.medianAbsoluteError)}};
}

std::vector<std::string> row(const char *what, const HeldOutError &e, bool classify)
{
    if (classify)
        return {what, std::to_string(e.n), fixed(e.accuracy, 4), fixed(e.accuracyOfZeros, 4),
                fixed(e.accuracyOfOnes, 4)};
    return {what, std::to_string(e.n), fixed(e.mae, 4), fixed(e.medianAbsoluteError, 4), fixed(e.rmse, 4)};
}

std::string withoutValue(std::size_t n)
{
    return n == 0 ? "" : std::to_string(n) + " structures have no value in the table\n";
}

/// AtomSets on atom features of a parent: metal or not, say.
int pretrainAtomSets(const PretrainOptions &given, const Common &common)
{
    if (!given.start.empty() || !given.checkpoint.empty() || !given.note.empty())
        throw Error(
            "--start, --checkpoint and --note are for --model megnet; atomsets trains in one go from random weights");
    PretrainingOptions split = given.training;
    split.seed = common.seed;
    check(split);
    TrainingOptions training = given.classifier;
    training.epochs = split.epochs;
    training.batchSize = split.batchSize;
    training.learningRate = split.learningRate;
    check(training);
    const FeatureOptions features{parseSimplification(given.representation), given.layer};
    const Targets targets = readTargets(given.table, given.columns);
    const Megnet parent = openParent(given.parent);
    LabelledFeatures data = readLabelledFeatures({given.inputs.begin(), given.inputs.end()}, targets.values, parent,
                                                 features, common.progress.part(0, 0.2));
    data.rejects.insert(data.rejects.end(), targets.rejects.begin(), targets.rejects.end());
    ClassifierPretraining result =
        pretrainClassifier(data.dataset, data.systems, training, split, common.progress.part(0.2, 1));
    result.ensemble.features = features;
    result.ensemble.parentName = parent.name;
    result.ensemble.parentSha256 = parent.sha256;
    saveEnsemble(result.ensemble, common.out);

    Output output;
    output.json = {{"classifier", common.out},
                   {"trainingStructures", result.trainingSamples},
                   {"testSystems", toJson(result.testSystems, true)},
                   {"testRandom", toJson(result.testRandom, true)}};
    output.table.header = {"held out", "n", "accuracy", "of zeros", "of ones"};
    output.table.rows = {row("test, whole systems", result.testSystems, true),
                         row("test, at random", result.testRandom, true)};
    output.note = "Trained on " + std::to_string(result.trainingSamples) + " structures, " +
                  std::to_string(training.epochs) + " epochs; written to " + common.out + "\n" +
                  withoutValue(data.withoutTarget);
    output.rejects = std::move(data.rejects);
    Common shown = common;
    shown.out.clear(); // the classifier went there
    return deliver(std::move(output), shown);
}

int pretrainMegnet(const PretrainOptions &given, const Common &common)
{
    PretrainingOptions training = given.training;
    training.seed = common.seed;
    training.classify = training.classify || training.property == "metal_probability";
    check(training);
    const Targets targets = readTargets(given.table, given.columns);
    std::optional<Megnet> start;
    if (!given.start.empty())
        start = readMegnet(given.start);

    LabelledGraphs data = readLabelledGraphs({given.inputs.begin(), given.inputs.end()}, targets.values,
                                             {.cutoff_A = training.cutoff_A, .sameLength_A = training.sameLength_A},
                                             common.progress.part(0, 0.01));
    data.rejects.insert(data.rejects.end(), targets.rejects.begin(), targets.rejects.end());
    const fs::path checkpoint = given.checkpoint.empty() ? common.out + ".checkpoint" : given.checkpoint;
    const std::string identity = pretrainingIdentity(training, data.graphs, start ? start->sha256 : "");
    const Pretraining result = pretrain(
        data.graphs, training, openPretrainingCheckpoint(checkpoint, identity), common.progress.part(0.01, 1),
        [&](const PretrainingCheckpoint &c) { savePretrainingCheckpoint(c, identity, checkpoint); },
        start ? &*start : nullptr);
    if (!result.isComplete)
        throw Cancelled(); // the checkpoint has what was done

    Json curve = Json::array();
    for (const PretrainingEpoch &e : result.checkpoint.history)
        curve.push_back({{"epoch", e.epoch}, {"loss", number(e.loss)}, {"validationError", number(e.validationError)}});
    Output output;
    output.json = {{"property", training.property},
                   {"unit", training.classify ? "1" : result.network.unit},
                   {"trainingStructures", result.trainingGraphs},
                   {"bestEpoch", result.checkpoint.bestEpoch},
                   {"validation", toJson(result.validation, training.classify)},
                   {"testSystems", toJson(result.testSystems, training.classify)},
                   {"testRandom", toJson(result.testRandom, training.classify)},
                   {"options", Json::parse(engine::toJson(training))}};
    std::map<std::string, std::string> metadata = {{"note", given.note}, {"scores", output.json.dump()}};
    writeMegnet(result.network, common.out, metadata);
    output.json["network"] = common.out;
    output.json["epochs"] = std::move(curve);
    std::error_code none;
    fs::remove(checkpoint, none);

    output.table.header = {"held out", "n", training.classify ? "accuracy" : "mean error",
                           training.classify ? "of zeros" : "median error",
                           training.classify ? "of ones" : "rms error"};
    output.table.rows = {row("validation, whole systems", result.validation, training.classify),
                         row("test, whole systems", result.testSystems, training.classify),
                         row("test, at random", result.testRandom, training.classify)};
    output.note = "Trained on " + std::to_string(result.trainingGraphs) + " structures, " +
                  std::to_string(result.checkpoint.epoch) + " epochs, the best is " +
                  std::to_string(result.checkpoint.bestEpoch) + "; written to " + common.out + "\n" +
                  withoutValue(data.withoutTarget);
    output.rejects = std::move(data.rejects);
    Common shown = common;
    shown.out.clear(); // the network went there
    return deliver(std::move(output), shown);
}

}

Action declarePretrain(Options &options)
{
    auto o = std::make_shared<PretrainOptions>();
    options.addPositional("INPUT", o->inputs, "Structures: files, folders, zips");
    options.add("table", o->table, "CSV with the property of each structure")->required();
    options.add("id", o->columns.id, "Column with the structures' ids: a name, or a number from 1 without a header");
    options.add("value", o->columns.value, "Column with the property, likewise")->required();
    options.add("where", o->columns.where, "Only structures whose value is so: \"> 0\", \"<= 3\", \"= 0\"");
    options.add("one", o->columns.one, "Learn 1 where the value is so, else 0: \"= 0\" makes metals of band gaps");
    options.add("start", o->start, "Network to start from instead of random weights");
    options.add("checkpoint", o->checkpoint,
                "Where training goes on after an interruption; left out: OUT.checkpoint, removed at the end");
    options.add("note", o->note, "Text for the network's .json: where the data come from, their licence");
    for (const Field &field : fields)
        std::visit([&](auto member) { options.add(field.name, o->training.*member, field.help); }, field.member);
    options.add("model", o->model, "megnet: a parent network; atomsets: a classifier that trainings can --start from")
        ->check(CLI::IsMember({"megnet", "atomsets"}));
    options.add("parent", o->parent, "Network that gives atomsets its features; left out: the bundled one");
    options
        .add("representation", o->representation,
             "camn, can, camns or cans: how structures are simplified for atomsets")
        ->check(CLI::IsMember({"camn", "can", "camns", "cans"}, CLI::ignore_case));
    options.add("layer", o->layer, "Features V0 to V3 for atomsets")->check(CLI::Range(0, 3));
    options.add("pooling", o->classifier.pooling, "mean or set2set, of atomsets");
    options.add("layers", o->classifier.layers, "Dense layers of atomsets before and again after pooling");
    options.add("neurons", o->classifier.neurons, "Neurons per dense layer of atomsets");
    options.add("set2setHidden", o->classifier.set2setHidden, "Hidden units of the Set2Set of atomsets");
    return [o](const Common &common) {
        if (common.out.empty())
            throw Error("--out is needed: the file or folder that gets the trained weights");
        return o->model == "atomsets" ? pretrainAtomSets(*o, common) : pretrainMegnet(*o, common);
    };
}

}
