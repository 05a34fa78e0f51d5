// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/matrix.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace engine {

/// x' = rotation · x + translation in fractional coordinates.
struct SymmetryOperation {
    Eigen::Matrix3i rotation = Eigen::Matrix3i::Identity();
    Vector3 translation = Vector3::Zero();

    Vector3 operator()(const Vector3 &x) const { return rotation.cast<double>() * x + translation; }
    bool operator==(const SymmetryOperation &) const = default;
};

/// "x, -y+1/2, 0.5+z" in all spellings of crystal.md section 1.4. Throws Error quoting the text when it is not one.
SymmetryOperation parseSymmetryOperation(std::string_view text);

/// "x,-y+1/2,z+1/2"
std::string toText(const SymmetryOperation &operation);

struct TabulatedGroup; // cif.h

/// The operations of an entry of the table of groups, translations in [0, 1).
std::vector<SymmetryOperation> operationsOf(const TabulatedGroup &group);

struct SpaceGroup {
    int number = 0;     ///< 1 … 230; 0 when unknown
    std::string symbol; ///< Hermann–Mauguin, as read ("Ia-3d", "R -3 m :H"); may be empty
    bool operator==(const SpaceGroup &) const = default;
};

/// All operations of a space group with their translations in [0, 1), centring included. The symbol may be Hermann–Mauguin
/// in any spacing, with a setting (":1", ":2", "S", "Z", ":H", ":R") or Hall. Nothing when the symbol is unknown.
std::optional<std::vector<SymmetryOperation>> operationsOfSymbol(std::string_view symbol);

/// By number: R groups on hexagonal axes, origin choice 1 where there are two. Nothing outside 1 … 230.
std::optional<std::vector<SymmetryOperation>> operationsOfNumber(int number);

/// The standard number and short symbol for a symbol in any spelling, or nothing.
std::optional<SpaceGroup> spaceGroupOfSymbol(std::string_view symbol);
std::optional<SpaceGroup> spaceGroupOfNumber(int number);

}
