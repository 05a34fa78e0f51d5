// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nn/optimizer.h"

#include <algorithm>
#include <cmath>

namespace engine {

namespace {
constexpr double beta1 = 0.9, beta2 = 0.999;
constexpr int syncPeriod = 6;
constexpr double slowStep = 0.5;

/// Numbers of one array that are worked on at a time: four arrays of them fit the first-level cache, so an update reads and
/// writes the main memory once although it is several Eigen expressions.
constexpr Eigen::Index chunk = 1024;

template <class Body>
void inChunks(Eigen::Index size, const Body &body)
{
    for (Eigen::Index first = 0; first < size; first += chunk)
        body(first, std::min(chunk, size - first));
}

auto part(const Matrix &a, Eigen::Index first, Eigen::Index n)
{
    return Eigen::Map<const Eigen::ArrayXd>(a.data() + first, n);
}

auto part(Matrix &a, Eigen::Index first, Eigen::Index n)
{
    return Eigen::Map<Eigen::ArrayXd>(a.data() + first, n);
}

Weights prefixed(const std::string &prefix, const Weights &weights)
{
    Weights renamed = weights;
    for (NamedArray &w : renamed)
        w.name = prefix + w.name;
    return renamed;
}
}

double triangular2(long s, double S, double low, double high)
{
    // c = floor(1 + s / 2S),  x = |s/S − 2c + 1|,  rate = low + (high − low) max(0, 1 − x) / 2^(c − 1)
    const double c = std::floor(1.0 + double(s) / (2.0 * S));
    const double x = std::abs(double(s) / S - 2.0 * c + 1.0);
    return low + (high - low) * std::max(0.0, 1.0 - x) / std::exp2(c - 1.0);
}

Optimizer::Optimizer(const OptimizerOptions &options, const Weights &initial)
    : m_options(options), m_moment1(zerosLike(initial)), m_moment2(zerosLike(initial))
{
    if (options.lookahead)
        m_slow = initial;
}

void Optimizer::step(Weights &weights, const Weights &gradients)
{
    const bool isLamb = m_options.kind == OptimizerKind::Lamb;
    const double epsilon = isLamb ? 1e-6 : 1e-7, decay = m_options.weightDecay;
    const double rate =
        m_options.learningRateMax > m_options.learningRate
            ? triangular2(m_updates, m_options.scheduleHalfWidth, m_options.learningRate, m_options.learningRateMax)
            : m_options.learningRate;
    ++m_updates;
    const double correction1 = 1.0 / (1.0 - std::pow(beta1, double(m_updates)));
    const double correction2 = 1.0 / (1.0 - std::pow(beta2, double(m_updates)));

    for (std::size_t k = 0; k < weights.size(); ++k) {
        Matrix &W = weights[k].array, &M = m_moment1[k].array, &V = m_moment2[k].array;
        const Matrix &G = gradients[k].array;

        // u = m̂ / (√v̂ + ε) + decay w
        const auto direction = [&](Eigen::Index first, Eigen::Index n) {
            return part(M, first, n) * correction1 / ((part(V, first, n) * correction2).sqrt() + epsilon) +
                   decay * part(W, first, n);
        };
        const auto updateMoments = [&](Eigen::Index first, Eigen::Index n) {
            auto m = part(M, first, n), v = part(V, first, n);
            const auto g = part(G, first, n);
            m = beta1 * m + (1.0 - beta1) * g;
            v = beta2 * v + (1.0 - beta2) * g.square();
        };

        if (!isLamb) {
            inChunks(W.size(), [&](Eigen::Index first, Eigen::Index n) {
                updateMoments(first, n);
                part(W, first, n) -= rate * direction(first, n);
            });
            continue;
        }
        // ratio = |w| / |u|, or 1 when a norm is 0 (a fresh bias);  w ← w − rate ratio u
        double w2 = 0.0, u2 = 0.0;
        inChunks(W.size(), [&](Eigen::Index first, Eigen::Index n) {
            updateMoments(first, n);
            w2 += part(W, first, n).square().sum();
            u2 += direction(first, n).square().sum();
        });
        const double ratio = w2 > 0.0 && u2 > 0.0 ? std::sqrt(w2 / u2) : 1.0;
        inChunks(W.size(),
                 [&](Eigen::Index first, Eigen::Index n) { part(W, first, n) -= rate * ratio * direction(first, n); });
    }

    if (m_options.lookahead && m_updates % syncPeriod == 0) {
        for (std::size_t k = 0; k < weights.size(); ++k) {
            m_slow[k].array += slowStep * (weights[k].array - m_slow[k].array);
            weights[k].array = m_slow[k].array;
        }
    }
}

Weights Optimizer::state() const
{
    Weights all = prefixed("m/", m_moment1);
    for (NamedArray &w : prefixed("v/", m_moment2))
        all.push_back(std::move(w));
    for (NamedArray &w : prefixed("slow/", m_slow))
        all.push_back(std::move(w));
    all.push_back({"updates", Matrix::Constant(1, 1, double(m_updates))});
    return all;
}

void Optimizer::setState(const Weights &given)
{
    checkSameShapes(given, state());
    const std::size_t n = m_moment1.size();
    for (std::size_t k = 0; k < n; ++k) {
        m_moment1[k].array = given[k].array;
        m_moment2[k].array = given[n + k].array;
        if (!m_slow.empty())
            m_slow[k].array = given[2 * n + k].array;
    }
    m_updates = long(given.back().array(0, 0));
}

}
