// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/crystal/composition.h"

#include "engine/core/error.h"
#include "engine/core/text.h"
#include "engine/crystal/element.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace engine {

namespace {
/// Reads a formula from left to right. Open brackets are kept on a stack of our own: no input can exhaust the program's.
class Parser {
public:
    explicit Parser(std::string_view text) : m_text(text) {}

    Composition read()
    {
        m_open.push_back({});
        while (skipSpaces(), m_at < m_text.size()) {
            const char c = m_text[m_at];
            if (const auto kind = std::string_view("([{").find(c); kind != std::string_view::npos) {
                m_open.push_back({.closing = ")]}"[kind], .at = m_at++});
            } else if (std::string_view(")]}").find(c) != std::string_view::npos) {
                close(c);
            } else {
                const int Z = readElement();
                m_open.back().content[Z] += readAmount();
            }
        }
        if (m_open.size() > 1)
            fail(m_open.back().at, "this bracket is never closed");
        Composition result = std::move(m_open.back().content);
        std::erase_if(result, [](const auto &entry) { return entry.second == 0; });
        if (result.empty())
            throw Error("formula \"" + std::string(m_text) + "\" names no element");
        for (const auto &[Z, amount] : result)
            if (!std::isfinite(amount))
                throw Error("formula \"" + std::string(m_text) + "\" has more " + symbolOf(Z) + " than can be counted");
        return result;
    }

private:
    struct Bracket {
        Composition content;
        char closing = 0;
        std::size_t at = 0;
    };

    [[noreturn]] void fail(std::size_t at, const std::string &why) const
    {
        throw Error("formula \"" + std::string(m_text) + "\", character " + std::to_string(at + 1) + ": " + why);
    }

    void skipSpaces()
    {
        while (m_at < m_text.size() && trimmed(m_text.substr(m_at, 1)).empty())
            ++m_at;
    }

    void close(char c)
    {
        if (m_open.size() == 1 || m_open.back().closing != c)
            fail(m_at, std::string("\"") + c + "\" closes no bracket");
        if (m_open.back().content.empty())
            fail(m_open.back().at, "there is nothing in these brackets");
        ++m_at;
        const double times = readAmount();
        const Composition inner = std::move(m_open.back().content);
        m_open.pop_back();
        for (const auto &[Z, amount] : inner)
            m_open.back().content[Z] += times * amount;
    }

    int readElement()
    {
        const std::size_t start = m_at;
        const char c = m_text[m_at];
        if (c == '*' || m_text.substr(m_at).starts_with("\u00B7") || m_text.substr(m_at).starts_with("\u2022"))
            fail(start, "write the parts of a hydrate or adduct as one formula, such as \"Cu S O4 (H2O)5\"");
        if (c == '+' || c == '-')
            fail(start,
                 std::string("\"") + c + "\" is neither element nor amount; write numbers for x and leave charges out");
        if (!(c >= 'A' && c <= 'Z'))
            fail(start, "an element's symbol, which begins with a capital letter, was expected");
        ++m_at;
        while (m_at < m_text.size() && m_text[m_at] >= 'a' && m_text[m_at] <= 'z')
            ++m_at;
        const std::string symbol(m_text.substr(start, m_at - start));
        if (const auto Z = atomicNumber(symbol))
            return *Z;
        fail(start, "\"" + symbol + "\" is no element");
    }

