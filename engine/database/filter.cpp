// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/database/filter.h"

#include "engine/core/error.h"
#include "engine/core/text.h"
#include "engine/crystal/composition.h"
#include "engine/crystal/element.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace engine {

namespace {

using Condition = std::function<bool(const Entry &, const EntryFacts &)>;

struct Word {
    std::string text;
    bool isQuoted = false;
    bool isNegated = false;
};

std::vector<Word> wordsOf(std::string_view text)
{
    std::vector<Word> words;
    std::size_t i = 0;
    while (i < text.size()) {
        if (std::isspace(static_cast<unsigned char>(text[i]))) {
            ++i;
            continue;
        }
        Word word;
        if (text[i] == '-' && i + 1 < text.size() && !std::isspace(static_cast<unsigned char>(text[i + 1]))) {
            word.isNegated = true;
            ++i;
        }
        bool inQuotes = false;
        for (; i < text.size() && (inQuotes || !std::isspace(static_cast<unsigned char>(text[i]))); ++i) {
            if (text[i] == '"') {
                inQuotes = !inQuotes;
                word.isQuoted = word.isQuoted || word.text.empty();
            } else {
                word.text += text[i];
            }
        }
        if (inQuotes)
            throw Error("\"" + word.text + ": the quote is not closed");
        words.push_back(std::move(word));
    }
    return words;
}

bool holds(std::string_view text, const std::string &loweredPart)
{
    return lowered(text).find(loweredPart) != std::string::npos;
}

/// "Ia-3d" and "I a -3 d" are one symbol.
std::string withoutBlanks(std::string_view text)
{
    std::string result(text);
    std::erase_if(result, [](unsigned char c) { return std::isspace(c) || c == '_'; });
    return lowered(result);
}

Composition compositionOf(const Entry &entry)
{
    try {
        return parseFormula(entry.formula);
    } catch (const Error &) {
        return {}; // a template or a name
    }
}

// Fields of which a part is looked for.
struct TextField {
    const char *name;
    std::string (*of)(const Entry &);
};
const TextField textFields[] = {
    {"id", [](const Entry &e) { return e.id; }},
    {"family", [](const Entry &e) { return e.family; }},
    {"doi", [](const Entry &e) { return e.measurement.doi; }},
    {"status", [](const Entry &e) { return std::string(toText(e.status)); }},
    {"partition", [](const Entry &e) { return std::string(toText(e.partition)); }},
    {"how", [](const Entry &e) { return std::string(toText(e.measurement.how)); }},
    {"note", [](const Entry &e) { return e.note; }},
    {"curator", [](const Entry &e) { return e.curator; }},
};

struct NumberField {
    const char *name;
    std::optional<double> (*of)(const Entry &);
};
const NumberField numberFields[] = {
    {"σ", [](const Entry &e) { return std::optional(e.measurement.sigma_S_cm); }},
    {"sigma", [](const Entry &e) { return std::optional(e.measurement.sigma_S_cm); }},
    {"ea", [](const Entry &e) { return e.measurement.ea_eV; }},
    {"t", [](const Entry &e) { return e.measurement.lowestTemperature_K; }},
};

struct Claim {
    const char *name;
    bool (*holds)(const Entry &, const EntryFacts &);
};
const Claim claims[] = {
    {"ordered", [](const Entry &, const EntryFacts &f) { return f.isOrdered == true; }},
    {"disordered", [](const Entry &, const EntryFacts &f) { return f.isOrdered == false; }},
    {"superionic", [](const Entry &e, const EntryFacts &f) { return isSuperionic(e, f.threshold_S_cm); }},
    {"bound", [](const Entry &e, const EntryFacts &) { return e.measurement.isUpperBound; }},
    {"structure", [](const Entry &e, const EntryFacts &) { return !e.structureFile.empty(); }},
};

Condition fieldCondition(const std::string &name, const std::string &value)
{
    if (value.empty())
        throw Error(name + ": needs a text behind the colon");
    const std::string part = lowered(value);
    for (const TextField &field : textFields)
        if (name == field.name)
            return [of = field.of, part](const Entry &e, const EntryFacts &) { return holds(of(e), part); };
    if (name == "formula")
        return [value](const Entry &e, const EntryFacts &) { return e.formula.find(value) != std::string::npos; };
    if (name == "icsd")
        return [value](const Entry &e, const EntryFacts &) { return e.icsd == value; };
    if (name == "sg") {
        const auto number = parseInteger(value);
        return [symbol = withoutBlanks(value), number](const Entry &e, const EntryFacts &) {
            return number ? e.spaceGroupNumber == *number : withoutBlanks(e.spaceGroupSymbol) == symbol;
        };
    }
    if (name == "el") {
        std::vector<int> elements;
        for (const std::string_view symbol : split(value, ',')) {
            const auto Z = atomicNumber(trimmed(symbol));
            if (!Z)
                throw Error("el: \"" + std::string(symbol) + "\" is no element");
            elements.push_back(*Z);
        }
        return [elements](const Entry &e, const EntryFacts &) {
            const Composition composition = compositionOf(e);
            return std::ranges::all_of(elements, [&](int Z) { return composition.contains(Z); });
        };
    }
    throw Error(
        name +
        ": is no field; there are id, formula, sg, el, family, doi, status, partition, how, note, curator, icsd");
}

/// Nothing when the word compares no number.
Condition numberCondition(const std::string &word)
{
    const auto sign = word.find_first_of("<>=");
    if (sign == std::string::npos || sign == 0)
        return {};
    const std::string name = lowered(word.substr(0, sign));
    const bool isWide = sign + 1 < word.size() && word[sign] != '=' && word[sign + 1] == '=';
    const std::string text = word.substr(sign + (isWide ? 2 : 1));
    const auto field = std::ranges::find(numberFields, name, [](const NumberField &f) { return std::string(f.name); });
    if (field == std::end(numberFields))
        throw Error(word + ": \"" + name + "\" is no number of an entry; there are σ (or sigma), Ea and T");
    const auto limit = parseDouble(text);
    if (!limit)
        throw Error(word + ": \"" + text + "\" is no number");
    const bool isSigma = name == "σ" || name == "sigma";
    return [of = field->of, c = word[sign], isWide, x = *limit, isSigma](const Entry &e, const EntryFacts &) {
        const std::optional<double> value = of(e);
        if (!value)
            return false;
        const bool isBound = isSigma && e.measurement.isUpperBound;
        if (c == '<')
            return *value < x || (isWide && *value == x);
        if (isBound)
            return false; // somewhere below its value
        return c == '>' ? *value > x || (isWide && *value == x) : *value == x;
    };
}

Condition conditionOf(const Word &word)
{
    if (!word.isQuoted) {
        const std::string name = lowered(word.text);
        for (const Claim &claim : claims)
            if (name == claim.name)
                return claim.holds;
        if (const auto colon = word.text.find(':'); colon != std::string::npos && colon > 0)
            return fieldCondition(lowered(word.text.substr(0, colon)), word.text.substr(colon + 1));
        if (Condition number = numberCondition(word.text))
            return number;
    }
    return [part = lowered(word.text)](const Entry &e, const EntryFacts &) {
        return holds(e.id, part) || holds(e.formula, part) || holds(e.family, part) || holds(e.measurement.doi, part) ||
               holds(e.note, part);
    };
}

}

EntryFilter EntryFilter::parse(std::string_view text)
{
    EntryFilter filter;
    for (const Word &word : wordsOf(text)) {
        Condition condition = conditionOf(word);
        if (word.isNegated)
            filter.m_conditions.push_back(
                [condition = std::move(condition)](const Entry &e, const EntryFacts &f) { return !condition(e, f); });
        else
            filter.m_conditions.push_back(std::move(condition));
    }
    return filter;
}

bool EntryFilter::passes(const Entry &entry, const EntryFacts &facts) const
{
    return std::ranges::all_of(m_conditions, [&](const Condition &holds) { return holds(entry, facts); });
}

}
