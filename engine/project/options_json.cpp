// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/project/options_json.h"

#include "engine/core/text.h"
#include "engine/crystal/read.h"
#include "engine/database/importers.h"
#include "engine/learning/pretraining.h"
#include "engine/learning/training.h"
#include "engine/screening/screen.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>

namespace engine {

namespace {
using Json = nlohmann::ordered_json;

// The fields of every struct, once; all that follows walks over them. The bindings do not compile when a struct has
// a field more.
template <class Visitor>
void visitFields(TrainingOptions &o, Visitor visit)
{
    auto &[model, pooling, layers, neurons, set2setHidden, set2setSteps, dropoutInitial, dropoutFinal, l2Initial,
           l2Final, optimizer, lookahead, learningRate, learningRateMax, weightDecay, batchSize, epochs, perSite,
           inverseRegularisation] = o;
    visit("model", model);
    visit("pooling", pooling);
    visit("layers", layers);
    visit("neurons", neurons);
    visit("set2setHidden", set2setHidden);
    visit("set2setSteps", set2setSteps);
    visit("dropoutInitial", dropoutInitial);
    visit("dropoutFinal", dropoutFinal);
    visit("l2Initial", l2Initial);
    visit("l2Final", l2Final);
    visit("optimizer", optimizer);
    visit("lookahead", lookahead);
    visit("learningRate", learningRate);
    visit("learningRateMax", learningRateMax);
    visit("weightDecay", weightDecay);
    visit("batchSize", batchSize);
    visit("epochs", epochs);
    visit("perSite", perSite);
    visit("inverseRegularisation", inverseRegularisation);
}

template <class Visitor>
void visitFields(FeatureOptions &o, Visitor visit)
{
    auto &[simplification, layer] = o;
    visit("simplification", simplification);
    visit("layer", layer);
}

template <class Visitor>
void visitFields(ScreenOptions &o, Visitor visit)
{
    auto &[noveltyTolerance, strictIntermetallics] = o;
    visit("noveltyTolerance", noveltyTolerance);
    visit("strictIntermetallics", strictIntermetallics);
}

template <class Visitor>
void visitFields(ReadOptions &o, Visitor visit)
{
    auto &[largestOccupancySum] = o;
    visit("largestOccupancySum", largestOccupancySum);
}

template <class Visitor>
void visitFields(GraphOptions &o, Visitor visit)
{
    auto &[cutoff_A, mergeEqualSites, sameLength_A] = o;
    visit("cutoff_A", cutoff_A);
    visit("mergeEqualSites", mergeEqualSites);
    visit("sameLength_A", sameLength_A);
}

template <class Visitor>
void visitFields(PretrainingOptions &o, Visitor visit)
{
    auto &[property, classify, embedding, blocks, set2setSteps, cutoff_A, sameLength_A, gaussians, gaussianEnd_A,
           gaussianWidth_A, epochs, batchSize, learningRate, finalLearningRate, warmUpUpdates, averageDecay, patience,
           trimLow, trimHigh, testSystems, testRandom, validation, seed] = o;
    visit("property", property);
    visit("classify", classify);
    visit("embedding", embedding);
    visit("blocks", blocks);
    visit("set2setSteps", set2setSteps);
    visit("cutoff_A", cutoff_A);
    visit("sameLength_A", sameLength_A);
    visit("gaussians", gaussians);
    visit("gaussianEnd_A", gaussianEnd_A);
    visit("gaussianWidth_A", gaussianWidth_A);
    visit("epochs", epochs);
    visit("batchSize", batchSize);
    visit("learningRate", learningRate);
    visit("finalLearningRate", finalLearningRate);
    visit("warmUpUpdates", warmUpUpdates);
    visit("averageDecay", averageDecay);
    visit("patience", patience);
    visit("trimLow", trimLow);
    visit("trimHigh", trimHigh);
    visit("testSystems", testSystems);
    visit("testRandom", testRandom);
    visit("validation", validation);
    visit("seed", seed);
}

template <class Visitor>
void visitFields(ColumnMap &o, Visitor visit)
{
    auto &[id, formula, sigma, doi, spaceGroup, temperature, lowestTemperature, ea, icsd, family, structure, sigmaUnit,
           temperatureUnit] = o;
    visit("id", id);
    visit("formula", formula);
    visit("sigma", sigma);
    visit("doi", doi);
    visit("spaceGroup", spaceGroup);
    visit("temperature", temperature);
    visit("lowestTemperature", lowestTemperature);
    visit("ea", ea);
    visit("icsd", icsd);
    visit("family", family);
    visit("structure", structure);
    visit("sigmaUnit", sigmaUnit);
    visit("temperatureUnit", temperatureUnit);
}

Json toValue(Simplification value)
{
    return std::string(toText(value));
}
template <class T>
Json toValue(const T &value)
{
    return value;
}

[[noreturn]] void failType(std::string_view where, std::string_view key, const char *takes, const std::string &given)
{
    throw Error(std::string(where) + ": " + std::string(key) + " takes " + takes + ", not " + given);
}

void read(const Json &json, double &value, std::string_view where, std::string_view key)
{
    if (!json.is_number())
        failType(where, key, "a number", json.dump());
    value = json.get<double>();
}

void read(const Json &json, int &value, std::string_view where, std::string_view key)
{
    // 1e2 and 100.0 are whole numbers too, whatever wrote them
    const double number = json.is_number() ? json.get<double>() : 0.5;
    if (number != std::floor(number) || std::abs(number) > std::numeric_limits<int>::max())
        failType(where, key, "a whole number", json.dump());
    value = int(number);
}

void read(const Json &json, std::uint64_t &value, std::string_view where, std::string_view key)
{
    if (!json.is_number_unsigned())
        failType(where, key, "a whole number from 0", json.dump());
    value = json.get<std::uint64_t>();
}

void read(const Json &json, bool &value, std::string_view where, std::string_view key)
{
    if (!json.is_boolean())
        failType(where, key, "true or false", json.dump());
    value = json.get<bool>();
}

void read(const Json &json, std::string &value, std::string_view where, std::string_view key)
{
    if (!json.is_string())
        failType(where, key, "a text in quotes", json.dump());
    value = json.get<std::string>();
}

void read(const Json &json, Simplification &value, std::string_view where, std::string_view key)
{
    if (!json.is_string())
        failType(where, key, "camn, can, camns or cans", json.dump());
    try {
        value = parseSimplification(json.get<std::string>());
    } catch (const Error &) {
        failType(where, key, "camn, can, camns or cans", json.dump());
    }
}

// What a command line's text would be in JSON; the reader then says whether it suits the field.
template <class T>
Json fromCommandLine(std::string_view text, const T &)
{
    if constexpr (std::is_same_v<T, bool>) {
        if (text == "true" || text == "false")
            return text == "true";
    } else if constexpr (std::is_same_v<T, std::uint64_t>) { // a double would round it
        std::uint64_t number;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error == std::errc() && end == text.data() + text.size())
            return number;
    } else if constexpr (std::is_arithmetic_v<T>) {
        if (const auto number = parseDouble(text))
            return *number;
    }
    return std::string(text);
}

template <class Options, class Read>
void setField(Options &options, std::string_view key, std::string_view where, Read readInto)
{
    bool found = false;
    visitFields(options, [&](const char *name, auto &value) {
        if (name != key)
            return;
        found = true;
        readInto(value);
    });
    if (!found)
        throw Error(std::string(where) + ": there is no option \"" + std::string(key) + "\"; the nearest is \"" +
                    nearestTo(key, optionNames<Options>()) + "\"");
}
}

