// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// This header and cif.cpp are C++17, because gemmi's are (see README.md); nothing of gemmi shows here.
namespace engine {

/// A value as it stands in the file, quotes and text-field semicolons taken off.
struct CifValue {
    std::string text;
    int line = 0;        ///< on which it starts, from 1
    bool quoted = false; ///< in quotes or a text field: then "?" and "." are texts

    bool isUnknown() const { return !quoted && text == "?"; }
    bool isInapplicable() const { return !quoted && text == "."; }
    bool isGiven() const { return !isUnknown() && !isInapplicable(); }
};

/// A loop of the file, or a single tag with its value: that is a loop of one row.
/// Tags are in lower case, and their dots (DDLm, mmCIF) are underscores: "_Cell.length_a" is "_cell_length_a".
struct CifLoop {
    std::vector<std::string> tags;
    std::vector<CifValue> values; ///< row by row, N_rows × N_tags
    int line = 0;                 ///< of loop_, or of the tag
    bool dotted = false;          ///< the file writes its tags with a dot, as mmCIF does

    std::size_t rows() const { return values.size() / tags.size(); }
    std::optional<std::size_t> column(std::string_view tag) const;
    const CifValue &at(std::size_t row, std::size_t column) const { return values[row * tags.size() + column]; }
};

struct CifBlock {
    std::string name; ///< without data_
    int line = 0;
    std::vector<CifLoop> loops;

    /// The loop that has the tag, or null.
    const CifLoop *loopWith(std::string_view tag) const;

    /// The first row's value, or null when the block has no such tag, no row, or "?" or "." there.
    const CifValue *find(std::string_view tag) const;
};

struct CifRemark {
    std::string text;
    int line = 0;
};

struct CifDocument {
    std::vector<CifBlock> blocks;    ///< save frames are left out
    std::vector<CifRemark> warnings; ///< repeated tags and the like, which did not stop the reading
    std::optional<CifRemark> error;  ///< why the file is no CIF, with the cure; blocks then hold what stands before
};

/// CIF 1.1 text with LF line ends (see plain_text.h), more tolerant than the standard where nothing can be misread: bytes above
/// 127 in values, repeated tags (the first wins), tags without a value (not given), loops without rows.
CifDocument parseCif(std::string_view text);

/// Rotation parts are integers, translations are in 24ths: x' = rotation · x + translation/24.
struct TabulatedOperation {
    std::array<std::array<int, 3>, 3> rotation;
    std::array<int, 3> translation_24;
};

struct TabulatedGroup {
    int number;
    std::string hermannMauguin;                 ///< without its setting
    char setting;                               ///< '1', '2', 'H', 'R', or 0 for groups with one setting only
    std::vector<TabulatedOperation> operations; ///< all, centring included, translations in [0, 24)
};

/// By Hermann–Mauguin symbol, in any spelling that is met in files: "Fm-3m", "F m 3 m", "F_m_-3_m", "P2~1~/n", "P 21/c",
/// "R -3 m :H", "F d -3 m S". Without a setting: hexagonal axes and origin choice 1 where there is a choice.
std::optional<TabulatedGroup> groupOfHermannMauguin(std::string_view symbol);

/// By Hall symbol: one of the tabulated ones, blanks free, with or without a change of basis: "-P 2ybc (x-z,y,z)".
std::optional<TabulatedGroup> groupOfHall(std::string_view symbol);

/// By number, 1 … 230; hexagonal axes and origin choice 1 where there is a choice.
std::optional<TabulatedGroup> groupOfNumber(int number);

/// The group in its other setting, where it has two: rhombohedral for hexagonal axes, origin choice 2 for 1.
std::optional<TabulatedGroup> otherSetting(const TabulatedGroup &group);

/// Whether the Hermann–Mauguin symbol names its setting (":2", "S", "H").
bool namesSetting(std::string_view hermannMauguin);

}