    double readAmount()
    {
        skipSpaces();
        const std::size_t start = m_at;
        while (m_at < m_text.size() && (m_text[m_at] == '.' || (m_text[m_at] >= '0' && m_text[m_at] <= '9')))
            ++m_at;
        if (m_at == start)
            return 1;
        const auto number = m_text.substr(start, m_at - start);
        if (const auto amount = parseDouble(number))
            return *amount;
        fail(start, "\"" + std::string(number) + "\" is no amount");
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::vector<Bracket> m_open;
};

double orderingElectronegativity(int Z)
{
    return element(Z).electronegativity.value_or(0);
}

std::vector<int> byElectronegativity(const Composition &composition)
{
    std::vector<int> order;
    for (const auto &[Z, amount] : composition)
        order.push_back(Z);
    std::ranges::sort(order, {}, [](int Z) { return std::pair(orderingElectronegativity(Z), symbolOf(Z)); });
    return order;
}

/// "12", "0.25"; never in powers of ten, which a formula cannot hold.
std::string amountText(double amount)
{
    std::string text = fixed(amount, 8);
    if (amount < 5e-9)
        text = fixed(amount, 320);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.'))
        text.pop_back();
    return text;
}

using WholeAmounts = std::map<int, long long>;

std::string symbolAndCount(int Z, long long count)
{
    return symbolOf(Z) + (count == 1 ? "" : std::to_string(count));
}

long long commonDivisor(const WholeAmounts &amounts)
{
    long long divisor = 0;
    for (const auto &[Z, amount] : amounts)
        divisor = std::gcd(divisor, amount);
    return divisor;
}

/// All amounts as whole numbers, or nothing when one is not.
std::optional<WholeAmounts> wholeAmounts(const Composition &composition)
{
    const double tolerance = 1e-8 * atoms(composition);
    WholeAmounts result;
    for (const auto &[Z, amount] : composition) {
        const double whole = std::round(amount);
        if (std::abs(amount - whole) > tolerance || whole < 1 || whole > 1e15)
            return {};
        result[Z] = std::llround(amount);
    }
    return result;
}
}

Composition compositionOf(const Structure &structure)
{
    Composition result;
    for (const Site &site : structure.sites)
        for (const Occupant &o : site.occupants)
            result[o.species.Z] += o.occupancy;
    std::erase_if(result, [](const auto &entry) { return entry.second == 0; });
    return result;
}

Composition parseFormula(std::string_view formula)
{
    return Parser(formula).read();
}

double atoms(const Composition &composition)
{
    double sum = 0;
    for (const auto &[Z, amount] : composition)
        sum += amount;
    return sum;
}

Composition normalised(const Composition &composition)
{
    const double sum = atoms(composition);
    Composition result = composition;
    for (auto &[Z, amount] : result)
        amount /= sum;
    return result;
}

std::string formula(const Composition &composition)
{
    std::vector<std::string> parts;
    for (const int Z : byElectronegativity(composition))
        parts.push_back(symbolOf(Z) + amountText(composition.at(Z)));
    return joined(parts, " ");
}

std::string reducedFormula(const Composition &composition)
{
    const auto whole = wholeAmounts(composition);
    if (!whole) {
        std::string text = formula(composition);
        std::erase(text, ' ');
        return text;
    }
    WholeAmounts amounts = *whole;
    for (const long long divisor = commonDivisor(amounts); auto &[Z, amount] : amounts)
        amount /= divisor;

    auto order = byElectronegativity(composition);
    // A polyanion: the two most electronegative elements of three or more, unless the last is far above the other.
    std::string polyanion;
    if (order.size() >= 3) {
        const int centre = order.end()[-2], ligand = order.end()[-1];
        const long long count = std::gcd(amounts[centre], amounts[ligand]);
        if (orderingElectronegativity(ligand) - orderingElectronegativity(centre) < 1.65 && count > 1) {
            polyanion = "(" + symbolAndCount(centre, amounts[centre] / count) +
                        symbolAndCount(ligand, amounts[ligand] / count) + ")" + std::to_string(count);
            order.resize(order.size() - 2);
        }
    }
    std::string text;
    for (const int Z : order)
        text += symbolAndCount(Z, amounts[Z]);
    text += polyanion;

    // Peroxides and the molecular elements keep their molecule.
    for (const auto molecule : {"Li2O2", "Na2O2", "K2O2", "H2O2", "Cs2O2", "Rb2O2", "O2", "N2", "F2", "Cl2", "H2"}) {
        std::string halved = molecule;
        std::erase(halved, '2');
        if (text == halved)
            return molecule;
    }
    return text;
}

std::string chemicalSystem(const Composition &composition)
{
    std::vector<std::string> symbols;
    for (const auto &[Z, amount] : composition)
        symbols.push_back(symbolOf(Z));
    std::ranges::sort(symbols);
    return joined(symbols, "-");
}

}
