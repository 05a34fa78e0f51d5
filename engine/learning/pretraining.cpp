// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/learning/pretraining.h"

#include "engine/core/parallel.h"
#include "engine/core/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <memory>
#include <mutex>
#include <numbers>

namespace engine {

namespace {

/// Bonds that one call of the network works on: few enough that all intermediate values stay in the cache.
constexpr int bondsPerCall = 1200;

using Network = MegnetNetwork<float>;
using Parameters = Eigen::VectorXf;

std::vector<double> centres(const PretrainingOptions &o)
{
    std::vector<double> c(std::size_t(o.gaussians));
    for (int i = 0; i < o.gaussians; ++i)
        c[i] = o.gaussians > 1 ? o.gaussianEnd_A * i / (o.gaussians - 1) : 0.0;
    return c;
}

MegnetShape shapeOf(const PretrainingOptions &o)
{
    return {.embedding = o.embedding,
            .blocks = o.blocks,
            .set2setSteps = o.set2setSteps,
            .gaussians = o.gaussians,
            .isClassifier = o.classify};
}

/// One network object per thread that asks, kept for the next asker.
class NetworkPool {
public:
    NetworkPool(const MegnetShape &shape, const PretrainingOptions &options)
        : m_shape(shape), m_centres(centres(options)), m_width(options.gaussianWidth_A)
    {
    }

