// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/project/run_options.h"

#include "engine/project/options_json.h"

#include <nlohmann/json.hpp>

namespace engine {

std::string runOptionsJson(const MainJobOptions &o)
{
    nlohmann::ordered_json json = {{"representation", toText(o.features.simplification)}, {"layer", o.features.layer}};
    json.update(nlohmann::ordered_json::parse(toJson(o.training)));
    json["k"] = o.folds;
    json["members"] = o.members;
    json["seed"] = o.seed;
    json.update(nlohmann::ordered_json::parse(toJson(o.screening)));
    json["limit"] = o.inputs.limit;
    json["containing"] = o.inputs.containing;
    json["minimumP"] = o.ranking.minimumP;
    json["minimumBandGap_eV"] = o.ranking.minimumBandGap_eV;
    json["includeKnown"] = !o.ranking.novelOnly;
    json["includeIntermetallics"] = !o.ranking.excludeIntermetallics;
    json["includeWithoutLithium"] = !o.ranking.containsLithium;
    json["excludedElements"] = o.ranking.excludedElements;
    return json.dump(1) + "\n";
}

}
