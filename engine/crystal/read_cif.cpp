// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/text.h"
#include "engine/crystal/cif.h"
#include "engine/crystal/cif_atoms.h"
#include "engine/crystal/cif_symmetry.h"
#include "engine/crystal/composition.h"
#include "engine/crystal/element.h"
#include "engine/crystal/expand.h"
#include "engine/crystal/plain_text.h"
#include "engine/crystal/read.h"
#include "engine/crystal/read_parts.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace engine {

namespace {

constexpr std::array cellTags{"_cell_length_a",    "_cell_length_b",   "_cell_length_c",
                              "_cell_angle_alpha", "_cell_angle_beta", "_cell_angle_gamma"};

bool hasCell(const CifBlock &block)
{
    return block.loopWith(cellTags[0]) || block.loopWith(cellTags[1]);
}

bool hasAtoms(const CifBlock &block)
{
    for (const char *tag : {"_atom_site_fract_x", "_atom_site_cartn_x"})
        if (const CifLoop *loop = block.loopWith(tag); loop && loop->rows() > 0)
            return true;
    return false;
}

/// Kinds of CIF that hold no crystal structure of atoms in a small cell; nothing for the others.
std::optional<std::string> foreignKind(const CifBlock &block)
{
    const auto has = [&](const char *tag) { return block.loopWith(tag) != nullptr; };
    if (has("_atom_site_group_pdb") || has("_atom_site_label_comp_id") || has("_entity_poly_entity_id"))
        return "a macromolecular file (mmCIF); only crystal structures with all atoms are read";
    if (has("_chem_comp_id") || has("_chem_comp_atom_comp_id"))
        return "a chemical component (monomer) without a crystal; only crystal structures are read";
    if ((has("_refln_index_h") || has("_diffrn_refln_index_h")) && !hasAtoms(block))
        return "reflection data without atoms; only crystal structures are read";
    if (has("_cell_subsystem_code") || has("_atom_site_subsystem_code"))
        return "a composite crystal of several subsystems, which has no common three-dimensional cell";
    return {};
}

/// The six parameters as far as they are given.
PartialCell readCell(const CifBlock &block, std::array<double, 6> &su)
{
    PartialCell cell;
    for (int i = 0; i < 6; ++i) {
        const CifValue *value = block.find(cellTags[i]);
        if (!value)
            continue;
        const auto number = parseMeasured(trimmed(value->text));
        if (!number)
            throw errorAt(value->line,
                          std::string(cellTags[i]) + " \"" + value->text.substr(0, 40) + "\" is no number");
        if (i < 3 && !(number->value > 0 && number->value < 10000))
            throw errorAt(value->line,
                          std::string(cellTags[i]) + " is " + value->text + ", which is no length of a cell in Å");
        cell[i] = number->value;
        su[i] = number->su;
    }
    for (int i = 0; i < 3; ++i)
        if (!cell[i])
            throw errorAt(block.line, std::string("no ") + cellTags[i]);
    return cell;
}

Lattice latticeOf(const CifBlock &block, PartialCell &cell, const std::vector<SymmetryOperation> &operations,
                  std::vector<Warning> &warnings)
{
    if (completeAngles(cell, operations) > 0)
        warnings.push_back({"cell angles that are not given were taken from the symmetry", block.line});
    std::array<double, 6> parameters;
    for (int i = 0; i < 6; ++i) {
        if (!cell[i])
            throw errorAt(block.line, std::string("no ") + cellTags[i] + ", and the symmetry does not fix it");
        parameters[i] = *cell[i];
    }
    const CifValue *a = block.find(cellTags[0]);
    Lattice lattice;
    try {
        lattice = Lattice::fromParameters(parameters[0], parameters[1], parameters[2], parameters[3], parameters[4],
                                          parameters[5]);
    } catch (const Error &e) {
        throw errorAt(a->line, e.what());
    }
    if (!fitsLattice(parameters, operations))
        warnings.push_back(
            {"the symmetry operations do not suit the cell: they would make edges or angles equal that are not",
             a->line});
    return lattice;
}

/// The formula that the file states.
const CifValue *headerFormula(const CifBlock &block)
{
    for (const char *tag : {"_chemical_formula_sum", "_chemical_formula_structural", "_chemical_formula_moiety"})
        if (const CifValue *value = block.find(tag); value && !trimmed(value->text).empty())
            return value;
    return nullptr;
}

std::optional<Composition> headerComposition(const CifBlock &block)
{
    const CifValue *sum = block.find("_chemical_formula_sum");
    if (!sum)
        return {};
    try {
        return parseFormula(trimmed(sum->text));
    } catch (const Error &) {
        return {}; // formulas of free text, such as "(Li, Na) Cl": nothing to compare with
    }
}

/// The composition if the occupancies count the site symmetry, as some refinement programs print them: 0.5 for a full atom on
/// a mirror plane.
Composition withoutSiteSymmetry(const Structure &structure)
{
    std::map<int, double> images; // of every row
    for (const Site &site : structure.sites)
        images[site.row] += 1;
    Composition composition;
    for (const Site &site : structure.sites)
        for (const Occupant &occupant : site.occupants)
            composition[occupant.species.Z] +=
                occupant.occupancy * double(structure.operations.size()) / images[site.row];
    return composition;
}

/// By more than rounding.
bool differ(const Composition &one, const Composition &other)
{
    const Composition a = normalised(one), b = normalised(other);
    for (int Z = 1; Z <= largestZ; ++Z) {
        const double x = a.contains(Z) ? a.at(Z) : 0, y = b.contains(Z) ? b.at(Z) : 0;
        if (std::abs(x - y) > 0.001 + 0.03 * std::max(x, y))
            return true;
    }
    return false;
}

/// Warns when the sites are not what the formula says.
void compareFormula(const CifBlock &block, const Composition &header, const Structure &structure, bool lacksHydrogens,
                    std::vector<Warning> &warnings)
{
    Composition sites = compositionOf(structure), stated = header;
    if (lacksHydrogens) { // already said
        sites.erase(1);
        stated.erase(1);
    }
    if (sites.empty() || stated.empty())
        return;
    const int line = block.find("_chemical_formula_sum")->line;
    if (differ(sites, stated)) {
        std::string text =
            "the formula of the file is " + reducedFormula(stated) + ", its sites hold " + reducedFormula(sites);
        if (!structure.operations.empty()) {
            Composition full = withoutSiteSymmetry(structure);
            for (Composition *composition : {&sites, &stated, &full})
                composition->erase(1); // hydrogen atoms are often not listed
            if (!full.empty() && !stated.empty() && differ(sites, stated) && !differ(full, stated))
                text += "; the two agree when each occupancy is divided by the share of its special position: do the "
                        "occupancies count the site symmetry?";
        }
        warnings.push_back({std::move(text), line});
        return;
    }
    const CifValue *units = block.find("_cell_formula_units_z");
    const auto Z = units ? parseDouble(trimmed(units->text)) : std::nullopt;
    if (!Z || *Z <= 0)
        return;
    // Some programs write the formula of the whole cell beside the Z of the reduced one.
    const bool isWholeCell =
        std::ranges::all_of(stated, [&](const auto &entry) { return std::fmod(entry.second, *Z) == 0; });
    const double found = atoms(sites) / atoms(stated);
    if (std::abs(found / *Z - 1) > 0.05 && !(isWholeCell && std::abs(found - 1) < 0.05))
        warnings.push_back({"the file says Z = " + shortest(*Z) + ", its sites are " + fixed(found, 2) +
                                " formula units; are symmetry operations or atoms missing?",
                            units->line});
}

void noteSpecialKinds(const CifBlock &block, std::vector<Warning> &warnings)
{
    const auto startsWith = [&](std::initializer_list<std::string_view> prefixes) -> const CifLoop * {
        for (const CifLoop &loop : block.loops)
            for (const std::string &tag : loop.tags)
                if (std::ranges::any_of(prefixes, [&](std::string_view prefix) { return tag.starts_with(prefix); }))
                    return &loop;
        return nullptr;
    };
    if (const CifLoop *loop =
            startsWith({"_space_group_symop_ssg", "_space_group_ssg", "_symmetry_ssg", "_atom_site_fourier_wave",
                        "_atom_site_displace_fourier", "_cell_modulation_dimension", "_space_group_symop_magn_ssg"}))
        warnings.push_back({"a modulated structure: only its average in three dimensions is read", loop->line});
    if (const CifLoop *loop = startsWith({"_atom_site_moment", "_space_group_symop_magn", "_space_group_magn"}))
        warnings.push_back({"a magnetic structure: atoms and cell are read, moments are not", loop->line});
}

Structure readBlock(const CifBlock &block, const ReadOptions &options)
{
    if (const auto kind = foreignKind(block))
        throw errorAt(block.line, *kind);
    if (!hasCell(block))
        throw errorAt(block.line, std::string("no ") + cellTags[0]);

    Structure structure;
    auto &warnings = structure.warnings;
    PartialCell cell = readCell(block, structure.cell_su);
    CifSymmetry symmetry = readSymmetry(block, cell, warnings);
    structure.lattice = latticeOf(block, cell, symmetry.operations, warnings);
    structure.spaceGroup = symmetry.group;

    const auto header = headerComposition(block);
    if (const CifValue *formula = headerFormula(block))
        for (const std::string_view word : words(formula->text))
            structure.headerFormula += (structure.headerFormula.empty() ? "" : " ") + std::string(word);
    const CifAtoms atoms = readAtoms(block, structure.lattice, header, warnings);
    structure.hasOxidationStates = atoms.hasOxidationStates;
    structure.sites = expandRows(atoms.rows, symmetry.operations, options.largestOccupancySum, warnings);
    noteOverlaps(structure, atoms.rows);
    if (symmetry.operations.size() > 1)
        structure.operations = std::move(symmetry.operations);
    if (header)
        compareFormula(block, *header, structure, atoms.lacksHydrogens, warnings);
    noteSpecialKinds(block, warnings);
    return structure;
}

/// Why a file without any structure block has none.
std::string nothingHere(const CifDocument &document)
{
    if (document.blocks.empty())
        return "an empty file, or comments only";
    for (const CifBlock &block : document.blocks)
        if (const auto kind = foreignKind(block))
            return *kind;
    return "no crystal structure: no cell (_cell_length_a) and no atoms (_atom_site_fract_x)";
}

}

