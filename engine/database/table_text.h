// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace engine {

/// What is left of a cell without soft hyphens, byte-order marks, zero-width and combining characters, with plain spaces, trimmed.
/// Greek letters, middle dots and dashes stay: they are part of names.
std::string cleaned(std::string_view cell);

/// The number in a cleaned cell, whichever minus sign was set: "1.2E−4" gives 1.2e-4. Nothing when it is none.
std::optional<double> numberIn(std::string_view cell);

/// A Hermann–Mauguin symbol with every overlined digit as minus and digit: "P1" with a combining overline gives "P-1".
std::string spaceGroupSymbolIn(std::string_view cell);

/// Digits of a collection code that may have been written as a decimal number: "155950.0" gives "155950". Empty when it is none.
std::string icsdCodeIn(std::string_view cell);

}
