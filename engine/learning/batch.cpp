// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/learning/batch.h"

#include "engine/core/error.h"

#include <numeric>

namespace engine {

namespace {
/// The features of item i, and what to call it in an error message.
template <class FeaturesOf, class NameOf>
Batch build(std::size_t n, bool perSite, const FeaturesOf &featuresOf, const NameOf &nameOf)
{
    Batch batch;
    int rows = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const AtomFeatures &f = featuresOf(i);
        const auto width = featuresOf(0).rows.cols();
        if (f.orbits.count() == 0 || f.rows.rows() != f.orbits.count())
            throw Error(nameOf(i) + ": there is not one row of features for every group of equal sites");
        if (f.rows.cols() != width)
            throw Error(nameOf(i) + ": has " + std::to_string(f.rows.cols()) + " features per atom where " + nameOf(0) +
                        " has " + std::to_string(width) + "; featurize all structures with the same options");
        if (!f.rows.allFinite())
            throw Error(nameOf(i) + ": some of its features are not finite numbers");
        rows += perSite ? f.orbits.sites() : f.orbits.count();
        batch.segments.first.push_back(rows);
    }
    batch.X.resize(rows, n > 0 ? featuresOf(0).rows.cols() : 0);
    batch.segments.weight.resize(rows);
    int row = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const AtomFeatures &f = featuresOf(i);
        for (int orbit = 0; orbit < f.orbits.count(); ++orbit) {
            const int multiplicity = f.orbits.multiplicity[orbit], copies = perSite ? multiplicity : 1;
            batch.X.middleRows(row, copies).rowwise() = f.rows.row(orbit);
            batch.segments.weight.segment(row, copies).setConstant(perSite ? 1.0 : multiplicity);
            row += copies;
        }
    }
    return batch;
}
}

Batch makeBatch(std::span<const AtomFeatures> features, bool perSite)
{
    return build(
        features.size(), perSite, [&](std::size_t i) -> const AtomFeatures & { return features[i]; },
        [](std::size_t i) { return "structure " + std::to_string(i + 1); });
}

Batch makeBatch(const Dataset &dataset, std::span<const std::size_t> indices, bool perSite)
{
    Batch batch = build(
        indices.size(), perSite,
        [&](std::size_t i) -> const AtomFeatures & { return dataset.samples.at(indices[i]).features; },
        [&](std::size_t i) { return dataset.samples[indices[i]].id; });
    batch.labels.resize(Eigen::Index(indices.size()));
    for (std::size_t i = 0; i < indices.size(); ++i)
        batch.labels(Eigen::Index(i)) = dataset.samples[indices[i]].isSuperionic ? 1.0 : 0.0;
    return batch;
}

Batch makeBatch(const Dataset &dataset, bool perSite)
{
    std::vector<std::size_t> all(dataset.size());
    std::iota(all.begin(), all.end(), std::size_t(0));
    return makeBatch(dataset, all, perSite);
}

void gather(const Batch &all, std::span<const std::size_t> structures, Batch &out)
{
    int rows = 0;
    out.segments.first.assign(1, 0);
    for (const std::size_t s : structures)
        out.segments.first.push_back(rows += all.segments.size(int(s)));
    if (out.X.rows() < rows || out.X.cols() != all.X.cols()) {
        out.X.resize(rows, all.X.cols());
        out.segments.weight.resize(rows);
    }
    const bool hasLabels = all.labels.size() > 0;
    out.labels.resize(hasLabels ? Eigen::Index(structures.size()) : 0);
    for (std::size_t i = 0; i < structures.size(); ++i) {
        const int s = int(structures[i]), n = all.segments.size(s), from = all.segments.first[s];
        out.X.middleRows(out.segments.first[i], n) = all.X.middleRows(from, n);
        out.segments.weight.segment(out.segments.first[i], n) = all.segments.weight.segment(from, n);
        if (hasLabels)
            out.labels(Eigen::Index(i)) = all.labels(s);
    }
}

Matrix meanRows(const Batch &batch)
{
    Matrix means(batch.size(), batch.X.cols());
    meanPoolForward(batch.rows(), batch.segments, means);
    return means;
}

}
