// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace engine {

/// Pseudo-random numbers that are the same on every platform: xoshiro256** (Blackman and Vigna 2021), seeded
/// with SplitMix64. A value: copying it copies the sequence, comparing compares the state.
class Rng {
public:
    explicit Rng(std::uint64_t seed = 1);

    /// An independent generator for item i; depends on this one's seed and i, not on what was drawn before.
    Rng split(std::uint64_t i) const;

    std::uint64_t next();
    double uniform();                        ///< in [0, 1)
    double normal();                         ///< mean 0, standard deviation 1
    std::size_t below(std::size_t n);        ///< one of 0 … n − 1, n > 0, without bias
    std::vector<std::size_t> permutation(std::size_t n);

    template <class T>
    void shuffle(std::vector<T> &items)
    {
        for (std::size_t i = items.size(); i > 1; --i)
            std::swap(items[i - 1], items[below(i)]);
    }

    /// Seed and state, to be stored in a checkpoint; Rng::fromState(r.state()) continues r's sequence.
    using State = std::array<std::uint64_t, 5>;
    State state() const;
    static Rng fromState(const State &state);

    bool operator==(const Rng &) const = default;

private:
    std::uint64_t m_seed;
    std::array<std::uint64_t, 4> m_state;
};

}
