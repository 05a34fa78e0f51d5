// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/learning/atomsets.h"

#include "engine/learning/training_loop.h"
#include "engine/nn/initialise.h"
#include "engine/nn/loss.h"

#include <algorithm>
#include <numeric>

namespace engine {

namespace {
/// Structures that are predicted together: enough for efficient products, few enough to stay in the cache.
constexpr std::size_t predictionBatch = 128;

void grow(Matrix &m, Eigen::Index rows, Eigen::Index cols)
{
    if (m.rows() < rows || m.cols() != cols)
        m.resize(std::max(m.rows(), rows), cols);
}
}

AtomSets::AtomSets(const TrainingOptions &options, int features, const Rng &rng) : m_options(options)
{
    const auto draw = [&] { return rng.split(m_weights.size()); };
    const auto addDense = [&](const std::string &name, int in, int out) {
        Rng kernelRng = draw();
        m_weights.push_back({name + "/kernel", glorotUniform(in, out, kernelRng)});
        m_weights.push_back({name + "/bias", Matrix::Zero(1, out)});
    };
    const int neurons = options.neurons, h = options.set2setHidden;
    for (int l = 0; l < options.layers; ++l)
        addDense("initial_" + std::to_string(l), l == 0 ? features : neurons, neurons);
    if (hasSet2Set()) {
        Rng memoryRng = draw();
        m_weights.push_back({"set2set/memory_kernel", glorotUniform(neurons, h, memoryRng)});
        m_weights.push_back({"set2set/memory_bias", Matrix::Zero(1, h)});
        Rng recurrentRng = draw();
        m_weights.push_back({"set2set/recurrent_kernel", orthogonal(2 * h, 4 * h, recurrentRng)});
        m_weights.push_back({"set2set/recurrent_bias", Matrix::Zero(1, 4 * h)});
        m_weights.back().array.middleCols(h, h).setOnes();
    }
    for (int l = 0; l < options.layers; ++l)
        addDense("final_" + std::to_string(l), l > 0 ? neurons : hasSet2Set() ? 2 * h : neurons, neurons);
    addDense("output", neurons, 1);
}

Set2SetWeights AtomSets::set2setWeights() const
{
    const std::size_t k = set2setAt();
    return {array(k), array(k + 1), array(k + 2), array(k + 3)};
}

void AtomSets::prepare(const Batch &batch, Workspace &w) const
{
    const auto rows = batch.segments.rows(), n = batch.size();
    const int neurons = m_options.neurons, pooledWidth = hasSet2Set() ? 2 * m_options.set2setHidden : neurons;
    for (auto *layers : {&w.initial, &w.dInitial, &w.final, &w.dFinal})
        layers->resize(m_options.layers);
    for (int l = 0; l < m_options.layers; ++l) {
        grow(w.initial[l], rows, neurons);
        grow(w.dInitial[l], rows, neurons);
        grow(w.final[l], n, neurons);
        grow(w.dFinal[l], n, neurons);
    }
    grow(w.pooled, n, pooledWidth);
    grow(w.dPooled, n, pooledWidth);
    grow(w.z, n, 1);
    grow(w.dz, n, 1);
}

void AtomSets::forward(const Batch &batch, Rng *rng, Workspace &w) const
{
    prepare(batch, w);
    const auto rows = batch.segments.rows(), n = batch.size();
    Eigen::Ref<const Matrix> X = batch.rows();
    for (int l = 0; l < m_options.layers; ++l) {
        auto Y = w.initial[l].topRows(rows);
        const auto in = l == 0 ? X : Eigen::Ref<const Matrix>(w.initial[l - 1].topRows(rows));
        denseForward(in, array(initialAt(l)), array(initialAt(l) + 1), Y);
        reluForward(Y, m_options.dropoutInitial, rng);
    }
    const Eigen::Ref<const Matrix> atoms = w.initial.back().topRows(rows);
    auto q = w.pooled.topRows(n);
    if (hasSet2Set())
        w.set2set.forward(atoms, batch.segments, set2setWeights(), m_options.set2setSteps, q);
    else
        meanPoolForward(atoms, batch.segments, q);
    for (int l = 0; l < m_options.layers; ++l) {
        auto Y = w.final[l].topRows(n);
        denseForward((l == 0 ? w.pooled : w.final[l - 1]).topRows(n), array(finalAt(l)), array(finalAt(l) + 1), Y);
        reluForward(Y, m_options.dropoutFinal, rng);
    }
    denseForward(w.final.back().topRows(n), array(outputAt()), array(outputAt() + 1), w.z.topRows(n));
}

void AtomSets::backward(const Batch &batch, bool hadDropout, Workspace &w, Weights &gradient) const
{
    const auto rows = batch.segments.rows(), n = batch.size();
    const double dropoutInitial = hadDropout ? m_options.dropoutInitial : 0.0;
    const double dropoutFinal = hadDropout ? m_options.dropoutFinal : 0.0;
    const auto gradientAt = [&](std::size_t at) -> Matrix & { return gradient[at].array; };

    const auto dz = w.dz.topRows(n);
    denseBackward(w.final.back().topRows(n), dz, gradientAt(outputAt()), gradientAt(outputAt() + 1));
    denseBackwardInput(array(outputAt()), dz, w.dFinal.back().topRows(n));
    for (int l = m_options.layers - 1; l >= 0; --l) {
        const std::size_t k = finalAt(l);
        auto dY = w.dFinal[l].topRows(n);
        reluBackward(w.final[l].topRows(n), dropoutFinal, dY);
        denseBackward((l == 0 ? w.pooled : w.final[l - 1]).topRows(n), dY, gradientAt(k), gradientAt(k + 1));
        denseBackwardInput(array(k), dY, (l == 0 ? w.dPooled : w.dFinal[l - 1]).topRows(n));
    }

    const auto dq = w.dPooled.topRows(n);
    auto dAtoms = w.dInitial.back().topRows(rows);
    const std::size_t pool = set2setAt();
    if (hasSet2Set())
        w.set2set.backward(w.initial.back().topRows(rows), batch.segments, set2setWeights(), dq,
                           {gradientAt(pool), gradientAt(pool + 1), gradientAt(pool + 2), gradientAt(pool + 3)},
                           dAtoms);
    else
        meanPoolBackward(batch.segments, dq, dAtoms);

    for (int l = m_options.layers - 1; l >= 0; --l) {
        const std::size_t k = initialAt(l);
        auto dY = w.dInitial[l].topRows(rows);
        reluBackward(w.initial[l].topRows(rows), dropoutInitial, dY);
        const auto in = l == 0 ? Eigen::Ref<const Matrix>(batch.rows()) : w.initial[l - 1].topRows(rows);
        denseBackward(in, dY, gradientAt(k), gradientAt(k + 1));
        if (l > 0) // nobody asks for the gradient of the features
            denseBackwardInput(array(k), dY, w.dInitial[l - 1].topRows(rows));
    }
}

AtomSets::Loss AtomSets::lossAndGradient(const Batch &batch, Rng *rng, Weights &gradient)
{
    Workspace &w = m_workspace;
    const auto n = batch.size();
    forward(batch, rng, w);
    Loss loss;
    loss.crossEntropy = binaryCrossEntropy(w.z.topRows(n), batch.labels, w.dz.topRows(n));
    backward(batch, rng != nullptr, w, gradient);
    for (int l = 0; l < m_options.layers; ++l) {
        const std::size_t initial = initialAt(l), final = finalAt(l);
        loss.penalty += l2Penalty(m_options.l2Initial, array(initial), gradient[initial].array);
        loss.penalty += l2Penalty(m_options.l2Final, array(final), gradient[final].array);
    }
    return loss;
}

Checkpoint AtomSets::train(const Batch &training, const TrainingRun &run)
{
    const auto lossOf = [this](const Batch &batch, Rng rng, Weights &gradient) {
        return lossAndGradient(batch, &rng, gradient).total();
    };
    return trainInBatches(*this, m_weights, lossOf, training, m_options, run);
}

Vector AtomSets::logits(const Batch &batch) const
{
    Vector z(batch.size());
    Workspace w;
    Batch part;
    std::vector<std::size_t> structures(batch.size());
    std::iota(structures.begin(), structures.end(), std::size_t(0));
    for (std::size_t first = 0; first < structures.size(); first += predictionBatch) {
        const std::size_t n = std::min(predictionBatch, structures.size() - first);
        gather(batch, std::span(structures).subspan(first, n), part);
        forward(part, nullptr, w);
        z.segment(Eigen::Index(first), Eigen::Index(n)) = w.z.col(0).head(Eigen::Index(n));
    }
    return z;
}

Vector AtomSets::predict(const Batch &batch) const
{
    return logits(batch).unaryExpr(&sigmoid);
}

void AtomSets::setWeights(const Weights &weights)
{
    checkSameShapes(weights, m_weights);
    m_weights = weights;
}

}
