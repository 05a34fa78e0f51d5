// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/rng.h"
#include "engine/features/graph.h"

#include "tests/support/shared.h"

#include <numbers>

using namespace engine;

namespace {

Site siteOf(int Z, double x, double y, double z)
{
    Site site;
    site.fractional = Vector3(x, y, z);
    site.occupants = {{{Z}, 1.0}};
    return site;
}

/// Rock salt, conventional cell: 4 Li, 4 Cl.
Structure rockSalt(double a_A = 5.13)
{
    Structure structure;
    structure.lattice.vectors = a_A * Matrix3::Identity();
    for (const Vector3 &f : {Vector3(0, 0, 0), Vector3(0, .5, .5), Vector3(.5, 0, .5), Vector3(.5, .5, 0)}) {
        structure.sites.push_back(siteOf(3, f[0], f[1], f[2]));
        structure.sites.push_back(siteOf(17, f[0] + 0.5, f[1], f[2]));
    }
    return structure;
}

}

class TestGraph : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void rockSaltHasTwoOrbitsAndAHandfulOfBonds()
    {
        const Graph graph = buildGraph(rockSalt(), {.cutoff_A = 5.0});
        QCOMPARE(graph.orbits.count(), 2);
        QCOMPARE(graph.orbits.multiplicity, (std::vector{4, 4}));
        QCOMPARE(graph.orbits.representative, (std::vector{0, 1}));
        QCOMPARE(graph.orbits.orbitOfSite, (std::vector{0, 1, 0, 1, 0, 1, 0, 1}));
        // Shells of rock salt within 5 Å: 6 at a/2, 12 at a/√2, 8 at a√3/2.
        QCOMPARE(graph.bonds(), 6);
        QCOMPARE(graph.firstBond, (std::vector{0, 3, 6}));
        QCOMPARE(graph.neighbour, (std::vector{0, 1, 1, 0, 0, 1})); // by orbit, then distance
        QCOMPARE(graph.count, (std::vector{12, 6, 8, 6, 8, 12}));
        QCOMPARE(graph.lengths_A.size(), 3u);
        COMPARE_NEAR(graph.lengths_A[0], 5.13 / 2, 1e-12);
        COMPARE_NEAR(graph.lengths_A[1], 5.13 / std::numbers::sqrt2, 1e-12);
        COMPARE_NEAR(graph.distance_A[2], 5.13 * std::numbers::sqrt3 / 2, 1e-12);
        QCOMPARE(graph.bondsOfSite(1), 26L);
        QCOMPARE(graph.bondsOfCell(), 8 * 26L);
        QCOMPARE(graph.species[1], (std::vector<std::pair<int, double>>{{17, 1.0}}));
    }

    void withoutMergingEverySiteIsItsOwnOrbit()
    {
        const Graph graph = buildGraph(rockSalt(), {.cutoff_A = 5.0, .mergeEqualSites = false});
        QCOMPARE(graph.orbits.count(), 8);
        QCOMPARE(graph.bondsOfCell(), 8 * 26L);
    }

    void aShiftTooSmallToSeeStillSplitsAnOrbit()
    {
        Structure structure = rockSalt();
        structure.sites[4].fractional[2] += 1e-8;
        const Graph graph = buildGraph(structure);
        QVERIFY(graph.orbits.count() > 2);
        QCOMPARE(graph.orbits.multiplicity[graph.orbits.orbitOfSite[4]], 1);
    }

    void aWiderEqualityOfLengthsForgivesRounding()
    {
        Structure structure = rockSalt();
        for (std::size_t i = 0; i < structure.sites.size(); ++i)
            structure.sites[i].fractional[i % 3] += (i % 2 == 0 ? 4e-6 : -3e-6); // a file with five digits
        QVERIFY(buildGraph(structure).orbits.count() > 2);
        const Graph merged = buildGraph(structure, {.sameLength_A = 1e-3});
        QCOMPARE(merged.orbits.count(), 2);
        QCOMPARE(merged.bonds(), 6);
        QCOMPARE(merged.bondsOfCell(), 8 * 26L);
        structure.sites[2].fractional[0] += 0.01; // 0.05 Å is no rounding
        QVERIFY(buildGraph(structure, {.sameLength_A = 1e-3}).orbits.count() > 2);
    }

    void theFilesRowsAreNotTrusted()
    {
        Structure structure = rockSalt();
        for (Site &site : structure.sites)
            site.row = 0;
        QCOMPARE(buildGraph(structure).orbits.count(), 2);
    }

    void differentOccupanciesAreDifferentOrbits()
    {
        Structure structure = rockSalt();
        structure.sites[0].occupants[0].occupancy = 0.5;
        const Graph graph = buildGraph(structure);
        QCOMPARE(graph.orbits.multiplicity[graph.orbits.orbitOfSite[0]], 1);
        QCOMPARE(graph.species[0], (std::vector<std::pair<int, double>>{{3, 0.5}}));
    }

    void chargesDoNotMatterAndEqualElementsAdd()
    {
        Structure structure = rockSalt();
        structure.sites[2].occupants = {{{3, 0.0}, 0.25}, {{3, 1.0}, 0.75}};
        const Graph graph = buildGraph(structure);
        QCOMPARE(graph, buildGraph(rockSalt()));
    }

    void equalEnvironmentsFarApartAreToldApartByWhatLiesBehind()
    {
        // A chain with one odd atom: the others differ by how far it is, beyond their own cutoff.
        Structure structure;
        structure.lattice.vectors.diagonal() << 24.0, 50.0, 50.0;
        for (int i = 0; i < 8; ++i)
            structure.sites.push_back(siteOf(i == 0 ? 9 : 3, i / 8.0, 0, 0));
        const Graph graph = buildGraph(structure, {.cutoff_A = 4.0});
        QCOMPARE(graph.orbits.orbitOfSite, (std::vector{0, 1, 2, 3, 4, 3, 2, 1}));
    }

    void bondsFromBothEndsAreAsMany()
    {
        // Σ multiplicity · count from orbit i to j equals that from j to i, length by length.
        Rng rng(5);
        Structure structure = rockSalt();
        for (int k = 0; k < 3; ++k)
            structure.sites[k].fractional[k] += 0.1 * rng.uniform();
        const Graph graph = buildGraph(structure);
        std::map<std::tuple<int, int, int>, long> ends;
        for (int i = 0; i < graph.orbits.count(); ++i)
            for (int b = graph.firstBond[i]; b < graph.firstBond[i + 1]; ++b) {
                const long n = long(graph.orbits.multiplicity[i]) * graph.count[b];
                ends[{i, graph.neighbour[b], graph.length[b]}] += n;
                ends[{graph.neighbour[b], i, graph.length[b]}] -= n;
            }
        for (const auto &[key, difference] : ends)
            QCOMPARE(difference, 0L);
    }

    void nothingToSeeIsAnError()
    {
        THROWS_ERROR(buildGraph(Structure{}), "no sites");
        THROWS_ERROR(buildGraph(rockSalt(), {.cutoff_A = 2.0}), "no two sites are within 2 Å: the cutoff is too small");
    }
};

QTEST_APPLESS_MAIN(TestGraph)
#include "tst_graph.moc"
