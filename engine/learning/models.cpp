// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/learning/models.h"

#include "engine/core/error.h"
#include "engine/core/text.h"
#include "engine/learning/atomsets.h"
#include "engine/learning/logistic.h"

#include <algorithm>

namespace engine {

namespace {
template <class M>
std::unique_ptr<Model> make(const TrainingOptions &options, int features, const Rng &rng)
{
    return std::make_unique<M>(options, features, rng);
}

constexpr ModelKind kinds[] = {
    {"atomsets", "AtomSets: dense layers on every atom, pooling, dense layers on the structure", make<AtomSets>},
    {"logistic", "Logistic regression on the mean over atoms: the baseline to beat", make<Logistic>},
};
}

std::span<const ModelKind> modelKinds()
{
    return kinds;
}

const ModelKind &modelKind(const std::string &name)
{
    const auto found =
        std::find_if(std::begin(kinds), std::end(kinds), [&](const ModelKind &k) { return k.name == name; });
    if (found == std::end(kinds)) {
        std::vector<std::string> names;
        for (const ModelKind &k : kinds)
            names.push_back(k.name);
        throw Error("model \"" + name + "\": must be one of " + joined(names, ", "));
    }
    return *found;
}

std::unique_ptr<Model> makeModel(const TrainingOptions &options, int features, const Rng &rng)
{
    check(options);
    return modelKind(options.model).make(options, features, rng);
}

std::unique_ptr<Model> makeModel(const TrainingOptions &options, const Weights &weights)
{
    if (weights.empty())
        throw Error("the model has no weights");
    auto model = makeModel(options, int(weights.front().array.rows()), Rng(0));
    model->setWeights(weights);
    return model;
}

}
