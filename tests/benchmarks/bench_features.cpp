// SPDX-License-Identifier: GPL-3.0-or-later
// Times every stage from CIF to atom features on the 321 CIFs of OBELiX: bench_features [parent.hdf5 [folder or zip of CIFs]]
#include "engine/core/parallel.h"
#include "engine/crystal/neighbours.h"
#include "engine/crystal/read.h"
#include "engine/features/featurize.h"
#include "engine/features/megnet_file.h"
#include "engine/project/archive.h"

#include "tests/support/shared.h"

#include <chrono>
#include <cstdio>
#include <ctime>

using namespace engine;

namespace {

struct Time {
    double wall_s, processor_s; ///< the second counts all threads, and is the one to trust on a busy machine
};

Time timed(const auto &work)
{
    const auto start = std::chrono::steady_clock::now();
    const std::clock_t processorStart = std::clock();
    work();
    return {std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(),
            double(std::clock() - processorStart) / CLOCKS_PER_SEC};
}

void stage(const char *name, const Time &time)
{
    std::printf("%-34s %8.3f s, processor %8.3f s\n", name, time.wall_s, time.processor_s);
}

}

int main(int argc, char **argv)
try {
    const std::filesystem::path parentPath =
        argc > 1 ? std::filesystem::path(argv[1]) : sharedPath("data/megnet/mp-2019.4.1/formation_energy.hdf5");
    const std::filesystem::path cifs =
        argc > 2 ? std::filesystem::path(argv[2]) : sharedPath("data/obelix/all_cifs.zip");
    if (!std::filesystem::exists(parentPath) || !std::filesystem::exists(cifs)) {
        std::printf("%s or %s is missing: nothing to time\n", parentPath.c_str(), cifs.c_str());
        return 0;
    }

    Megnet parent;
    std::vector<File> files;
    stage("read the network", timed([&] { parent = readMegnet(parentPath); }));
    stage("unpack", timed([&] { files = allFiles({cifs}); }));

    // One thread, stage by stage.
    std::vector<Structure> structures, simplified;
    std::vector<Graph> graphs;
    stage("read", timed([&] {
              for (const File &file : files)
                  for (Structure &structure : readStructures(file).structures)
                      structures.push_back(std::move(structure));
          }));
    stage("simplify (CAMNS)", timed([&] {
              for (const Structure &structure : structures)
                  simplified.push_back(simplify(structure, Simplification::CAMNS));
          }));
    std::size_t sites = 0, siteBonds = 0;
    stage("neighbours", timed([&] {
              for (const Structure &structure : simplified)
                  for (const auto &list : neighbours(structure, parent.cutoff_A)) {
                      ++sites;
                      siteBonds += list.size();
                  }
          }));
    stage("graph (neighbours, orbits, bonds)", timed([&] {
              for (const Structure &structure : simplified)
                  graphs.push_back(buildGraph(structure, {.cutoff_A = parent.cutoff_A}));
          }));
    for (int layer = 0; layer <= 3; ++layer) {
        const std::string name = "MEGNet V" + std::to_string(layer);
        stage(name.c_str(), timed([&] {
                  for (const Graph &graph : graphs)
                      megnetFeatures(graph, parent, layer);
              }));
    }
    stage("MEGNet prediction", timed([&] {
              for (const Graph &graph : graphs)
                  megnetPrediction(graph, parent);
          }));

    FeaturizeResult result;
    stage("featurizeAll V1", timed([&] { result = featurizeAll(structures, parent, {.layer = 1}, {}); }));
    std::printf("on %d threads, %zu rejected\n", threadCount(), result.rejects.size());

    std::size_t orbits = 0, bonds = 0, lengths = 0;
    for (const Graph &graph : graphs) {
        orbits += std::size_t(graph.orbits.count());
        bonds += std::size_t(graph.bonds());
        lengths += graph.lengths_A.size();
    }
    std::printf(
        "%zu structures: %zu sites in %zu orbits (%.1f to 1), %zu directed bonds as %zu (%.1f to 1), %zu lengths\n",
        structures.size(), sites, orbits, double(sites) / double(orbits), siteBonds, bonds,
        double(siteBonds) / double(bonds), lengths);
} catch (const std::exception &e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
}
