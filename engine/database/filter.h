// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/database/entry.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace engine {

/// What a filter may ask of an entry besides the entry itself.
struct EntryFacts {
    std::optional<bool> isOrdered; ///< of the structure; nothing without one
    double threshold_S_cm = 1e-4;
};

/// Chooses entries by a line of words, all of which must hold:
///
///     sg:Ia-3d σ>1e-4 disordered          garnets that conduct
///     el:Li,P,S -el:O family:argyrodite   a minus turns a word round
///     Ea<=0.35 how:extrapolated "solid solution"
///
/// - a plain word, or several in quotes, is looked for in id, formula, family, DOI and note;
/// - `id: formula: sg: family: doi: status: partition: how: note: curator: icsd:` look in one field: sg and icsd for the very number or
///   symbol (blanks apart), the others for a part of the text; upper and lower case are alike except in formulas;
/// - `el:Li,O` wants all of these elements;
/// - `σ sigma Ea T` with `> >= < <= =` compare numbers in S/cm, eV and K (T: the lowest measured temperature); an upper bound is no
///   more than its value and never above anything; an entry without the number does not hold;
/// - `ordered disordered superionic bound structure` are claims.
class EntryFilter {
public:
    EntryFilter() = default; ///< lets everything pass

    /// Throws Error that names the word and the words that would do.
    static EntryFilter parse(std::string_view text);

    bool passes(const Entry &entry, const EntryFacts &facts) const;

private:
    using Condition = std::function<bool(const Entry &, const EntryFacts &)>;
    std::vector<Condition> m_conditions;
};

}
