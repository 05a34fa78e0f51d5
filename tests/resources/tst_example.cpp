// SPDX-License-Identifier: GPL-3.0-or-later
// The measured compounds of the built-in example, typed by us, against two published tables and computed crystals.
#include "engine/crystal/match.h"
#include "engine/crystal/simplify.h"
#include "engine/database/importers.h"
#include "engine/project/project.h"
#include "engine/project/structures.h"

#include "tests/support/crystals.h"

#include <QTemporaryDir>

#include <cmath>

using namespace engine;
namespace fs = std::filesystem;

namespace {

const fs::path folder = SUPERION_RESOURCES "/example";

const Project &example()
{
    static const Project project = openProject(folder);
    return project;
}

const std::map<std::string, Structure> &structures()
{
    static const auto all = [] {
        std::map<std::string, Structure> byId;
        for (Structure &s : readProjectStructures(example(), {}).structures)
            byId[s.id] = s;
        return byId;
    }();
    return all;
}

/// Every site full of what it mostly holds.
Structure majority(Structure s)
{
    for (Site &site : s.sites) {
        Occupant main = *std::ranges::max_element(site.occupants, {}, &Occupant::occupancy);
        main.occupancy = 1;
        main.species.oxidationState.reset();
        site.occupants = {main};
    }
    return s;
}

/// The anions and cations that stay where they are: without lithium, kinds of anions and of cations alike, sites that are mostly empty
/// left out. What is known of lithium differs from paper to paper.
Structure framework(const Structure &s)
{
    Structure rest = simplify(s, Simplification::CANS);
    std::erase_if(rest.sites, [](const Site &site) { return site.occupancy() <= 0.5; });
    return majority(std::move(rest));
}

enum class Likeness { Different, Framework, Sites, All };

/// How far two descriptions agree. OBELiX moves all atoms at random, so sites may lie apart.
Likeness likeness(const Structure &a, const Structure &b)
{
    const MatchOptions wide{.siteTolerance = 0.5};
    if (fit(a, b, wide))
        return Likeness::All;
    if (fit(majority(a), majority(b), wide))
        return Likeness::Sites;
    return fit(framework(a), framework(b), wide) ? Likeness::Framework : Likeness::Different;
}

/// Å³ per atom that is no lithium: occupancies of lithium differ from paper to paper.
double volumePerHost_A3(const Structure &s)
{
    Composition host = compositionOf(s);
    host.erase(3);
    return s.lattice.volume_A3() / atoms(host);
}

/// σ within 0.3 decade, or, for an upper bound, below it.
bool agrees(const Measurement &ours, const Measurement &theirs)
{
    if (theirs.isUpperBound)
        return ours.sigma_S_cm <= theirs.sigma_S_cm * 2;
    return std::abs(std::log10(ours.sigma_S_cm / theirs.sigma_S_cm)) <= 0.3;
}

Import imported(const char *format, const std::vector<fs::path> &paths)
{
    const std::vector<File> sources = allFiles(paths);
    return importerFor(format, sources).read(sources, {}, {});
}

constexpr double sameFormula = 0.002; ///< in atoms per atom

Composition formulaOf(const Entry &entry)
{
    try {
        return parseFormula(entry.formula);
    } catch (const Error &) {
        return {}; // a template or a name
    }
}

}

