// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/crystal/expand.h"
#include "engine/crystal/read.h"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

// What the readers of the formats have in common.
namespace engine {

/// An error at a place of the file; the readers' callers put the file's name before it.
Error errorAt(int line, const std::string &text);

/// The reason of a Reject, "line 12: no such", as the message of an Error, "Li3N.cif:12: no such".
Error errorOf(const Reject &reject);

/// The result itself, or Error with the first reject's reason when it has no structure.
ReadResult needStructures(ReadResult result);

/// The formats' readers: what cannot be read becomes a Reject, never an Error.
ReadResult readCifBlocks(std::string_view text, std::string_view name, const ReadOptions &options);
ReadResult readPymatgenRecords(std::string_view text, std::string_view name, const ReadOptions &options);
ReadResult readOptimadeRecords(std::string_view text, std::string_view name, const ReadOptions &options);
ReadResult readPoscarText(std::string_view text, std::string_view name, const ReadOptions &options);

/// What the error says, for tables and dialogs: a text of the file in it that goes on and on is cut.
Reject rejectOf(std::string name, const Error &error);

/// Tells equal ids apart by "-2", "-3" …, in time that does not grow with their number.
class DistinctIds {
public:
    std::string operator()(const std::string &id);

private:
    std::unordered_map<std::string, int> m_given; ///< id, and the last number behind it
};

/// Whether a position is a number and at most 1000 cells away.
bool isNearTheCell(const Vector3 &fractional);

/// A number with its standard uncertainty: "5.432(3)", "5.432(3" and "0.42E-3(15)".
struct Measured {
    double value = 0;
    double su = 0; ///< 0 when not given
};
std::optional<Measured> parseMeasured(std::string_view text);

/// The charge in a symbol such as "Li1+", "O2-", "Fe+3", "Na+"; nothing when there is none.
std::optional<double> chargeOf(std::string_view symbol);

/// No atom has more than 9 charges; files of averages and of superatoms get some room.
inline bool isPossibleState(double state)
{
    return state >= -20 && state <= 20;
}

/// The element and its charge, of symbols such as "Li", "Li+", "Fe3+", "O2-". Throws Error for anything else.
Species parseSpecies(std::string_view symbol);

/// Puts the occupant on the site: amounts of equal species add up; occupants stay sorted.
void addOccupant(Site &site, const Occupant &occupant);

/// Occupancies that add up to more than 1 are scaled down, with a warning, when their sum is at most `largestSum`.
/// Throws Error for a larger sum and for negative occupancies. `line` is that of the site, or 0.
void limitOccupancy(Site &site, double largestSum, int line, std::vector<Warning> &warnings);

/// Rows a, b, c in Å. Throws Error when they enclose no volume or are longer than any crystal's.
Lattice latticeOfVectors(const Matrix3 &vectors);

/// Warns of atoms that cannot both be there: closer than 0.5 Å, with occupancies that add up to more than 1, or more than one in 1 Å³. Site::row is an index
/// into `rows`.
void noteOverlaps(Structure &structure, const std::vector<AtomRow> &rows);

/// Sites of a structure all of whose atoms are listed; positions are wrapped, and species at one position become one site.
/// Sets hasOxidationStates too. Throws Error for no rows, positions far outside the cell and as limitOccupancy does.
void setSites(Structure &structure, const std::vector<AtomRow> &rows, double largestOccupancySum);

}
