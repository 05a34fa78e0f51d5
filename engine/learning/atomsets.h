// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/learning/model.h"
#include "engine/nn/set2set.h"

namespace engine {

/// AtomSets (Chen and Ong 2021): dense layers with relu on every atom, pooling over the structure, dense layers with relu on the
/// structure, and a last one for the logit of P(superionic). Loss: mean binary cross-entropy, and l2Initial or l2Final times the
/// sum of squares of the kernels before or after pooling, the last layer's excepted.
class AtomSets : public Model {
public:
    /// Kernels by Glorot, biases 0; Set2Set's recurrent kernel orthogonal, its forget gate's bias 1.
    AtomSets(const TrainingOptions &options, int features, const Rng &rng);

    Checkpoint train(const Batch &training, const TrainingRun &run) override;
    Vector predict(const Batch &batch) const override;

    /// "initial_0/kernel", "initial_0/bias", …; "set2set/memory_kernel", "set2set/memory_bias", "set2set/recurrent_kernel",
    /// "set2set/recurrent_bias"; "final_0/kernel", …; "output/kernel", "output/bias".
    Weights weights() const override { return m_weights; }
    void setWeights(const Weights &weights) override;

    struct Loss {
        double crossEntropy = 0.0, penalty = 0.0;
        double total() const { return crossEntropy + penalty; }
    };

    /// Of a labelled batch, with dropout from rng if there is one. The gradient, shaped like the weights, is overwritten.
    Loss lossAndGradient(const Batch &batch, Rng *rng, Weights &gradient);

    /// ln(P / (1 − P)) of every structure.
    Vector logits(const Batch &batch) const;

private:
    /// Activations of one pass, and their gradients. Only the first rows are in use: buffers keep the largest batch's size.
    struct Workspace {
        std::vector<Matrix> initial, dInitial, final, dFinal; ///< per layer, after relu and dropout
        Matrix pooled, dPooled, z, dz;
        Set2Set set2set;
    };

    void prepare(const Batch &batch, Workspace &w) const;
    void forward(const Batch &batch, Rng *rng, Workspace &w) const;
    void backward(const Batch &batch, bool hadDropout, Workspace &w, Weights &gradient) const;
    Set2SetWeights set2setWeights() const;

    bool hasSet2Set() const { return m_options.pooling == "set2set"; }
    // Where arrays stand in the list of weights: kernel and bias of each layer in turn.
    std::size_t initialAt(int layer) const { return 2 * std::size_t(layer); }
    std::size_t set2setAt() const { return 2 * std::size_t(m_options.layers); }
    std::size_t finalAt(int layer) const { return set2setAt() + (hasSet2Set() ? 4 : 0) + 2 * std::size_t(layer); }
    std::size_t outputAt() const { return finalAt(m_options.layers); }
    const Matrix &array(std::size_t at) const { return m_weights[at].array; }

    TrainingOptions m_options;
    Weights m_weights;
    Workspace m_workspace; ///< of training
};

}
