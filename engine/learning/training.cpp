// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/learning/training.h"

#include "engine/core/error.h"
#include "engine/core/text.h"
#include "engine/learning/models.h"

#include <cmath>
#include <limits>

namespace engine {

namespace {
constexpr double unlimited = std::numeric_limits<double>::max();

struct Preset {
    const char *name;
    TrainingOptions options;
};

const Preset presets[] = {
    {"quick", {}},
    {"paper", {.pooling = "set2set", .optimizer = "lamb", .lookahead = true, .batchSize = 128, .epochs = 183}},
};

void checkWhole(const char *name, int value, int low, int high)
{
    if (value < low || value > high)
        throw Error(std::string(name) + " " + std::to_string(value) + ": must be from " + std::to_string(low) + " to " +
                    std::to_string(high));
}

/// low ≤ value < high; for an unlimited one, any finite value from low.
void checkNumber(const char *name, double value, double low, double high = unlimited)
{
    if (!(value >= low && value < high))
        throw Error(std::string(name) + " " + shortest(value) + ": must be at least " + shortest(low) +
                    (high < unlimited ? " and below " + shortest(high) : ""));
}

void checkPositive(const char *name, double value)
{
    if (!(value > 0.0 && value < unlimited))
        throw Error(std::string(name) + " " + shortest(value) + ": must be above 0");
}

void checkWord(const char *name, const std::string &value, const std::vector<std::string> &allowed)
{
    if (std::find(allowed.begin(), allowed.end(), value) == allowed.end())
        throw Error(std::string(name) + " \"" + value + "\": must be one of " + joined(allowed, ", "));
}
}

TrainingOptions preset(const std::string &name)
{
    std::vector<std::string> names;
    for (const Preset &p : presets) {
        if (p.name == name)
            return p.options;
        names.push_back(p.name);
    }
    throw Error("preset \"" + name + "\": must be one of " + joined(names, ", "));
}

void check(const TrainingOptions &options)
{
    modelKind(options.model);
    checkWord("pooling", options.pooling, {"mean", "set2set"});
    checkWhole("layers", options.layers, 1, 16);
    checkWhole("neurons", options.neurons, 1, 4096);
    checkWhole("set2setHidden", options.set2setHidden, 1, 4096);
    checkWhole("set2setSteps", options.set2setSteps, 1, 16);
    checkNumber("dropoutInitial", options.dropoutInitial, 0.0, 1.0);
    checkNumber("dropoutFinal", options.dropoutFinal, 0.0, 1.0);
    checkNumber("l2Initial", options.l2Initial, 0.0);
    checkNumber("l2Final", options.l2Final, 0.0);
    checkWord("optimizer", options.optimizer, {"adam", "lamb"});
    checkPositive("learningRate", options.learningRate);
    checkNumber("learningRateMax", options.learningRateMax, 0.0);
    checkNumber("weightDecay", options.weightDecay, 0.0);
    checkWhole("batchSize", options.batchSize, 1, 1000000);
    checkWhole("epochs", options.epochs, 1, 1000000);
    checkPositive("inverseRegularisation", options.inverseRegularisation);
}

bool EpochRecord::operator==(const EpochRecord &other) const
{
    const auto same = [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); };
    return epoch == other.epoch && same(loss, other.loss) && same(aucPr, other.aucPr) &&
           same(aucPrTrapezoid, other.aucPrTrapezoid) && same(mcc, other.mcc);
}

}
