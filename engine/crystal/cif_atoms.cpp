// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/crystal/cif_atoms.h"

#include "engine/core/text.h"
#include "engine/crystal/element.h"
#include "engine/crystal/read_parts.h"

#include <Eigen/LU>

#include <array>
#include <cctype>
#include <cmath>
#include <map>
#include <set>

namespace engine {

namespace {

bool isLetter(char c)
{
    return std::isalpha(static_cast<unsigned char>(c));
}

/// The columns of the atom list; a missing one gives no value.
struct Columns {
    const CifLoop *loop = nullptr;
    std::size_t row = 0;

    const CifValue *operator()(std::string_view tag) const
    {
        const auto column = loop->column(tag);
        return column ? &loop->at(row, *column) : nullptr;
    }
    /// The text, or nothing for a missing column, "?" and ".".
    std::optional<std::string_view> given(std::string_view tag) const
    {
        const CifValue *value = (*this)(tag);
        return value && value->isGiven() ? std::optional(trimmed(value->text)) : std::nullopt;
    }
};

/// Oxidation states by type symbol, from the loop of _atom_type_oxidation_number.
std::optional<std::map<std::string, double, std::less<>>> oxidationTable(const CifBlock &block,
                                                                         std::vector<Warning> &warnings)
{
    const CifLoop *loop = block.loopWith("_atom_type_oxidation_number");
    if (!loop || !loop->column("_atom_type_symbol"))
        return {};
    std::map<std::string, double, std::less<>> table;
    bool anyCharge = false;
    for (std::size_t row = 0; row < loop->rows(); ++row) {
        const CifValue &symbol = loop->at(row, *loop->column("_atom_type_symbol"));
        const CifValue &number = loop->at(row, *loop->column("_atom_type_oxidation_number"));
        if (!number.isGiven())
            continue;
        const auto state = parseMeasured(trimmed(number.text));
        if (!state)
            throw errorAt(number.line, "the oxidation number \"" + number.text + "\" is no number");
        if (!isPossibleState(state->value))
            throw errorAt(number.line, "the oxidation number " + number.text + " is impossible");
        table.emplace(trimmed(symbol.text), state->value);
        anyCharge |= state->value != 0;
    }
    if (table.empty())
        return {};
    // Some programs fill the column with zeros: a compound of several elements is not meant to be all neutral.
    if (!anyCharge && table.size() > 1) {
        warnings.push_back({"all oxidation numbers are 0 and were taken as not given", loop->line});
        return {};
    }
    return table;
}

double fractionalNumber(const CifValue &value, const char *what)
{
    const std::string_view text = trimmed(value.text);
    // "1/4" is met for special positions.
    if (const auto slash = text.find('/'); slash != text.npos) {
        const auto numerator = parseDouble(text.substr(0, slash)), denominator = parseDouble(text.substr(slash + 1));
        if (numerator && denominator && *denominator != 0)
            return *numerator / *denominator;
    }
    const auto number = parseMeasured(text);
    if (!number)
        throw errorAt(value.line, std::string(what) + " \"" + std::string(text.substr(0, 40)) + "\" is no number");
    return number->value;
}

/// fractional = matrix · cartesian + origin
struct ToFractional {
    Matrix3 matrix;
    Vector3 origin = Vector3::Zero();
};

ToFractional cartesianConversion(const CifBlock &block, const Lattice &lattice, int line,
                                 std::vector<Warning> &warnings)
{
    const auto numbers = [&](const std::string &kind, Matrix3 &matrix, Vector3 &origin) {
        for (int i = 0; i < 3; ++i) {
            for (int j = 0; j < 3; ++j) {
                const CifValue *value =
                    block.find(kind + "_tran_matrix_" + std::to_string(i + 1) + std::to_string(j + 1));
                if (!value)
                    return false;
                matrix(i, j) = fractionalNumber(*value, "the matrix element");
            }
            if (const CifValue *value = block.find(kind + "_tran_vector_" + std::to_string(i + 1)))
                origin[i] = fractionalNumber(*value, "the vector component");
        }
        return true;
    };
    ToFractional conversion;
    Matrix3 toCartesian;
    Vector3 shift = Vector3::Zero();
    if (numbers("_atom_sites_fract", conversion.matrix, conversion.origin))
        return conversion;
    if (numbers("_atom_sites_cartn", toCartesian, shift) && std::abs(toCartesian.determinant()) > 1e-9)
        return {toCartesian.inverse(), -(toCartesian.inverse() * shift)};
    warnings.push_back(
        {"the atoms have Cartesian coordinates and the file does not say how these axes lie in the cell; "
         "x along a and y in the ab plane is assumed",
         line});
    return {lattice.vectors.transpose().inverse()};
}

/// Coordinates a hair from 1/3 or 2/3 were cut off there: special positions need all digits. Returns whether it was one.
bool roundThird(double &coordinate)
{
    for (const double third : {1.0 / 3, 2.0 / 3})
        if (coordinate != third && std::abs(1 - coordinate / third) < 1e-4) {
            coordinate = third;
            return true;
        }
    return false;
}

struct Occupancy {
    double value = 1;
    double su = 0;
};

Occupancy occupancyOf(const Columns &atom, const std::string &label)
{
    const CifValue *value = atom("_atom_site_occupancy");
    if (!value || !value->isGiven())
        return {};
    const auto occupancy = parseMeasured(trimmed(value->text));
    if (!occupancy)
        throw errorAt(value->line, "the occupancy \"" + value->text.substr(0, 40) + "\" of " + label + " is no number");
    if (occupancy->value < 0)
        throw errorAt(value->line, label + " has the negative occupancy " + value->text);
    return {occupancy->value, occupancy->su};
}

/// Counts what happens to many rows, for one warning with the first line.
struct Tally {
    int count = 0;
    int line = 0;
    std::string first;

