// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/crystal/composition.h"

#include <map>

namespace engine {

/// One oxidation state per element that makes the composition neutral, or nearly so.
struct OxidationGuess {
    std::map<int, int> states;       ///< Z → state; all zero for a metal or an element
    double residual_e_per_atom = 0;  ///< |Σ n q| / N_atoms that is left
};

/// The charge-balance rule of megnet.md section 4: enumerates chargeCandidates, cost = |Σ n q|/N + 0.02 Σ ranks
/// + 0.2 · (pairs whose less electronegative element is the negative one).
OxidationGuess guessOxidationStates(const Composition &composition);

/// The structure with an oxidation state on every species: the file's where it gave them, else guessed, which adds a warning.
Structure withOxidationStates(const Structure &structure);

}
