// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/crystal/oxidation.h"

#include "engine/core/text.h"
#include "engine/crystal/element.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

namespace engine {

namespace {
constexpr double rankCost = 0.02;
constexpr double inversionCost = 0.2;
constexpr double equal = 1e-12; // costs closer than this are ties: rounding of the sums

struct Ion {
    int Z;
    double share;             ///< of all atoms
    double electronegativity; ///< 0 where undefined
    std::vector<int> candidates;
};

/// States chosen for the first few elements.
struct Partial {
    double charge = 0;  ///< Σ share · state
    double penalty = 0; ///< ranks and inversions so far
    int negative = 0;
    int negativeBelow = 0; ///< of them, those of strictly lower electronegativity than the element at hand
    std::vector<signed char> ranks;
};

/// Whether whatever completes b would complete a at no higher cost, with ties going to the smaller ranks:
/// the final |Σ| of the two differ by at most |a.charge − b.charge|.
bool dominates(const Partial &a, const Partial &b)
{
    if (a.negative > b.negative || a.negativeBelow > b.negativeBelow || (a.negative == 0 && b.negative > 0))
        return false;
    const double gain = b.penalty - a.penalty - std::abs(a.charge - b.charge);
    return gain > equal || (gain > -equal && std::abs(a.charge - b.charge) < equal && a.ranks < b.ranks);
}

class Search {
public:
    explicit Search(std::vector<Ion> ions) : m_ions(std::move(ions))
    {
        std::ranges::sort(m_ions, {}, [](const Ion &i) { return std::pair(i.electronegativity, symbolOf(i.Z)); });
        m_rest.resize(m_ions.size() + 1);
        for (std::size_t i = m_ions.size(); i-- > 0;) {
            const auto [lowest, highest] = std::ranges::minmax(m_ions[i].candidates);
            m_rest[i].least = m_rest[i + 1].least + m_ions[i].share * lowest;
            m_rest[i].most = m_rest[i + 1].most + m_ions[i].share * highest;
            m_rest[i].canBeNegative = m_rest[i + 1].canBeNegative || lowest < 0;
        }
    }

    const std::vector<Ion> &ions() const { return m_ions; }
    bool canBeNegative() const { return m_rest[0].canBeNegative; }

    /// The best complete assignment no dearer than `limit`. With a finite width only so many partial ones are followed,
    /// which gives a good answer quickly; without, the answer is exact.
    std::optional<Partial> best(double limit, std::size_t width) const
    {
        std::vector<Partial> front(1), next;
        for (std::size_t i = 0; i < m_ions.size(); ++i) {
            const bool rises = i > 0 && m_ions[i].electronegativity > m_ions[i - 1].electronegativity;
            next.clear();
            for (Partial &p : front) {
                if (rises)
                    p.negativeBelow = p.negative;
                for (std::size_t rank = 0; rank < m_ions[i].candidates.size(); ++rank) {
                    Partial q = with(p, i, rank);
                    if (leastCost(q, i + 1) <= limit + equal && (q.negative > 0 || m_rest[i + 1].canBeNegative))
                        next.push_back(std::move(q));
                }
            }
            front = undominated(next, i + 1, width);
        }
        if (front.empty())
            return {};
        return *std::ranges::min_element(front, [&](const Partial &a, const Partial &b) {
            const double difference = leastCost(a, m_ions.size()) - leastCost(b, m_ions.size());
            return std::abs(difference) < equal ? a.ranks < b.ranks : difference < 0;
        });
    }

    /// A bound from below of every completion of p, whose first n states are chosen; the cost itself when all are.
    double leastCost(const Partial &p, std::size_t n) const
    {
        return p.penalty + std::max({0.0, p.charge + m_rest[n].least, -(p.charge + m_rest[n].most)});
    }

private:
    Partial with(const Partial &p, std::size_t i, std::size_t rank) const
    {
        Partial q = p;
        const int state = m_ions[i].candidates[rank];
        q.charge += m_ions[i].share * state;
        q.penalty += rankCost * double(rank) + (state > 0 ? inversionCost * p.negativeBelow : 0);
        q.negative += state < 0;
        q.ranks.push_back(static_cast<signed char>(rank));
        return q;
    }

    std::vector<Partial> undominated(std::vector<Partial> &all, std::size_t n, std::size_t width) const
    {
        // What can dominate another has the lower penalty, or the same one and smaller ranks: it comes first.
        std::ranges::sort(all, [](const Partial &a, const Partial &b) {
            return std::abs(a.penalty - b.penalty) < equal ? a.ranks < b.ranks : a.penalty < b.penalty;
        });
        std::vector<Partial> kept;
        for (Partial &p : all)
            if (std::ranges::none_of(kept, [&](const Partial &k) { return dominates(k, p); }))
                kept.push_back(std::move(p));
        if (kept.size() > width) {
            std::ranges::stable_sort(kept, {}, [&](const Partial &p) { return leastCost(p, n); });
            kept.resize(width);
        }
        return kept;
    }

    struct Rest {
        double least = 0, most = 0; ///< charge the elements from here on can add
        bool canBeNegative = false;
    };

    std::vector<Ion> m_ions;
    std::vector<Rest> m_rest;
};

std::string stateText(int Z, int state)
{
    return symbolOf(Z) + (state > 0 ? " +" : state < 0 ? " −" : " ") + std::to_string(std::abs(state));
}
}

OxidationGuess guessOxidationStates(const Composition &composition)
{
    OxidationGuess guess;
    std::vector<Ion> ions;
    for (const auto &[Z, share] : normalised(composition)) {
        guess.states[Z] = 0;
        const Element &e = element(Z);
        ions.push_back({Z, share, e.electronegativity.value_or(0),
                        e.chargeCandidates.empty() ? std::vector{0} : e.chargeCandidates});
    }
    const Search search(std::move(ions));
    if (composition.size() < 2 || !search.canBeNegative())
        return guess;

    constexpr double none = std::numeric_limits<double>::infinity();
    const auto quick = search.best(none, 32);
    const double limit = quick ? search.leastCost(*quick, search.ions().size()) : none;
    const auto best = search.best(limit, std::numeric_limits<std::size_t>::max());
    for (std::size_t i = 0; i < search.ions().size(); ++i)
        guess.states[search.ions()[i].Z] = search.ions()[i].candidates[std::size_t(best->ranks[i])];
    guess.residual_e_per_atom = std::abs(best->charge);
    return guess;
}

Structure withOxidationStates(const Structure &structure)
{
    const auto isGiven = [](const Occupant &o) { return o.species.oxidationState.has_value(); };
    if (std::ranges::all_of(structure.sites, [&](const Site &s) { return std::ranges::all_of(s.occupants, isGiven); }))
        return structure;

    OxidationGuess guess = guessOxidationStates(compositionOf(structure));
    Structure result = structure;
    for (Site &site : result.sites) {
        const auto occupants = std::exchange(site.occupants, {});
        for (Occupant o : occupants) {
            if (!isGiven(o))
                o.species.oxidationState = guess.states[o.species.Z]; // 0 for an amount of nothing
            site.add(o);
        }
    }
    std::vector<std::string> states;
    for (const auto &[Z, state] : guess.states)
        states.push_back(stateText(Z, state));
    std::string text = "oxidation states guessed from the composition: " + joined(states, ", ");
    if (guess.residual_e_per_atom > 0.05)
        text += "; they leave " + fixed(guess.residual_e_per_atom, 2) + " e per atom";
    result.warnings.push_back({text});
    return result;
}

}