ReadResult readCifBlocks(std::string_view text, std::string_view name, const ReadOptions &options)
{
    CifDocument document;
    try {
        document = parseCif(plainText(text));
        if (document.error)
            throw errorAt(document.error->line, document.error->text);
    } catch (const Error &e) {
        return {{}, {rejectOf(std::string(name), e)}};
    }

    // A block with neither cell nor atoms holds something else (a publication's text, reflections) and is no loss.
    std::vector<const CifBlock *> candidates;
    for (const CifBlock &block : document.blocks)
        if (hasAtoms(block) || (hasCell(block) && !foreignKind(block)))
            candidates.push_back(&block);
    // Where some blocks have both, cells alone are those of measurements.
    if (std::ranges::any_of(candidates, [](const CifBlock *block) { return hasCell(*block) && hasAtoms(*block); }))
        std::erase_if(candidates, [](const CifBlock *block) { return !hasAtoms(*block); });
    if (candidates.empty())
        return {{}, {{std::string(name), nothingHere(document)}}};

    ReadResult result;
    DistinctIds distinct;
    for (const CifBlock *block : candidates) {
        const bool isOnly = candidates.size() == 1;
        try {
            Structure structure = readBlock(*block, options);
            structure.id = isOnly ? stemOf(name) : distinct(stemOf(name) + "#" + block->name);
            for (const CifRemark &remark : document.warnings)
                if (remark.line >= block->line && (block == &document.blocks.back() || remark.line < (block + 1)->line))
                    structure.warnings.push_back({remark.text, remark.line});
            std::ranges::stable_sort(structure.warnings, {}, &Warning::line);
            result.structures.push_back(std::move(structure));
        } catch (const Error &e) {
            result.rejects.push_back(rejectOf(isOnly ? std::string(name) : std::string(name) + "#" + block->name, e));
        }
    }
    return result;
}

ReadResult readCif(std::string_view text, std::string_view name, const ReadOptions &options)
{
    return needStructures(readCifBlocks(text, name, options));
}

}
