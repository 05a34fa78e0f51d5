// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/learning/dataset.h"
#include "engine/nn/pooling.h"

#include <span>

namespace engine {

/// Structures as models see them: the rows of all below each other. Results never depend on what else is in the batch.
struct Batch {
    Matrix X;          ///< the first segments.rows() rows count; N_rows × N_features
    Segments segments; ///< rows of each structure; an orbit's weight is its multiplicity
    Vector labels;     ///< N_structures, 1 for a superionic conductor; empty when unknown

    int size() const { return segments.count(); }
    auto rows() const { return X.topRows(segments.rows()); }
};

/// One row per orbit, or one of weight 1 per site. Throws Error that names the structure when it has no atom, values that are not
/// finite, or another number of features than the first.
Batch makeBatch(std::span<const AtomFeatures> features, bool perSite = false);
Batch makeBatch(const Dataset &dataset, std::span<const std::size_t> indices, bool perSite = false);
Batch makeBatch(const Dataset &dataset, bool perSite = false); ///< of all samples

/// Structures of `all` in the given order. Reuses the buffers of `out`.
void gather(const Batch &all, std::span<const std::size_t> structures, Batch &out);

/// Mean row of every structure: N_structures × N_features.
Matrix meanRows(const Batch &batch);

}
