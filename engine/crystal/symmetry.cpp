// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/crystal/symmetry.h"

#include "engine/core/error.h"
#include "engine/core/text.h"
#include "engine/crystal/cif.h"

#include <Eigen/LU>

#include <array>
#include <cctype>
#include <cmath>

namespace engine {

namespace {

Error notAnOperation(std::string_view text, const std::string &why)
{
    return Error("\"" + std::string(text.substr(0, 80)) + "\" is no symmetry operation: " + why);
}

bool isDigit(char c)
{
    return std::isdigit(static_cast<unsigned char>(c));
}

/// 0.333 and 0.6667 mean thirds: decimals take the nearest 24th, which all space groups are made of, when it is near.
double translationOf(double value, bool isDecimal)
{
    const double nearest = std::round(value * 24) / 24;
    return isDecimal && std::abs(value - nearest) < 0.0034 ? nearest : value;
}

/// One component, such as "-x+y+1/2", without blanks and in lower case.
void parseComponent(std::string_view component, std::string_view whole, int row, SymmetryOperation &operation)
{
    const std::size_t size = component.size();
    if (size == 0)
        throw notAnOperation(whole, "one of the three parts is empty");
    operation.rotation.row(row).setZero();
    for (std::size_t i = 0; i < size;) {
        const bool isFirst = i == 0;
        double sign = 1;
        if (component[i] == '+' || component[i] == '-')
            sign = component[i++] == '-' ? -1 : 1;
        else if (!isFirst)
            throw notAnOperation(whole, "a + or - is missing before \"" + std::string(component.substr(i)) + "\"");

        const auto number = [&]() -> std::optional<double> {
            const std::size_t start = i;
            while (i < size && (isDigit(component[i]) || component[i] == '.'))
                ++i;
            return parseDouble(component.substr(start, i - start));
        };
        const std::size_t start = i;
        double value = 1;
        bool isDecimal = false;
        if (i < size && (isDigit(component[i]) || component[i] == '.')) {
            const auto numerator = number();
            if (!numerator)
                throw notAnOperation(whole, "\"" + std::string(component.substr(start, i - start)) + "\" is no number");
            value = *numerator;
            isDecimal = component.substr(start, i - start).find('.') != component.npos;
            if (i < size && component[i] == '/') {
                ++i;
                const auto denominator = number();
                if (!denominator || *denominator == 0)
                    throw notAnOperation(whole, "a fraction has no denominator");
                value /= *denominator;
                isDecimal = false;
            }
            if (i < size && component[i] == '*')
                ++i;
        }
        if (i < size && component[i] >= 'x' && component[i] <= 'z') {
            const double coefficient = sign * value;
            if (std::abs(coefficient) > 2 || coefficient != std::round(coefficient))
                throw notAnOperation(whole, "coordinates have whole coefficients");
            operation.rotation(row, component[i] - 'x') += int(coefficient);
            ++i;
        } else if (i > start) {
            operation.translation[row] += sign * translationOf(value, isDecimal);
        } else {
            throw notAnOperation(whole, "\"" + std::string(component.substr(i)) + "\" is neither x, y, z nor a number");
        }
    }
}

/// "+1/2", "-1/3", "" for 0; a decimal when no small denominator fits.
std::string signedFraction(double value)
{
    for (int denominator = 1; denominator <= 24; ++denominator) {
        const double numerator = value * denominator;
        if (std::abs(numerator - std::round(numerator)) > 1e-9 || std::abs(numerator) > 1e6)
            continue;
        const long whole = std::lround(numerator);
        if (whole == 0)
            return {};
        return (whole > 0 ? "+" : "") + std::to_string(whole) +
               (denominator > 1 ? "/" + std::to_string(denominator) : std::string());
    }
    return (value > 0 ? "+" : "") + shortest(value);
}

/// "P 1 21/c 1" is P21/c, "P 1 1 21/b" stays P1121/b.
SpaceGroup shortened(const TabulatedGroup &group)
{
    std::string symbol;
    std::string_view full = group.hermannMauguin;
    if (full.size() > 6 && full.substr(1, 3) == " 1 " && full.ends_with(" 1")) {
        symbol = full[0];
        full = full.substr(4, full.size() - 6);
    }
    for (const char c : full)
        if (c != ' ')
            symbol += c;
    return {group.number, symbol};
}

std::optional<TabulatedGroup> groupOf(std::string_view symbol)
{
    auto group = groupOfHermannMauguin(symbol);
    return group ? group : groupOfHall(symbol);
}

}

SymmetryOperation parseSymmetryOperation(std::string_view text)
{
    std::string packed;
    for (const char c : lowered(text))
        if (c != ' ' && c != '\t' && c != '\n' && c != '\'' && c != '"')
            packed += c;
    const auto components = split(packed, ',');
    if (components.size() != 3)
        throw notAnOperation(text, "it needs three parts separated by commas, such as x,-y,z+1/2");
    SymmetryOperation operation;
    for (int row = 0; row < 3; ++row)
        parseComponent(components[row], text, row, operation);
    if (operation.rotation.cwiseAbs().maxCoeff() > 99) // products of larger ones would leave the range of int
        throw notAnOperation(text, "coordinates have small coefficients");
    // Not Eigen's determinant: coefficients reach ±2 per term, and a text may have any number of terms.
    const Eigen::Matrix3d rotation = operation.rotation.cast<double>();
    if (std::abs(std::abs(rotation.determinant()) - 1) > 1e-6)
        throw notAnOperation(text, "it does not keep the volume of the cell");
    return operation;
}

std::string toText(const SymmetryOperation &operation)
{
    std::string text;
    for (int row = 0; row < 3; ++row) {
        std::string component;
        for (int column = 0; column < 3; ++column) {
            const int coefficient = operation.rotation(row, column);
            if (coefficient == 0)
                continue;
            component += coefficient < 0 ? "-" : component.empty() ? "" : "+";
            if (std::abs(coefficient) != 1)
                component += std::to_string(std::abs(coefficient));
            component += char('x' + column);
        }
        const std::string constant = signedFraction(operation.translation[row]);
        component += component.empty() && constant.starts_with('+') ? constant.substr(1) : constant;
        text += (row > 0 ? "," : "") + (component.empty() ? "0" : component);
    }
    return text;
}

std::vector<SymmetryOperation> operationsOf(const TabulatedGroup &group)
{
    std::vector<SymmetryOperation> operations;
    operations.reserve(group.operations.size());
    for (const TabulatedOperation &tabulated : group.operations) {
        SymmetryOperation &operation = operations.emplace_back();
        for (int i = 0; i < 3; ++i) {
            for (int j = 0; j < 3; ++j)
                operation.rotation(i, j) = tabulated.rotation[i][j];
            operation.translation[i] = tabulated.translation_24[i] / 24.0;
        }
    }
    return operations;
}

std::optional<std::vector<SymmetryOperation>> operationsOfSymbol(std::string_view symbol)
{
    const auto group = groupOf(symbol);
    return group ? std::optional(operationsOf(*group)) : std::nullopt;
}

std::optional<std::vector<SymmetryOperation>> operationsOfNumber(int number)
{
    const auto group = groupOfNumber(number);
    return group ? std::optional(operationsOf(*group)) : std::nullopt;
}

std::optional<SpaceGroup> spaceGroupOfSymbol(std::string_view symbol)
{
    const auto group = groupOf(symbol);
    return group ? std::optional(shortened(*group)) : std::nullopt;
}

std::optional<SpaceGroup> spaceGroupOfNumber(int number)
{
    const auto group = groupOfNumber(number);
    return group ? std::optional(shortened(*group)) : std::nullopt;
}

}
