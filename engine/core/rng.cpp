// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/rng.h"

#include <bit>
#include <cmath>
#include <numbers>
#include <numeric>

namespace engine {

namespace {
std::uint64_t splitMix64(std::uint64_t &x)
{
    x += 0x9e3779b97f4a7c15u;
    std::uint64_t z = x;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}
}

Rng::Rng(std::uint64_t seed) : m_seed(seed)
{
    for (auto &word : m_state)
        word = splitMix64(seed);
}

Rng Rng::split(std::uint64_t i) const
{
    // Two rounds of mixing, so that split(i).split(j) and split(j).split(i) differ.
    std::uint64_t x = m_seed;
    std::uint64_t y = splitMix64(x) ^ (i * 0xd1342543de82ef95u + 1);
    return Rng(splitMix64(y));
}

std::uint64_t Rng::next()
{
    auto &s = m_state;
    const std::uint64_t result = std::rotl(s[1] * 5, 7) * 9;
    const std::uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = std::rotl(s[3], 45);
    return result;
}

double Rng::uniform()
{
    return double(next() >> 11) * 0x1.0p-53;
}

double Rng::normal()
{
    // Box and Muller 1958; the second number of the pair is not kept, so that the state is all there is.
    const double u = 1.0 - uniform();
    const double v = uniform();
    return std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * v);
}

std::size_t Rng::below(std::size_t n)
{
    const std::uint64_t limit = -std::uint64_t(n) % n; // 2^64 mod n: reject the incomplete last block
    for (;;) {
        const std::uint64_t x = next();
        if (x >= limit)
            return x % n;
    }
}

std::vector<std::size_t> Rng::permutation(std::size_t n)
{
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t(0));
    shuffle(order);
    return order;
}

Rng::State Rng::state() const
{
    return {m_seed, m_state[0], m_state[1], m_state[2], m_state[3]};
}

Rng Rng::fromState(const State &state)
{
    Rng rng(state[0]);
    rng.m_state = {state[1], state[2], state[3], state[4]};
    return rng;
}

}
