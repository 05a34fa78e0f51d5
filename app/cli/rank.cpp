// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/output.h"
#include "app/cli/screen_options.h"
#include "app/cli/verb.h"

#include "engine/core/files.h"
#include "engine/project/screening_files.h"

#include <cstdio>

namespace cli {

using namespace engine;

namespace {

struct RankVerbOptions {
    std::string table;
    RankFlags flags;
};

int run(const RankVerbOptions &options, const Common &common)
{
    const Screening screening = readScreening(readFile(options.table), options.table);
    const Ranking ranking = rank(screening.candidates, options.flags.ranking);
    Output output;
    // What was rejected while screening was named then; here it is only passed on.
    output.json = Json::parse(rankingJson(ranking, screening.rejects));
    output.table = candidatesTable(ranking.candidates);
    output.note = std::to_string(ranking.candidates.size()) + " candidates, " +
                  std::to_string(ranking.excluded.size()) + " excluded (--json gives the reasons)\n";
    return deliver(std::move(output), common);
}

}

Action declareRank(Options &options)
{
    auto o = std::make_shared<RankVerbOptions>();
    options.addPositional("TABLE", o->table, "JSON or CSV that screen wrote");
    o->flags.declare(options);
    return [o](const Common &common) { return run(*o, common); };
}

}
