// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/crystal/structure.h"

#include <string_view>

namespace engine {

/// C cation, A anion, M mobile ion, N neutral; S: species replaced by a stand-in of their kind (crystal.md section 7).
enum class Simplification { CAMN, CAN, CAMNS, CANS };

std::string_view toText(Simplification simplification);          ///< "camns"
Simplification parseSimplification(std::string_view text);       ///< any case; throws Error that lists the four

/// CAMN: as it is. CAN: lithium removed. CAMNS: every other species becomes Al (cation), S (anion) or Mg (neutral), amounts on
/// one site added. CANS: both. Oxidation states (guessed when the file gives none) are dropped after use. Cell, positions and
/// occupancies of the remaining sites are unchanged.
Structure simplify(const Structure &structure, Simplification simplification, int mobileZ = 3);

}