    template <class Use>
    void with(const Use &use)
    {
        std::unique_ptr<Network> network;
        {
            const std::lock_guard lock(m_mutex);
            if (!m_free.empty()) {
                network = std::move(m_free.back());
                m_free.pop_back();
            }
        }
        if (!network)
            network = std::make_unique<Network>(m_shape, m_centres, m_width);
        use(*network);
        const std::lock_guard lock(m_mutex);
        m_free.push_back(std::move(network));
    }

private:
    MegnetShape m_shape;
    std::vector<double> m_centres;
    double m_width;
    std::mutex m_mutex;
    std::vector<std::unique_ptr<Network>> m_free;
};

/// Cuts a list of graphs into runs of about bondsPerCall bonds; depends on the list only.
std::vector<std::pair<std::size_t, std::size_t>>
calls(const std::vector<LabelledGraph> &data, const std::vector<std::size_t> &indices, std::size_t from, std::size_t to)
{
    std::vector<std::pair<std::size_t, std::size_t>> runs;
    while (from < to) {
        std::size_t end = from;
        std::size_t bonds = 0;
        do
            bonds += data[indices[end++]].graph.neighbour.size();
        while (end < to && bonds + data[indices[end]].graph.neighbour.size() <= bondsPerCall);
        runs.emplace_back(from, end);
        from = end;
    }
    return runs;
}

MegnetBatch<float> batchOf(const std::vector<LabelledGraph> &data, const std::vector<std::size_t> &indices,
                           std::pair<std::size_t, std::size_t> run)
{
    std::vector<const Graph *> graphs;
    for (std::size_t i = run.first; i < run.second; ++i)
        graphs.push_back(&data[indices[i]].graph);
    return makeBatch<float>(graphs);
}

/// Raw outputs of the network for some of the data.
std::vector<double> outputs(NetworkPool &pool, const std::vector<LabelledGraph> &data,
                            const std::vector<std::size_t> &indices, const Parameters &parameters,
                            const Progress &progress)
{
    std::vector<double> result(indices.size());
    const auto runs = calls(data, indices, 0, indices.size());
    parallelFor(
        runs.size(),
        [&](std::size_t r) {
            pool.with([&](Network &network) {
                const Parameters y = network.outputs(batchOf(data, indices, runs[r]), parameters);
                for (Eigen::Index i = 0; i < y.size(); ++i)
                    result[runs[r].first + std::size_t(i)] = y(i);
            });
        },
        progress, "Checking");
    return result;
}

HeldOutError errorsOf(const std::vector<double> &raw, const std::vector<LabelledGraph> &data,
                      const std::vector<std::size_t> &indices, bool classify, double mean, double scale)
{
    HeldOutError e;
    e.n = int(indices.size());
    if (e.n == 0)
        return e;
    int ones = 0, rightOnes = 0, rightZeros = 0;
    std::vector<double> deviations;
    for (std::size_t i = 0; i < indices.size(); ++i) {
        const double target = data[indices[i]].target;
        if (classify) {
            const bool isOne = target > 0.5, saysOne = raw[i] >= 0;
            ones += isOne;
            rightOnes += isOne && saysOne;
            rightZeros += !isOne && !saysOne;
        } else {
            const double d = std::abs(raw[i] * scale + mean - target);
            deviations.push_back(d);
            e.mae += d / e.n;
            e.rmse += d * d / e.n;
        }
    }
    if (classify) {
        e.accuracy = double(rightOnes + rightZeros) / e.n;
        e.accuracyOfOnes = ones > 0 ? double(rightOnes) / ones : 0;
        e.accuracyOfZeros = ones < e.n ? double(rightZeros) / (e.n - ones) : 0;
    } else {
        e.rmse = std::sqrt(e.rmse);
        std::ranges::nth_element(deviations, deviations.begin() + e.n / 2);
        e.medianAbsoluteError = deviations[std::size_t(e.n / 2)];
    }
    return e;
}

/// Linear warm-up, then half a cosine from the highest to the final rate (Loshchilov and Hutter 2017).
double learningRate(const PretrainingOptions &o, long update, long updates)
{
    if (update < o.warmUpUpdates)
        return o.learningRate * double(update + 1) / o.warmUpUpdates;
    const double x = double(update - o.warmUpUpdates) / std::max(1.0, double(updates - o.warmUpUpdates));
    return o.finalLearningRate +
           0.5 * (o.learningRate - o.finalLearningRate) * (1 + std::cos(std::numbers::pi * std::min(1.0, x)));
}

/// Adam (Kingma and Ba 2015), β₁ 0.9, β₂ 0.999, ε 1e-7 as in Keras.
void adam(PretrainingCheckpoint &c, const Parameters &gradient, double rate, double averageDecay)
{
    const double t = double(++c.updates);
    const float b1 = 0.9f, b2 = 0.999f;
    c.firstMoment = b1 * c.firstMoment + (1 - b1) * gradient;
    c.secondMoment = b2 * c.secondMoment + (1 - b2) * gradient.cwiseAbs2();
    const float step = float(rate / (1 - std::pow(0.9, t)));
    const float unbias = float(1 / (1 - std::pow(0.999, t)));
    c.parameters.array() -= step * c.firstMoment.array() / ((unbias * c.secondMoment.array()).sqrt() + 1e-7f);
    // A running average of the weights (Polyak and Juditsky 1992), shorter at the beginning.
    const float decay = float(std::min(averageDecay, t / (t + 9)));
    c.average = decay * c.average + (1 - decay) * c.parameters;
}

/// Arrays that the start has too, in its values; the others as they are. Returns how many there were.
int copyStart(const Megnet &start, const MegnetShape &shape, Parameters &parameters)
{
    int copied = 0;
    for (const ParameterArray &a : parameterArrays(shape))
        for (const NamedArray &given : start.weights)
            if (given.name == a.name && given.array.rows() == a.rows && given.array.cols() == a.cols) {
                Eigen::Map<Network::Mat>(parameters.data() + a.offset, a.rows, a.cols) = given.array.cast<float>();
                ++copied;
            }
    return copied;
}

}

/// The trained network in the published order of layers: what the files list, and what inference evaluates.
static Megnet toMegnet(const MegnetShape &shape, const PretrainingOptions &options, const Parameters &parameters,
                       double mean, double scale)
{
    Megnet m;
    m.property = options.property;
    m.unit = options.property == "formation_energy" ? "eV/atom" : options.property == "band_gap" ? "eV" : "1";
    m.cutoff_A = options.cutoff_A;
    m.basis = {centres(options), options.gaussianWidth_A};
    m.targetMean = mean;
    m.targetScale = scale;

    using Input = std::pair<int, int>;
    const auto add = [&](const std::string &kind, const std::string &name, std::vector<Input> inputs,
                         const std::string &activation = "linear") {
        NetworkLayer layer;
        layer.kind = kind;
        layer.name = name;
        layer.activation = activation;
        layer.inputs = std::move(inputs);
        layer.steps = kind == "Set2Set" ? shape.set2setSteps : 0;
        m.layers.push_back(std::move(layer));
        return Input{int(m.layers.size()) - 1, 0};
    };
    const auto input = [&](int n, Rows rows, int width) {
        const Input at = add("InputLayer", "input_" + std::to_string(n), {});
        m.layers.back().rows = rows;
        m.layers.back().width = width;
        return at;
    };
    const auto dense = [&](int n, Input from, const char *activation = "softplus2") {
        return add("Dense", "dense_" + std::to_string(n), {from}, activation);
    };
    // Atoms, bonds and state side by side, each through two dense layers: n is the number of the first one's first.
    const auto pairs = [&](int n, std::array<Input, 3> x) {
        for (const int half : {0, 1})
            for (int part = 0; part < 3; ++part)
                x[std::size_t(part)] = dense(n + 2 * part + half, x[std::size_t(part)]);
        return x;
    };

    const Input atoms = input(1, Rows::Atoms, 0);
    const Input table = add("Embedding", "embedding_1", {atoms});
    const Input bonds = input(2, Rows::Bonds, shape.gaussians);
    const Input state = input(3, Rows::Structure, 2);
    std::array<Input, 3> x = pairs(1, {table, bonds, state});
    std::vector<Input> indices;
    for (int n = 4; n <= 7; ++n)
        indices.push_back(input(n, Rows::Indices, 0));
    int adds = 0, next = 7;
    for (int k = 1; k <= shape.blocks; ++k) {
        std::array<Input, 3> y = x;
        if (k > 1) {
            y = pairs(next, x);
            next += 6;
        }
        const Input block = add("MEGNetLayer", "meg_net_layer_" + std::to_string(k),
                                {y[0], y[1], y[2], indices[0], indices[1], indices[2], indices[3]}, "softplus2");
        for (int part = 0; part < 3; ++part)
            x[std::size_t(part)] =
                add("Add", "add_" + std::to_string(++adds), {x[std::size_t(part)], {block.first, part}});
    }
    const Input readAtoms = add("Set2Set", "set2_set_1", {x[0], indices[2]});
    const Input readBonds = add("Set2Set", "set2_set_2", {x[1], indices[3]});
    const Input all = add("Concatenate", "concatenate_1", {readAtoms, readBonds, x[2]});
    m.output = dense(next + 2, dense(next + 1, dense(next, all)), shape.isClassifier ? "sigmoid" : "linear").first;

    for (const ParameterArray &a : parameterArrays(shape))
        m.weights.push_back(
            {a.name, Eigen::Map<const Network::Mat>(parameters.data() + a.offset, a.rows, a.cols).cast<double>()});
    connectLayers(m);
    return m;
}

void check(const PretrainingOptions &o)
{
    const auto need = [](bool isRight, const char *what) {
        if (!isRight)
            throw Error(what);
    };
    need(!o.property.empty(), "property: the name of a column is needed");
    need(o.embedding >= 1 && o.embedding <= 256, "embedding: from 1 to 256");
    need(o.blocks >= 1 && o.blocks <= 10, "blocks: from 1 to 10");
    need(o.set2setSteps >= 1 && o.set2setSteps <= 20, "set2setSteps: from 1 to 20");
    need(o.cutoff_A > 0.5 && o.cutoff_A <= 12, "cutoff_A: from 0.5 to 12 Å");
    need(o.sameLength_A >= 0 && o.sameLength_A <= 0.05, "sameLength_A: from 0 to 0.05 Å");
    need(o.averageDecay >= 0 && o.averageDecay < 1, "averageDecay: from 0 to below 1");
    need(o.gaussians >= 2 && o.gaussians <= 1000, "gaussians: from 2 to 1000");
    need(o.gaussianEnd_A > 0 && o.gaussianWidth_A > 0, "gaussianEnd_A, gaussianWidth_A: above 0");
    need(o.epochs >= 1, "epochs: at least 1");
    need(o.batchSize >= 1, "batchSize: at least 1");
    need(o.learningRate > 0 && o.finalLearningRate >= 0 && o.finalLearningRate <= o.learningRate,
         "learningRate: above 0 and not below finalLearningRate");
    need(o.warmUpUpdates >= 0, "warmUpUpdates: at least 0");
    need(o.patience >= 1, "patience: at least 1");
    need(o.trimLow >= 0 && o.trimHigh >= 0 && o.trimLow + o.trimHigh < 0.5,
         "trimLow, trimHigh: shares that add up to less than 0.5");
    need(o.testSystems >= 0 && o.testRandom >= 0 && o.validation > 0 &&
             o.testSystems + o.testRandom + o.validation < 0.9,
         "testSystems, testRandom, validation: shares that leave something to train on; validation above 0");
}

PretrainingSplit splitBySystem(const std::vector<std::string> &systemOf, const PretrainingOptions &options)
{
    std::map<std::string, std::vector<std::size_t>> members;
    for (std::size_t i = 0; i < systemOf.size(); ++i)
        members[systemOf[i]].push_back(i);
    std::vector<std::string> systems;
    for (const auto &[system, indices] : members)
        systems.push_back(system);
    const Rng rng = Rng(options.seed).split(1);
    Rng draw = rng.split(0);
    draw.shuffle(systems);

    PretrainingSplit split;
    std::vector<std::size_t> rest;
    const auto wanted = [&](double share) { return std::size_t(share * double(systemOf.size())); };
    for (const auto &system : systems) {
        auto &part = split.testSystems.size() < wanted(options.testSystems) ? split.testSystems
                     : split.validation.size() < wanted(options.validation) ? split.validation
                                                                            : rest;
        part.insert(part.end(), members[system].begin(), members[system].end());
    }
    std::ranges::sort(rest);
    draw = rng.split(1);
    draw.shuffle(rest);
    const auto nRandom = std::min(rest.size(), wanted(options.testRandom));
    split.testRandom.assign(rest.begin(), rest.begin() + std::ptrdiff_t(nRandom));
    split.training.assign(rest.begin() + std::ptrdiff_t(nRandom), rest.end());
    for (auto *part : {&split.training, &split.validation, &split.testSystems, &split.testRandom})
        std::ranges::sort(*part);
    return split;
}

PretrainingSplit pretrainingSplit(const std::vector<LabelledGraph> &data, const PretrainingOptions &options)
{
    std::vector<std::string> systems;
    for (const LabelledGraph &g : data)
        systems.push_back(g.system);
    PretrainingSplit split = splitBySystem(systems, options);
    if (options.classify || split.training.empty())
        return split;

    std::vector<double> targets;
    for (const auto i : split.training)
        targets.push_back(data[i].target);
    std::ranges::sort(targets);
    const auto n = double(targets.size() - 1);
    const double low = targets[std::size_t(options.trimLow * n)],
                 high = targets[std::size_t((1 - options.trimHigh) * n)];
    std::erase_if(split.training, [&](std::size_t i) { return data[i].target < low || data[i].target > high; });
    return split;
}

Pretraining pretrain(const std::vector<LabelledGraph> &data, const PretrainingOptions &given,
                     const std::optional<PretrainingCheckpoint> &checkpoint, const Progress &progress,
                     const std::function<void(const PretrainingCheckpoint &)> &save, const Megnet *start)
{
    PretrainingOptions options = given;
    options.classify = options.classify || options.property == "metal_probability";
    check(options);
    const PretrainingSplit split = pretrainingSplit(data, options);
    if (split.training.size() < 20 || split.validation.empty())
        throw Error("only " + std::to_string(split.training.size()) + " structures to train on and " +
                    std::to_string(split.validation.size()) + " to validate: more structures with a value are needed");

    Pretraining result;
    result.trainingGraphs = int(split.training.size());
    double mean = 0, scale = 1;
    if (!options.classify) {
        for (const auto i : split.training)
            mean += data[i].target / double(split.training.size());
        double variance = 0;
        for (const auto i : split.training)
            variance += (data[i].target - mean) * (data[i].target - mean) / double(split.training.size());
        scale = std::sqrt(variance);
        if (!(scale > 1e-9 * (1 + std::abs(mean))))
            throw Error("the targets of the property do not vary: nothing can be learnt");
    }
    result.targetMean = mean;
    result.targetScale = scale;

    const MegnetShape shape = shapeOf(options);
    NetworkPool pool(shape, options);
    const Rng rng(options.seed);
    PretrainingCheckpoint c;
    if (checkpoint) {
        c = *checkpoint;
        if (std::size_t(c.parameters.size()) != parameterCount(shape))
            throw Error(
                "the checkpoint belongs to a network of another size: start without it or with its own options");
    } else {
        c.parameters = Network::initialParameters(shape, rng.split(2));
        if (start && copyStart(*start, shape, c.parameters) == 0)
            throw Error((start->name.empty() ? "the network to start from" : start->name) +
                        ": has no array of the names and shapes of the new network");
        c.firstMoment = c.secondMoment = Parameters::Zero(c.parameters.size());
        c.average = c.best = c.parameters;
    }

    const auto batches = (split.training.size() + std::size_t(options.batchSize) - 1) / std::size_t(options.batchSize);
    const long allUpdates = long(batches) * options.epochs;
    std::vector<Parameters> gradients;
    const auto isStuck = [&] { return c.epoch - c.bestEpoch >= options.patience; };
    try {
        while (c.epoch < options.epochs && !isStuck()) {
            // A stop inside an epoch forgets the epoch: c changes only when it is complete.
            PretrainingCheckpoint next = c;
            auto order = split.training;
            Rng shuffle = rng.split(1000 + std::uint64_t(c.epoch));
            shuffle.shuffle(order);
            double loss = 0;
            for (std::size_t b = 0; b < batches; ++b) {
                progress.at((c.epoch + double(b) / double(batches)) / options.epochs,
                            "Epoch " + std::to_string(c.epoch + 1) +
                                (c.bestEpoch > 0 ? ", best error " + fixed(c.bestError, 4) : ""));
                const auto from = b * std::size_t(options.batchSize);
                const auto to = std::min(order.size(), from + std::size_t(options.batchSize));
                const auto runs = calls(data, order, from, to);
                if (gradients.size() < runs.size())
                    gradients.resize(runs.size());
                std::vector<double> losses(runs.size());
                parallelFor(runs.size(), [&](std::size_t r) {
                    Parameters targets(Eigen::Index(runs[r].second - runs[r].first));
                    for (Eigen::Index i = 0; i < targets.size(); ++i)
                        targets(i) = float((data[order[runs[r].first + std::size_t(i)]].target - mean) / scale);
                    pool.with([&](Network &network) {
                        losses[r] = network.lossAndGradient(batchOf(data, order, runs[r]), next.parameters, targets,
                                                            gradients[r]);
                    });
                });
                // Added up in the order of the runs, so that the number of threads does not matter.
                for (std::size_t r = 1; r < runs.size(); ++r)
                    gradients[0] += gradients[r];
                gradients[0] /= float(to - from);
                for (const double l : losses)
                    loss += l;
                adam(next, gradients[0], learningRate(options, next.updates, allUpdates), options.averageDecay);
            }
            const auto raw = outputs(pool, data, split.validation, next.average, {{}, progress.stop});
            const auto error = errorsOf(raw, data, split.validation, options.classify, mean, scale);
            ++next.epoch;
            const double score = options.classify ? 1 - error.accuracy : error.mae;
            next.history.push_back({next.epoch, loss / double(order.size()), score});
            if (next.bestEpoch == 0 || score < next.bestError) {
                next.bestError = score;
                next.bestEpoch = next.epoch;
                next.best = next.average;
            }
            c = std::move(next);
            if (save)
                save(c);
        }
        result.isComplete = true;
    } catch (const Cancelled &) {
    }

    const auto judge = [&](const std::vector<std::size_t> &part) {
        return errorsOf(outputs(pool, data, part, c.best, {}), data, part, options.classify, mean, scale);
    };
    result.validation = judge(split.validation);
    result.testSystems = judge(split.testSystems);
    result.testRandom = judge(split.testRandom);
    result.network = toMegnet(shape, options, c.best, mean, scale);
    result.checkpoint = std::move(c);
    return result;
}

}
