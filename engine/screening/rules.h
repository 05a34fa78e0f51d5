// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/crystal/composition.h"

#include <vector>

namespace engine {

/// Whether no training composition is the candidate's own: one with exactly the same elements, each within `tolerance` of the
/// candidate's in atomic fraction (absolute, inclusive; 0.05 is the paper's five percent).
bool isNovel(const Composition &candidate, const std::vector<Composition> &training, double tolerance);

/// Whether it contains none of H, B, C, N, O, F, Si, P, S, Cl, Ge, As, Se, Br, Sb, Te, I, Bi; when strict, none of
/// H, C, N, O, F, P, S, Cl, Se, Br, Te, I, so that borides, silicides, arsenides and their like count too.
bool isIntermetallic(const Composition &composition, bool strict);

}
