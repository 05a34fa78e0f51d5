// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/learning/training.h"
#include "tests/support/arrays.h"

/// Features of a structure of `orbits` orbits, of multiplicities 1, 2, 3, 1, 2, 3 …
inline engine::AtomFeatures toyFeatures(const engine::Matrix &rows)
{
    engine::AtomFeatures f;
    f.rows = rows;
    for (int orbit = 0; orbit < rows.rows(); ++orbit) {
        const int multiplicity = 1 + orbit % 3;
        f.orbits.representative.push_back(f.orbits.sites());
        f.orbits.multiplicity.push_back(multiplicity);
        f.orbits.orbitOfSite.insert(f.orbits.orbitOfSite.end(), multiplicity, orbit);
    }
    return f;
}

/// Structures of 1 to 5 orbits with normal features; those whose mean first feature is positive conduct, so that the classes can be
/// separated. With `gap`, the first feature is moved by that much away from 0.
inline engine::Dataset toyDataset(int n, int features, engine::Rng rng, double gap = 1.0)
{
    engine::Dataset dataset;
    for (int i = 0; i < n; ++i) {
        const bool conducts = i % 3 == 0;
        engine::Matrix rows = randomMatrix(1 + int(rng.below(5)), features, rng);
        rows.col(0) = (conducts ? 1.0 : -1.0) * (rows.col(0).array().abs() + gap);
        dataset.samples.push_back({"s" + std::to_string(i), toyFeatures(rows), conducts, conducts ? -3.0 : -6.0});
    }
    return dataset;
}

/// Small and quick.
inline engine::TrainingOptions toyOptions()
{
    return {.layers = 1, .neurons = 8, .set2setHidden = 4, .learningRate = 0.01, .batchSize = 8, .epochs = 20};
}
