// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/crystal/lattice.h"
#include "engine/crystal/symmetry.h"

#include <array>
#include <compare>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace engine {

/// An element with an oxidation state, where one is known.
struct Species {
    int Z = 0;
    std::optional<double> oxidationState;

    bool operator==(const Species &) const = default;
    auto operator<=>(const Species &) const = default;
};

struct Occupant {
    Species species;
    double occupancy = 1.0;
    double occupancy_su = 0.0; ///< standard uncertainty, 0 when not given

    bool operator==(const Occupant &) const = default;
};

/// One position of the crystal, with all that shares it. Occupancies that add up to less than 1 leave vacancies.
struct Site {
    Vector3 fractional = Vector3::Zero();    ///< in [0, 1) when read from a CIF
    std::vector<Occupant> occupants;         ///< every species once, sorted by Z, then oxidation state
    std::string label;                       ///< of the first row that opened the site, such as "Li1"; may be empty
    std::string disorderGroup;               ///< "assembly:group" of the CIF, empty for most sites
    Vector3 fractional_su = Vector3::Zero(); ///< standard uncertainties, 0 when not given
    int row = -1; ///< sites with the same row ≥ 0 are symmetry images of one row of the file; −1: unknown

    double occupancy() const; ///< of all species together
    double occupancyOf(int Z) const;
    bool isDisordered() const;          ///< more than one species, or an occupancy off 1 by more than 1e-6
    void add(const Occupant &occupant); ///< keeps the order; the amounts of a species that is there already add up
    bool operator==(const Site &) const = default;
};

/// Something the reader had to decide or the user should know.
struct Warning {
    std::string text;
    int line = 0; ///< of the file, from 1; 0 when it concerns no line

    bool operator==(const Warning &) const = default;
};

/// A crystal: a cell and every site in it. A disordered site stays one site.
struct Structure {
    std::string id; ///< the file's stem, or "stem#name" for one of many
    Lattice lattice;
    std::vector<Site> sites;
    std::string headerFormula;                 ///< _chemical_formula_sum or its like, as read
    SpaceGroup spaceGroup;                     ///< as read, not searched for
    std::vector<SymmetryOperation> operations; ///< those that made the sites; empty when all sites were listed
    bool hasOxidationStates = false;           ///< given by the file, for all species
    std::array<double, 6> cell_su{};           ///< Å and degrees, 0 when not given
    std::vector<Warning> warnings;
    std::map<std::string, std::string> properties; ///< further columns of a database's record, such as "band_gap"

    bool isOrdered() const; ///< no disordered site
    bool operator==(const Structure &) const = default;
};

}
