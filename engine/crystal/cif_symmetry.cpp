// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/crystal/cif_symmetry.h"

#include "engine/core/text.h"
#include "engine/crystal/read_parts.h"

#include <Eigen/LU>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>
#include <utility>

namespace engine {

namespace {

/// Rotation and translation modulo 1, so that operations that do the same to a crystal compare equal.
using OperationKey = std::array<int, 12>;

OperationKey keyOf(const SymmetryOperation &operation)
{
    constexpr int steps = 9973; // a prime: no crystallographic translation lies between two steps
    OperationKey key;
    for (int i = 0; i < 9; ++i)
        key[i] = operation.rotation(i / 3, i % 3);
    const Vector3 translation = wrapped(operation.translation);
    for (int i = 0; i < 3; ++i)
        key[9 + i] = int(std::floor(translation[i] * steps + 0.123)) % steps;
    return key;
}

/// The first of each kind, the identity in front.
std::vector<SymmetryOperation> distinct(const std::vector<SymmetryOperation> &given, bool &hadIdentity)
{
    std::vector<SymmetryOperation> result{SymmetryOperation{}};
    std::set<OperationKey> seen{keyOf(result.front())};
    hadIdentity = false;
    for (const SymmetryOperation &operation : given) {
        const OperationKey key = keyOf(operation);
        hadIdentity |= key == keyOf(result.front());
        if (seen.insert(key).second)
            result.push_back(operation);
    }
    return result;
}

bool isClosed(const std::vector<SymmetryOperation> &operations)
{
    std::set<OperationKey> keys;
    for (const SymmetryOperation &operation : operations)
        keys.insert(keyOf(operation));
    for (const SymmetryOperation &a : operations)
        for (const SymmetryOperation &b : operations)
            if (!keys.contains(keyOf({a.rotation * b.rotation, a(b.translation)})))
                return false;
    return true;
}

Matrix3 metric(const std::array<double, 6> &p)
{
    const auto cosine = [](double degrees) { return std::cos(degrees * std::numbers::pi / 180); };
    Matrix3 G;
    G << p[0] * p[0], p[0] * p[1] * cosine(p[5]), p[0] * p[2] * cosine(p[4]), //
        0, p[1] * p[1], p[1] * p[2] * cosine(p[3]),                           //
        0, 0, p[2] * p[2];
    return G.selfadjointView<Eigen::Upper>();
}

/// "P 1 21/c 1" with blanks as they are; a text in a text field may have line ends.
std::string oneLine(std::string_view text)
{
    std::string result;
    for (const std::string_view word : words(text))
        result += (result.empty() ? "" : " ") + std::string(word);
    return result;
}

struct Listing {
    std::vector<SymmetryOperation> operations;
    int line = 0;
};

/// x1,x2,x3,x4 of superspace is x,y,z,…; the fourth part of a magnetic operation is its time reversal.
SymmetryOperation parseListed(const CifValue &value)
{
    std::string text = lowered(value.text);
    if (text.find("x1") != text.npos)
        for (int i = 0; i < 3; ++i)
            for (std::size_t at; (at = text.find("x" + std::to_string(i + 1))) != text.npos;)
                text.replace(at, 2, 1, char('x' + i));
    const auto parts = split(text, ',');
    if (parts.size() > 3)
        text = text.substr(0, std::size_t(parts[2].data() - text.data()) + parts[2].size());
    try {
        return parseSymmetryOperation(text);
    } catch (const Error &e) {
        throw errorAt(value.line, e.what());
    }
}

Listing listed(const CifBlock &block, std::string_view tag)
{
    Listing listing;
    const CifLoop *loop = block.loopWith(tag);
    if (!loop)
        return listing;
    const std::size_t column = *loop->column(tag);
    for (std::size_t row = 0; row < loop->rows(); ++row)
        if (const CifValue &value = loop->at(row, column); value.isGiven() && !trimmed(value.text).empty()) {
            listing.operations.push_back(parseListed(value));
            if (listing.line == 0)
                listing.line = value.line;
        }
    if (listing.operations.size() > 400)
        throw errorAt(listing.line, std::to_string(listing.operations.size()) +
                                        " symmetry operations; no space group has more than 192");
    return listing;
}

Listing listedOperations(const CifBlock &block)
{
    for (const char *tag : {"_space_group_symop_operation_xyz", "_symmetry_equiv_pos_as_xyz"})
        if (Listing listing = listed(block, tag); !listing.operations.empty())
            return listing;
    for (const char *tag : {"_space_group_symop_ssg_operation_algebraic",
                            "_space_group_symop_magn_ssg_operation_algebraic", "_symmetry_ssg_equiv_pos_as_xyz"})
        if (Listing listing = listed(block, tag); !listing.operations.empty())
            return listing;

    Listing magnetic = listed(block, "_space_group_symop_magn_operation_xyz");
    const Listing centring = listed(block, "_space_group_symop_magn_centering_xyz");
    if (magnetic.operations.size() * centring.operations.size() > 400)
        throw errorAt(magnetic.line, "more magnetic symmetry operations than any group has");
    if (!magnetic.operations.empty() && !centring.operations.empty()) {
        const auto representatives = std::exchange(magnetic.operations, {});
        for (const SymmetryOperation &c : centring.operations)
            for (const SymmetryOperation &r : representatives)
                magnetic.operations.push_back({c.rotation * r.rotation, c(r.translation)});
    }
    return magnetic;
}

/// What the file says of its group by name and number.
struct Named {
    const CifValue *hermannMauguin = nullptr;
    const CifValue *hall = nullptr;
    const CifValue *number = nullptr;
    std::optional<TabulatedGroup> group; ///< the one that is meant, if it can be found
    bool isAmbiguous = false;            ///< it has two settings, and none is named
    std::string text;                    ///< how the file names it, for messages
};

const CifValue *firstOf(const CifBlock &block, std::initializer_list<const char *> tags)
{
    for (const char *tag : tags)
        if (const CifValue *value = block.find(tag); value && !trimmed(value->text).empty())
            return value;
    return nullptr;
}

Named namedGroup(const CifBlock &block)
{
    Named named;
    named.hermannMauguin = firstOf(block, {"_space_group_name_h-m_alt", "_symmetry_space_group_name_h-m",
                                           "_space_group_name_h-m", "_space_group_name_h-m_full"});
    named.hall = firstOf(block, {"_space_group_name_hall", "_symmetry_space_group_name_hall"});
    named.number = firstOf(block, {"_space_group_it_number", "_symmetry_int_tables_number"});
    if (named.hermannMauguin) {
        named.group = groupOfHermannMauguin(named.hermannMauguin->text);
        named.isAmbiguous = named.group && named.group->setting && !namesSetting(named.hermannMauguin->text);
        named.text = oneLine(named.hermannMauguin->text);
    }
    if (named.hall && (!named.group || named.isAmbiguous))
        if (auto group = groupOfHall(named.hall->text)) {
            named.group = std::move(group);
            named.isAmbiguous = false; // a Hall symbol includes the setting
            if (named.text.empty())
                named.text = oneLine(named.hall->text);
        }
    if (named.number && !named.group) {
        const auto number = parseInteger(trimmed(named.number->text));
        named.group = groupOfNumber(number && *number >= 1 && *number <= 230 ? int(*number) : 0);
        named.isAmbiguous = named.group && named.group->setting;
        if (named.text.empty())
            named.text = "space group " + oneLine(named.number->text);
    }
    return named;
}

/// Of a group with two settings the one that suits the cell: hexagonal or rhombohedral axes. Origins cannot be told apart so.
void chooseSetting(Named &named, const PartialCell &cell, int line, std::vector<Warning> &warnings)
{
    TabulatedGroup &group = *named.group;
    if (group.setting == 'H' || group.setting == 'R') {
        PartialCell completed = cell;
        completeAngles(completed, operationsOf(group));
        std::array<double, 6> parameters;
        for (int i = 0; i < 6; ++i)
            parameters[i] = completed[i].value_or(0);
        auto other = otherSetting(group);
        if (!fitsLattice(parameters, operationsOf(group)) && other && fitsLattice(parameters, operationsOf(*other)))
            group = std::move(*other);
        warnings.push_back({named.text + " does not name its axes; " +
                                (group.setting == 'H' ? "hexagonal" : "rhombohedral") +
                                " ones are used, as the cell's are",
                            line});
    } else {
        warnings.push_back({named.text +
                                " has two origin choices, and neither the symbol nor a list of symmetry operations "
                                "says which; choice 1 is used",
                            line});
    }
}

void compare(const Named &named, const CifSymmetry &symmetry, int line, std::vector<Warning> &warnings)
{
    const std::size_t count = symmetry.operations.size();
    if (named.group) {
        const auto other = otherSetting(*named.group);
        if (named.group->operations.size() != count && (!other || other->operations.size() != count)) {
            warnings.push_back({"the file lists " + std::to_string(count) + " symmetry operations, but " + named.text +
                                    " has " + std::to_string(named.group->operations.size()) + "; the list is used",
                                line});
            return;
        }
        std::set<OperationKey> table, list;
        for (const SymmetryOperation &operation : operationsOf(*named.group))
            table.insert(keyOf(operation));
        for (const SymmetryOperation &operation : symmetry.operations)
            list.insert(keyOf(operation));
        if (table == list)
            return;
    }
    if (!isClosed(symmetry.operations))
        warnings.push_back(
            {"the listed symmetry operations are no group: the product of two of them is missing; is one mistyped?",
             line});
}

}

bool fitsLattice(const std::array<double, 6> &parameters, const std::vector<SymmetryOperation> &operations)
{
    const Matrix3 G = metric(parameters);
    const Vector3 lengths = G.diagonal().cwiseSqrt();
    const Matrix3 scale = lengths * lengths.transpose();
    return std::ranges::all_of(operations, [&](const SymmetryOperation &operation) {
        const Matrix3 R = operation.rotation.cast<double>();
        return ((R.transpose() * G * R - G).array().abs() <= 0.02 * scale.array()).all();
    });
}

int completeAngles(PartialCell &cell, const std::vector<SymmetryOperation> &operations)
{
    if (!cell[0] || !cell[1] || !cell[2])
        return 0;
    // An angle is fixed when the mean of RᵀGR over the group no longer depends on it.
    const auto averaged = [&](double trial) {
        std::array<double, 6> parameters;
        for (int i = 0; i < 6; ++i)
            parameters[i] = cell[i].value_or(trial);
        const Matrix3 G = metric(parameters);
        Matrix3 mean = Matrix3::Zero();
        for (const SymmetryOperation &operation : operations) {
            const Matrix3 R = operation.rotation.cast<double>();
            mean += R.transpose() * G * R / double(operations.size());
        }
        return mean;
    };
    const Matrix3 one = averaged(80), two = averaged(100);
    int completed = 0;
    for (int i = 0; i < 3; ++i) {
        const int j = (i + 1) % 3, k = (i + 2) % 3;
        const auto angle = [&](const Matrix3 &G) {
            return std::acos(std::clamp(G(j, k) / std::sqrt(G(j, j) * G(k, k)), -1.0, 1.0)) * 180 / std::numbers::pi;
        };
        if (cell[3 + i] || !(std::abs(angle(one) - angle(two)) < 1e-6))
            continue;
        cell[3 + i] = std::round(angle(one));
        ++completed;
    }
    return completed;
}

CifSymmetry readSymmetry(const CifBlock &block, const PartialCell &cell, std::vector<Warning> &warnings)
{
    CifSymmetry symmetry;
    Named named = namedGroup(block);
    const CifValue *nameLine = named.hermannMauguin ? named.hermannMauguin : named.hall ? named.hall : named.number;
    int line = nameLine ? nameLine->line : 0;

    const Listing listing = listedOperations(block);
    bool hadIdentity = true;
    if (!listing.operations.empty()) {
        symmetry.operations = distinct(listing.operations, hadIdentity);
        line = listing.line;
        if (!hadIdentity)
            warnings.push_back({"the symmetry operations lack x,y,z, which was added", line});
        compare(named, symmetry, line, warnings);
    } else if (named.group) {
        if (named.isAmbiguous)
            chooseSetting(named, cell, line, warnings);
        if (named.hermannMauguin && !groupOfHermannMauguin(named.hermannMauguin->text))
            warnings.push_back({"the space group \"" + oneLine(named.hermannMauguin->text) + "\" is not known; the " +
                                    (named.hall && groupOfHall(named.hall->text) ? "Hall symbol" : "number") +
                                    " is used",
                                named.hermannMauguin->line});
        symmetry.operations = distinct(operationsOf(*named.group), hadIdentity);
    } else if (nameLine) {
        throw errorAt(line, "the space group \"" + named.text +
                                "\" is not known, and no symmetry operations are listed; add them "
                                "(_space_group_symop_operation_xyz) or correct the symbol");
    } else {
        symmetry.operations = {SymmetryOperation{}};
        warnings.push_back(
            {"no symmetry is given; P1 is assumed, so that all atoms of the cell must be listed", block.line});
    }

    const auto number = named.number ? parseInteger(trimmed(named.number->text)) : std::nullopt;
    if (number && *number >= 1 && *number <= 230)
        symmetry.group.number = int(*number);
    else if (named.group)
        symmetry.group.number = named.group->number;
    if (named.hermannMauguin)
        symmetry.group.symbol = oneLine(named.hermannMauguin->text);
    else if (named.hall)
        symmetry.group.symbol = oneLine(named.hall->text);
    else if (named.group)
        symmetry.group.symbol = named.group->hermannMauguin;
    else if (!nameLine && listing.operations.empty())
        symmetry.group = {1, "P 1"};
    return symmetry;
}

}
