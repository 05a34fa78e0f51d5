// SPDX-License-Identifier: GPL-3.0-or-later
// Times training and prediction on data of OBELiX's size, 321 structures of 7 orbits and 32 features. Every stage also times plain
// Eigen products of the same arithmetic on the same threads, in shapes that suit Eigen well, and prints how many times longer it took.
#include "engine/core/parallel.h"
#include "engine/learning/cross_validation.h"
#include "engine/learning/ensemble.h"
#include "engine/learning/pretraining.h"

#include "tests/support/toy_dataset.h"

#include <chrono>
#include <cstdio>
#include <ctime>

using namespace engine;

namespace {
constexpr int structures = 321, orbits = 7, features = 32, folds = 5;

Dataset obelixLike()
{
    Dataset dataset;
    Rng rng(1);
    for (int i = 0; i < structures; ++i) {
        const bool conducts = i % 3 == 0;
        Matrix rows = randomMatrix(orbits, features, rng);
        rows.col(0).array() += conducts ? 0.3 : -0.3;
        dataset.samples.push_back({"s" + std::to_string(i), toyFeatures(rows), conducts, conducts ? -3.0 : -6.0});
    }
    return dataset;
}

/// Multiplications with additions for one training step, per structure: forward once, backward twice, except that nobody asks for the
/// gradient of the features.
double stepProducts(const TrainingOptions &o)
{
    const double n = o.neurons, h = o.set2setHidden;
    const bool isSet = o.pooling == "set2set";
    const double atoms = features * n + (o.layers - 1) * n * n, q = isSet ? 2.0 * h : n;
    double forward = orbits * atoms + q * n + (o.layers - 1) * n * n + n;
    if (isSet) // energies and readings in every step; gates from the second step on, whose hidden state is still shared
        forward += o.set2setSteps * 2.0 * n * h + (o.set2setSteps - 2) * 6.0 * h * h + 3.0 * h * h;
    return 3.0 * forward - orbits * features * n;
}

struct Time {
    double wall_s, processor_s; ///< the second counts all threads, and is the one to trust on a busy machine
};

Time timed(const auto &work)
{
    const auto start = std::chrono::steady_clock::now();
    const std::clock_t processorStart = std::clock();
    work();
    return {std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(),
            double(std::clock() - processorStart) / CLOCKS_PER_SEC};
}

/// So many multiplications with additions in plain products of size² matrices, shared among all threads.
Time reference(double products, int size)
{
    const auto rounds = std::size_t(products / (double(size) * size * size));
    const std::size_t pieces = 4 * std::size_t(threadCount());
    std::vector<Matrix> sums(pieces); // kept, so that the products are not left out
    return timed([&] {
        parallelFor(pieces, [&](std::size_t piece) {
            Rng rng = Rng(2).split(piece);
            const Matrix A = randomMatrix(size, size, rng), B = randomMatrix(size, size, rng);
            sums[piece] = Matrix::Zero(size, size);
            for (std::size_t k = 0; k < rounds / pieces; ++k)
                sums[piece].noalias() += A * B;
        });
    });
}

void stage(const char *name, const Time &time, double products, int size)
{
    std::printf("%-52s %8.3f s, processor %8.3f s, %5.1f billion products, %5.2f times plain ones\n", name, time.wall_s,
                time.processor_s, products * 1e-9, time.processor_s / reference(products, size).processor_s);
}

/// Folds and their shuffled controls: ten trainings.
void crossValidation(const char *name, const Dataset &dataset, const TrainingOptions &options)
{
    std::vector<bool> labels;
    for (const Sample &s : dataset.samples)
        labels.push_back(s.isSuperionic);
    const auto parts = stratifiedKFold(labels, folds, Rng(3));
    const Time time = timed([&] { crossValidate(dataset, parts, options, Rng(4), {}); });
    const double visits = 2.0 * (folds - 1) * structures * options.epochs;
    stage(name, time, visits * stepProducts(options), options.pooling == "mean" ? 64 : 256);
}

/// Crystals of the Materials Project's mean size with all symmetry used: 7 orbits of 40 bonds of different length.
std::vector<LabelledGraph> computedCrystals(int n)
{
    constexpr int bonds = 40;
    std::vector<LabelledGraph> data;
    Rng rng(5);
    for (int i = 0; i < n; ++i) {
        Graph g;
        g.firstBond = {0};
        for (int orbit = 0; orbit < orbits; ++orbit) {
            g.orbits.multiplicity.push_back(1 + int(rng.below(4)));
            g.species.push_back({{1 + int(rng.below(90)), 1.0}});
            for (int bond = 0; bond < bonds; ++bond) {
                g.neighbour.push_back(int(rng.below(orbits)));
                g.count.push_back(1);
                g.length.push_back(int(g.lengths_A.size()));
                g.lengths_A.push_back(2 + 3 * rng.uniform());
                g.distance_A.push_back(g.lengths_A.back());
            }
            g.firstBond.push_back(int(g.neighbour.size()));
        }
        data.push_back({"g" + std::to_string(i), "system " + std::to_string(i % 50), g, rng.normal()});
    }
    return data;
}

/// Multiplications with additions of a parent network for one crystal, forward once and backward twice.
double parentProducts(const LabelledGraph &g)
{
    const double nBonds = g.graph.bonds(), nAtoms = orbits, w = 32, W = 64;
    const double pair = w * W + W * w, lengths = double(g.graph.lengths_A.size()) * (100 * W + W * w);
    const double bonds = nBonds * (3 * (w * W + W * W + W * w) + 2 * pair);
    const double atoms = nAtoms * (16 * W + W * w + 3 * (2 * w * W + 3 * w * W + W * W + W * w) + 2 * pair);
    return 3 * (lengths + bonds + atoms);
}

void pretraining()
{
    const auto data = computedCrystals(800);
    const PretrainingOptions options{.epochs = 1};
    const double n = double(pretrainingSplit(data, options).training.size());
    const Time time = timed([&] { pretrain(data, options, {}, {}); });
    stage("parent network in single precision, one epoch", time, n * parentProducts(data.front()), 256);
}
}

int main()
{
    std::printf("on %d threads\n", threadCount());
    pretraining();
    const Dataset dataset = obelixLike();
    crossValidation("mean pooling, 100 epochs", dataset, {});
    crossValidation("the same, dropout 0.2", dataset, {.dropoutInitial = 0.2, .dropoutFinal = 0.2});
    crossValidation("Set2Set 512, 4 epochs", dataset, {.pooling = "set2set", .epochs = 4});
    TrainingOptions paper = preset("paper");
    paper.epochs = 4;
    crossValidation("Set2Set 512, 4 epochs, LAMB and Lookahead, batch 128", dataset, paper);

    const Ensemble ensemble = trainEnsemble(dataset, 20, {.epochs = 1}, 1, {});
    std::vector<AtomFeatures> unseen;
    while (unseen.size() < 10000)
        unseen.push_back(dataset.samples[unseen.size() % dataset.size()].features);
    const double n = 64.0, products = orbits * (features * n + n * n) + 2 * n * n + n;
    stage("10 000 structures by 20 members", timed([&] { predict(ensemble, unseen); }), 20.0 * 1e4 * products, 64);
}