template <class Options>
std::string toJson(const Options &options)
{
    Json json = Json::object();
    auto copy = options;
    visitFields(copy, [&](const char *name, const auto &value) { json[name] = toValue(value); });
    return json.dump(1, '\t', false, Json::error_handler_t::replace);
}

template <class Options>
Options optionsFromJson(std::string_view text, std::string_view name)
{
    Json json;
    try {
        json = Json::parse(text);
    } catch (const Json::parse_error &error) {
        const std::string_view message = error.what(); // "[json.exception…] parse error at line 1, column 2: …"
        throw Error(std::string(name) + ": is no JSON: " + std::string(message.substr(message.find("] ") + 2)));
    }
    if (!json.is_object())
        throw Error(std::string(name) + ": is no JSON object {\"option\": value, …}");
    Options options;
    for (const auto &[key, value] : json.items())
        setField(options, key, name, [&](auto &field) { read(value, field, name, key); });
    return options;
}

template <class Options>
std::vector<std::string> optionNames()
{
    std::vector<std::string> names;
    Options options;
    visitFields(options, [&](const char *name, const auto &) { names.emplace_back(name); });
    return names;
}

template <class Options>
void setOption(Options &options, std::string_view key, std::string_view text)
{
    setField(options, key, "options", [&](auto &field) { read(fromCommandLine(text, field), field, "options", key); });
}

std::string nearestTo(std::string_view word, const std::vector<std::string> &candidates)
{
    // Levenshtein distance, row by row
    const auto distance = [&](std::string_view other) {
        std::vector<std::size_t> row(other.size() + 1);
        std::iota(row.begin(), row.end(), 0);
        for (std::size_t i = 1; i <= word.size(); ++i) {
            auto diagonal = row[0];
            row[0] = i;
            for (std::size_t j = 1; j <= other.size(); ++j) {
                const auto replaced = diagonal + (word[i - 1] != other[j - 1]);
                diagonal = row[j];
                row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
            }
        }
        return row.back();
    };
    return *std::ranges::min_element(candidates, {}, distance);
}

#define INSTANTIATE(Options)                                                                                           \
    template std::string toJson(const Options &);                                                                      \
    template Options optionsFromJson(std::string_view, std::string_view);                                              \
    template std::vector<std::string> optionNames<Options>();                                                          \
    template void setOption(Options &, std::string_view, std::string_view);

INSTANTIATE(TrainingOptions)
INSTANTIATE(FeatureOptions)
INSTANTIATE(ScreenOptions)
INSTANTIATE(ReadOptions)
INSTANTIATE(GraphOptions)
INSTANTIATE(PretrainingOptions)
INSTANTIATE(ColumnMap)

}
