// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace engine {

/// What resources/elements.csv says of one element; sources are in resources/README.md.
struct Element {
    int Z;
    std::string symbol;
    double mass_u;
    std::optional<double> electronegativity; ///< Pauling; none for He, Ne, Ar …
    std::optional<double> covalentRadius_A;  ///< Cordero et al. 2008
    int modifiedPettifor;                    ///< Glawe et al. 2016; He 0 … H 102
    std::vector<int> chargeCandidates;       ///< oxidation states, the likeliest first; empty: forms no ions
    std::vector<int> knownCharges;           ///< all oxidation states seen in crystals
};

inline constexpr int largestZ = 103;

/// 1 ≤ Z ≤ largestZ.
const Element &element(int Z);
const std::string &symbolOf(int Z);

/// "Li" gives 3. Case matters ("Co" and "CO" differ). D and T are hydrogen. Nothing for anything else.
std::optional<int> atomicNumber(std::string_view symbol);

}