    void add(int at, const std::string &name)
    {
        if (count++ == 0) {
            line = at;
            first = name;
        }
    }
    void report(std::vector<Warning> &warnings, const std::string &what) const
    {
        if (count > 0)
            warnings.push_back(
                {what + " (" + first + (count > 1 ? " and " + std::to_string(count - 1) + " more)" : ")"), line});
    }
};

}

int elementOfLabel(std::string_view label, const std::optional<Composition> &header)
{
    if (lowered(label.substr(0, 3)) == "wat")
        return 8; // water; "Ow" and "Hw" read as O and H by themselves
    if (label.empty() || !isLetter(label[0]))
        return 0;
    const char first = char(std::toupper(static_cast<unsigned char>(label[0])));
    const int one = atomicNumber(std::string_view(&first, 1)).value_or(0);
    if (label.size() < 2 || !isLetter(label[1]))
        return one;
    const char both[] = {first, char(std::tolower(static_cast<unsigned char>(label[1])))};
    const int two = atomicNumber(std::string_view(both, 2)).value_or(0);
    if (two == 0 || (header && one != 0 && header->contains(one) && !header->contains(two)))
        return one;
    return two;
}

CifAtoms readAtoms(const CifBlock &block, const Lattice &lattice, const std::optional<Composition> &header,
                   std::vector<Warning> &warnings)
{
    static constexpr std::array axes{"_atom_site_fract_x", "_atom_site_fract_y", "_atom_site_fract_z"};
    static constexpr std::array cartesianAxes{"_atom_site_cartn_x", "_atom_site_cartn_y", "_atom_site_cartn_z"};

    Columns atom;
    bool isCartesian = false;
    if (!(atom.loop = block.loopWith(axes[0]))) {
        isCartesian = (atom.loop = block.loopWith(cartesianAxes[0]));
        if (!isCartesian)
            throw errorAt(block.line, "no atom sites (_atom_site_fract_x and its companions)");
    }
    for (const char *axis : isCartesian ? cartesianAxes : axes)
        if (!atom.loop->column(axis))
            throw errorAt(atom.loop->line, std::string("the atom list has no ") + axis);
    if (!atom.loop->column("_atom_site_label") && !atom.loop->column("_atom_site_type_symbol"))
        throw errorAt(atom.loop->line, "the atom list names no atoms; add _atom_site_type_symbol or _atom_site_label");
    ToFractional conversion;
    if (isCartesian)
        conversion = cartesianConversion(block, lattice, atom.loop->line, warnings);

    // What the labels say by themselves, and where: "S" and "Se" on one position are two elements, whatever the formula says.
    const auto place = [&] {
        std::array<std::string_view, 3> texts;
        for (int i = 0; i < 3; ++i)
            texts[i] = trimmed(atom((isCartesian ? cartesianAxes : axes)[i])->text);
        return texts;
    };
    std::set<std::pair<std::array<std::string_view, 3>, int>> named;
    if (header)
        for (atom.row = 0; atom.row < atom.loop->rows(); ++atom.row)
            named.emplace(place(), elementOfLabel(atom.given("_atom_site_label").value_or("")));

    const auto table = oxidationTable(block, warnings);
    CifAtoms atoms;
    std::size_t charged = 0;
    Tally thirds, dummies, vacancies, unplaced, attached, relabelled;
    for (atom.row = 0; atom.row < atom.loop->rows(); ++atom.row) {
        AtomRow row;
        row.line = atom(isCartesian ? cartesianAxes[0] : axes[0])->line;
        const auto type = atom.given("_atom_site_type_symbol"), label = atom.given("_atom_site_label");
        const std::string_view symbol = type ? *type : label.value_or("");
        row.label = label.value_or(symbol);
        const std::string name = row.label.empty() ? "the atom in row " + std::to_string(atom.row + 1) : row.label;

        bool isPlaced = true, isBlank = symbol.empty();
        for (const char *axis : isCartesian ? cartesianAxes : axes) {
            isPlaced &= atom(axis)->isGiven();
            isBlank &= !atom(axis)->isGiven();
        }
        if (isBlank)
            continue; // "? ? ? ?": the form was never filled in
        if (const auto flag = atom.given("_atom_site_calc_flag"); flag && lowered(*flag) == "dum") {
            dummies.add(row.line, name);
            continue;
        }
        if (lowered(symbol.substr(0, 3)) == "vac" ||
            (type && lowered(*type) == "va" && !(header && header->contains(23)))) {
            vacancies.add(row.line, name);
            continue;
        }
        row.species.Z = elementOfLabel(symbol);
        if (const int byFormula = type ? 0 : elementOfLabel(symbol, header);
            byFormula != 0 && byFormula != row.species.Z && !named.contains({place(), byFormula})) {
            row.species.Z = byFormula;
            relabelled.add(row.line, name + " as " + symbolOf(byFormula));
        }
        if (row.species.Z == 0)
            throw errorAt(row.line, "\"" + std::string(symbol.substr(0, 40)) + "\" names no element; " +
                                        (isLetter(symbol.empty() ? ' ' : symbol[0])
                                             ? "write it in _atom_site_type_symbol"
                                             : "does the atom list have as many tags as its rows have values?"));
        if (type && type->find('/') != type->npos)
            throw errorAt(row.line, "\"" + std::string(type->substr(0, 40)) +
                                        "\" names more than one element; give each its own row with its occupancy");

        const Occupancy occupancy = occupancyOf(atom, name);
        if (occupancy.value == 0)
            continue;
        row.occupancy = occupancy.value;
        row.occupancy_su = occupancy.su;

        if (!isPlaced && row.species.Z == 1) {
            unplaced.add(row.line, name);
            continue;
        }
        if (!isPlaced)
            throw errorAt(row.line, name + " has no coordinates; complete them or delete the row");
        bool isRounded = false;
        for (int i = 0; i < 3; ++i) {
            const CifValue &value = *atom((isCartesian ? cartesianAxes : axes)[i]);
            row.fractional[i] = fractionalNumber(value, "the coordinate");
            if (const auto measured = parseMeasured(trimmed(value.text)); measured && !isCartesian)
                row.fractional_su[i] = measured->su;
            isRounded |= !isCartesian && roundThird(row.fractional[i]);
        }
        if (isRounded)
            thirds.add(row.line, name);
        if (isCartesian)
            row.fractional = conversion.matrix * row.fractional + conversion.origin;
        if (!isNearTheCell(row.fractional))
            throw errorAt(row.line, name + " lies over 1000 cells away; its coordinates are no fractions of the cell");

        if (table) {
            auto state = type ? table->find(*type) : table->end();
            if (state == table->end())
                state = table->find(symbolOf(row.species.Z));
            row.species.oxidationState = state == table->end() ? 0 : state->second;
        } else if (type) {
            row.species.oxidationState = chargeOf(*type);
        }
        charged += row.species.oxidationState.has_value();

        if (const auto hydrogens = atom.given("_atom_site_attached_hydrogens"))
            if (const auto count = parseDouble(*hydrogens); count && *count > 0)
                attached.add(row.line, name + " with " + std::string(*hydrogens));

        const auto assembly = atom.given("_atom_site_disorder_assembly"),
                   group = atom.given("_atom_site_disorder_group");
        if (assembly || group)
            row.disorderGroup = std::string(assembly.value_or("")) + ":" + std::string(group.value_or(""));
        atoms.rows.push_back(std::move(row));
    }
    dummies.report(warnings, "dummy atoms were left out");
    vacancies.report(warnings, "vacancies are not listed as atoms; their rows were left out");
    unplaced.report(warnings, "hydrogen atoms without coordinates were left out");
    attached.report(warnings,
                    "hydrogen atoms are attached without positions of their own and are missing in the structure");
    relabelled.report(warnings, "labels were read with the help of the formula");
    thirds.report(warnings, "coordinates such as 0.3333 were taken as thirds");
    if (atoms.rows.empty())
        throw errorAt(atom.loop->line, "the atom list has no atoms");
    atoms.hasOxidationStates = charged == atoms.rows.size();
    atoms.lacksHydrogens = attached.count > 0 || unplaced.count > 0;
    return atoms;
}

}
