// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/crystal/structure.h"

#include <map>
#include <string>
#include <string_view>

namespace engine {

/// Amount of every element (key: Z), in atoms per cell or per formula. Never holds zeros.
using Composition = std::map<int, double>;

/// Sum of the occupancies over all sites.
Composition compositionOf(const Structure &structure);

/// Nested brackets ( ) [ ] { }, decimal multipliers, spaces; D and T count as H. Throws Error naming the text and the place
/// for unknown elements, templates ("1+x"), hydrate dots and asterisks.
Composition parseFormula(std::string_view formula);

Composition normalised(const Composition &composition); ///< amounts add up to 1
double atoms(const Composition &composition);

/// "Li10 Ge1 P2 S12": elements by electronegativity (those without one first), then symbol; amounts with up to 8 decimals.
std::string formula(const Composition &composition);

/// "Li10Ge(PS6)2": divided by the common divisor when all amounts are whole numbers within 1e-8·atoms, polyanions grouped,
/// as pymatgen's reduced formula (Li2O2 and O2 are not halved); otherwise the amounts as they are, "Li24.19992Si0.2P3.8S20Br4".
std::string reducedFormula(const Composition &composition);

/// "Li-P-S", symbols sorted by letter.
std::string chemicalSystem(const Composition &composition);

}