class TestExample : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void itOpensAndSavesToTheSameBytes()
    {
        const QTemporaryDir dir;
        const fs::path copy = fs::path(dir.path().toStdString()) / "example";
        saveProject(example(), copy);
        for (const auto &[name, bytes] : projectToFiles(example())) {
            QVERIFY2(readFile(folder / name) == bytes, name.c_str());
            QVERIFY2(readFile(copy / name) == bytes, name.c_str());
        }
    }

    void itIsLargeAndMixedEnoughToLearnFrom()
    {
        const auto &entries = example().database.entries;
        std::set<std::string> families;
        int positives = 0, disordered = 0, test = 0;
        for (const Entry &e : entries) {
            families.insert(e.family);
            positives += isSuperionic(e);
            disordered += !structures().at(e.id).isOrdered();
            test += e.partition == Partition::Test;
        }
        const auto n = double(entries.size());
        QVERIFY(n >= 48);
        QVERIFY(families.size() >= 12);
        QVERIFY(positives > 0.3 * n && positives < 0.5 * n);
        QVERIFY(disordered > 0.3 * n && disordered < 0.7 * n);
        QVERIFY(test > 0.15 * n && test < 0.25 * n);
    }

    void everyEntryHasASourceAndAStructureThatFitsIt()
    {
        for (const Entry &e : example().database.entries) {
            const char *id = e.id.c_str();
            QVERIFY2(e.measurement.doi.starts_with("10."), id);
            QVERIFY2(e.measurement.sigma_S_cm > 0 && !e.family.empty() && e.link != LinkKind::None, id);
            QVERIFY2(e.measurement.how != HowObtained::Extrapolated || e.measurement.lowestTemperature_K ||
                         e.measurement.isUpperBound,
                     id);
            const Structure &s = structures().at(e.id);
            QVERIFY2(s.spaceGroup.number == e.spaceGroupNumber, id);
            QVERIFY2(compositionOf(s).contains(3), id);
            QVERIFY2(difference(compositionOf(s), parseFormula(e.formula)) < 0.003,
                     id); // printed occupancies are rounded
            QVERIFY2(volumePerAtom_A3(s) > 6 && volumePerAtom_A3(s) < 32, id);
            const QString pair = tooClose(s);
            QVERIFY2(pair.isEmpty(), qPrintable(pair));
            QVERIFY2(example().structures.at(e.structureFile).find("\n# Structure: ") != std::string::npos, id);
        }
    }

    void noTwoAreTheSameCrystal()
    {
        std::vector<Structure> all;
        for (const auto &[id, s] : structures())
            all.push_back(s);
        QVERIFY(duplicateGroups(all).empty());
    }

    void cellsSitesAndConductivitiesAgreeWithObelix()
    {
        NEEDS_SHARED("data/obelix");
        Project theirs;
        addImport(theirs,
                  imported("obelix", {sharedPath("data/obelix/all.csv"), sharedPath("data/obelix/all_cifs.zip")}));
        std::map<std::string, Structure> read;
        for (Structure &s : readProjectStructures(theirs, {}).structures)
            read[s.id] = s;
        int compared = 0;
        for (const Entry &ours : example().database.entries) {
            bool isThere = false, hasCell = false, hasSites = false, hasSigma = false;
            for (const Entry &other : theirs.database.entries) {
                const auto found = read.find(other.id);
                if (found == read.end() || other.spaceGroupNumber != ours.spaceGroupNumber)
                    continue;
                const Composition formula = formulaOf(other);
                if (formula.empty() || difference(formula, parseFormula(ours.formula)) > sameFormula)
                    continue;
                isThere = true;
                const Structure &mine = structures().at(ours.id);
                hasCell |= std::abs(volumePerHost_A3(mine) / volumePerHost_A3(found->second) - 1) < 0.03;
                const Likeness alike = likeness(mine, found->second);
                hasSites |= alike != Likeness::Different;
                hasSigma |= agrees(ours.measurement, other.measurement);
            }
            if (!isThere)
                continue;
            ++compared;
            const char *id = ours.id.c_str();
            QVERIFY2(hasCell, id);
            QVERIFY2(hasSites, id);
            // Published values of one compound differ by decades; then the entry says which there are.
            QVERIFY2(hasSigma || !ours.note.empty(), id);
        }
        qInfo("%d of %d compounds are in OBELiX with a structure", compared, int(example().database.entries.size()));
        QVERIFY(compared >= 40);
    }

    void conductivitiesAgreeWithThePapersTable()
    {
        NEEDS_SHARED("data/literature/mchaffie2025");
        const Import theirs =
            imported("mchaffie", {sharedPath("data/literature/mchaffie2025/ionic_conductivity_database.csv")});
        int compared = 0;
        for (const Entry &ours : example().database.entries) {
            bool isThere = false, hasSigma = false;
            for (const Entry &other : theirs.database.entries) {
                const Composition formula = formulaOf(other);
                if (formula.empty() || difference(formula, parseFormula(ours.formula)) > sameFormula)
                    continue;
                isThere = true;
                hasSigma |= agrees(ours.measurement, other.measurement);
            }
            compared += isThere;
            QVERIFY2(!isThere || hasSigma || !ours.note.empty(), ours.id.c_str());
        }
        qInfo("%d of %d compounds are in the paper's table", compared, int(example().database.entries.size()));
        QVERIFY(compared >= 40);
    }

    void orderedOnesAgreeWithComputedCrystals()
    {
        NEEDS_SHARED("data/mp/cgcnn_mp");
        std::set<std::string> formulas;
        for (const auto &[id, s] : structures())
            if (s.isOrdered())
                formulas.insert(reducedFormula(compositionOf(s)));
        const auto computed = computedCrystals(formulas);
        int ordered = 0, found = 0;
        for (const auto &[id, ours] : structures()) {
            if (!ours.isOrdered())
                continue;
            ++ordered;
            const auto &theirs = computed.at(reducedFormula(compositionOf(ours)));
            if (theirs.empty())
                continue;
            ++found;
            const bool isThere = std::ranges::any_of(theirs, [&ours = ours](const Structure &other) {
                return fit(ours, other) && std::abs(volumePerAtom_A3(ours) / volumePerAtom_A3(other) - 1) < 0.08;
            });
            // Of LiGaO2 there is only the layered form of high pressure.
            QVERIFY2(isThere != (id == "ligao2"), id.c_str());
        }
        qInfo("%d of %d ordered compounds are among the computed crystals", found, ordered);
        QVERIFY(found >= 0.6 * ordered);
    }
};

QTEST_APPLESS_MAIN(TestExample)
#include "tst_example.moc"
