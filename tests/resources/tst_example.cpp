// SPDX-License-Identifier: GPL-3.0-or-later
// The built-in example: that it is sound in itself, and, where the reference data are, that its structures and conductivities are
// those of the literature. Structures were typed from the literature; nothing here prints or writes a coordinate.
#include "engine/core/csv.h"
#include "engine/core/text.h"
#include "engine/crystal/composition.h"
#include "engine/crystal/element.h"
#include "engine/crystal/match.h"
#include "engine/crystal/neighbours.h"
#include "engine/crystal/read.h"
#include "engine/crystal/reduce.h"
#include "engine/crystal/simplify.h"
#include "engine/database/importers.h"
#include "engine/project/archive.h"
#include "engine/project/project.h"

#include "tests/support/crystals.h"

#include <QRegularExpression>
#include <QTemporaryDir>

#include <algorithm>
#include <set>

using namespace engine;

namespace {
constexpr double decade = 0.3; ///< how far two conductivities of one compound may lie apart without a word about it

const Project &example()
{
    static const Project project = openProject(SUPERION_RESOURCES "/example");
    return project;
}

const std::map<std::string, Structure> &structures()
{
    static const auto all = [] {
        std::map<std::string, Structure> result;
        for (const Entry &entry : example().database.entries) {
            const auto read = readStructures({entry.structureFile, example().structures.at(entry.structureFile)});
            if (!read.rejects.empty() || read.structures.size() != 1)
                throw Error(entry.id + ": not read");
            result[entry.id] = read.structures.front();
        }
        return result;
    }();
    return all;
}

bool isOneCompound(const std::string &formulaA, const std::string &formulaB)
{
    try {
        return difference(parseFormula(formulaA), parseFormula(formulaB)) <= 0.002;
    } catch (const Error &) { // "Li(BH4)-glass": tables hold formulas that are none
        return false;
    }
}

Import imported(const std::string &importer, const std::vector<std::string> &names)
{
    std::vector<std::filesystem::path> paths;
    for (const auto &name : names)
        paths.push_back(sharedPath(name));
    const auto sources = allFiles(paths);
    return importerFor(importer, sources).read(sources, {}, {});
}

const Import &obelix()
{
    static const Import import = imported("obelix", {"data/obelix/all.csv", "data/obelix/all_cifs.zip"});
    return import;
}

const Import &mchaffie()
{
    static const Import import = imported("mchaffie", {"data/literature/mchaffie2025/ionic_conductivity_database.csv"});
    return import;
}

/// Every site held wholly by the species that holds most of it.
Structure withoutOccupancies(Structure structure)
{
    for (Site &site : structure.sites) {
        Occupant most = *std::ranges::max_element(site.occupants, {}, &Occupant::occupancy);
        most.species.oxidationState.reset();
        most.occupancy = 1.0;
        site.occupants = {most};
    }
    return structure;
}

/// The immobile part without its chemistry: lithium and sites that are at most half full are left out, cations are one kind,
/// anions another.
Structure framework(const Structure &structure)
{
    Structure rest = simplify(structure, Simplification::CANS);
    std::erase_if(rest.sites, [](const Site &site) { return site.occupancy() <= 0.5; });
    return withoutOccupancies(rest);
}

/// How far two descriptions of one compound agree. Authors place lithium and share sites in different ways, so for disordered
/// compounds only the sites, or only the framework, can be compared; each is a weaker statement than the one before.
enum class Agreement { None, Framework, Sites, Whole };

Agreement agreement(const Structure &a, const Structure &b)
{
    const MatchOptions options{.siteTolerance = 0.5}; // the coordinates of OBELiX carry noise
    if (fit(a, b, options))
        return Agreement::Whole;
    if (fit(withoutOccupancies(a), withoutOccupancies(b), options))
        return Agreement::Sites;
    return fit(framework(a), framework(b), options) ? Agreement::Framework : Agreement::None;
}

/// Volume per atom, lithium aside, because some files hold less of it than their formula.
double volumePerFrameworkAtom(const Structure &structure)
{
    Composition composition = compositionOf(structure);
    composition.erase(3);
    return structure.lattice.volume_A3() / atoms(composition);
}

std::array<double, 3> reducedLengths(const Structure &structure)
{
    // Noise in OBELiX keeps the symmetry, so centring is exact; a wide tolerance would find pseudo-translations.
    const auto p = primitiveCell(withoutOccupancies(structure), 0.02).lattice.parameters();
    return {p[0], p[1], p[2]};
}

const std::string ob = "OBELiX", mp = "Materials Project";

/// What each structure was compared with and how far it agrees: the best of the descriptions that OBELiX has of it.
struct Compared {
    Agreement obelix = Agreement::None; ///< None: not in there
    bool materialsProject = false;
};
using enum Agreement;
const std::map<std::string, Compared> compared{
    {"lagp-0.5", {.obelix = Sites}},
    {"latp-0.3", {.obelix = Whole}},
    {"li10gep2s12", {.obelix = Framework}},
    {"li10snp2s12", {.obelix = Framework}},
    {"li2coge3o8", {.obelix = Sites}},
    {"li2coti3o8", {.obelix = Sites}},
    {"li2mgcl4", {.obelix = Whole}},
    {"li2mgti3o8", {.obelix = Sites}},
    {"li2mncl4", {.obelix = Whole}},
    {"li2sns3", {.obelix = Whole}},
    {"li2znge3o8", {.obelix = Whole}},
    {"li2zro3", {.obelix = Whole, .materialsProject = true}},
    {"li3alh6", {.obelix = Whole, .materialsProject = true}},
    {"li3aln2", {.obelix = Whole, .materialsProject = true}},
    {"li3incl6", {.obelix = Framework}},
    {"li3n-alpha", {.obelix = Whole, .materialsProject = true}},
    {"li3n-beta", {.obelix = Whole, .materialsProject = true}},
    {"li3obr", {.obelix = Whole, .materialsProject = true}},
    {"li3ocl", {.obelix = Whole, .materialsProject = true}},
    {"li3p", {.obelix = Whole, .materialsProject = true}},
    {"li3po4-gamma", {.obelix = Whole, .materialsProject = true}},
    {"li3ps4-gamma", {.obelix = Sites}},
    {"li3vo4-beta", {.obelix = Whole, .materialsProject = true}},
    {"li3ybr6", {.obelix = Framework}},
    {"li3ycl6", {.obelix = Framework}},
    {"li4ges4", {.obelix = Framework, .materialsProject = true}},
    {"li4ti5o12", {.obelix = Sites}},
    {"li6fecl8", {.materialsProject = true}},
    {"li6ps5br", {.obelix = Framework}},
    {"li6ps5cl", {.obelix = Whole}},
    {"li6ps5i", {.obelix = Framework}},
    {"lialcl4", {.obelix = Whole, .materialsProject = true}},
    {"lialh4", {.obelix = Whole, .materialsProject = true}},
    {"lialo2-gamma", {.materialsProject = true}},
    {"libh4", {.materialsProject = true}},
    {"ligao2", {.obelix = Whole}},
    {"lige2p3o12", {.obelix = Whole, .materialsProject = true}},
    {"lii", {.materialsProject = true}},
    {"liio3-alpha", {.materialsProject = true}},
    {"limgpo4", {.materialsProject = true}},
    {"limgti-spinel", {.obelix = Whole}},
    {"lipn2", {.materialsProject = true}},
    {"lisco2", {.obelix = Whole, .materialsProject = true}},
    {"liti2p3o12", {.obelix = Whole, .materialsProject = true}},
    {"llhfo-tetragonal", {.obelix = Whole}},
    {"llto-al-0.1", {.obelix = Sites}},
    {"llto-al-0.2", {.obelix = Sites}},
    {"llto-al-0.3", {.obelix = Sites}},
    {"llto-al-0.4", {.obelix = Sites}},
    {"llzo-cubic", {.obelix = Sites}},
    {"llzo-tetragonal", {.obelix = Whole, .materialsProject = true}},
    {"llzto-0.5", {.obelix = Sites}},
    {"llzto-0.6", {.obelix = Sites}},
};

const Compared &comparedOf(const std::string &id)
{
    static const Compared nothing;
    const auto found = compared.find(id);
    return found == compared.end() ? nothing : found->second;
}

QByteArray text(const std::string &s)
{
    return QByteArray::fromStdString(s);
}

QByteArray number(double x)
{
    return QByteArray::number(x, 'g', 4);
}
}

class TestExample : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void opensAndSavesToTheSameBytes()
    {
        QTemporaryDir folder;
        const std::filesystem::path copy = folder.filePath("copy").toStdString(),
                                    original = SUPERION_RESOURCES "/example";
        saveProject(example(), copy);
        int files = 0;
        for (const auto &file : std::filesystem::recursive_directory_iterator(copy)) {
            if (!file.is_regular_file())
                continue;
            const auto name = std::filesystem::relative(file.path(), copy);
            QVERIFY2(readFile(file.path()) == readFile(original / name), name.c_str());
            ++files;
        }
        QCOMPARE(std::size_t(files), example().database.entries.size() + 3); // project.json, entries.csv, audit.csv
    }

    void isVariedEnoughToLearnFrom()
    {
        const auto &entries = example().database.entries;
        QVERIFY(entries.size() >= 48);
        std::set<std::string> families, files;
        int positive = 0, ordered = 0;
        std::map<Partition, std::pair<int, int>> superionicOf; // count, superionic
        for (const Entry &entry : entries) {
            families.insert(entry.family);
            files.insert(entry.structureFile);
            positive += isSuperionic(entry);
            ordered += structures().at(entry.id).isOrdered();
            ++superionicOf[entry.partition].first;
            superionicOf[entry.partition].second += isSuperionic(entry);
        }
        QVERIFY(families.size() >= 12);
        QCOMPARE(files.size(), entries.size());
        QCOMPARE(example().structures.size(), entries.size());
        const double n = double(entries.size());
        QVERIFY(positive >= 0.30 * n && positive <= 0.45 * n);
        QVERIFY(ordered >= 0.3 * n && ordered <= 0.7 * n);
        const auto [test, testPositive] = superionicOf[Partition::Test];
        QVERIFY(test >= 0.15 * n && test <= 0.25 * n);
        COMPARE_NEAR(double(testPositive) / test, positive / n, 0.1);
    }

    void everyEntrySaysWhereItsNumberComesFrom()
    {
        static const QRegularExpression doi("^10\\.\\d{4,9}/\\S+$");
        for (const Entry &entry : example().database.entries) {
            const auto &m = entry.measurement;
            QVERIFY2(doi.match(QString::fromStdString(m.doi)).hasMatch(), entry.id.c_str());
            QVERIFY2(m.sigma_S_cm > 0 && m.how != HowObtained::Unknown && !m.method.empty(), entry.id.c_str());
            QVERIFY2((m.how == HowObtained::Extrapolated) == (m.lowestTemperature_K.has_value() || m.isUpperBound),
                     entry.id.c_str());
            QVERIFY2(!m.lowestTemperature_K || *m.lowestTemperature_K > 298.15, entry.id.c_str());
            QVERIFY2(!entry.family.empty() && entry.link != LinkKind::None && entry.curator == "Superion",
                     entry.id.c_str());
            const auto &cif = example().structures.at(entry.structureFile);
            QVERIFY2(cif.find("# Structure: ") != std::string::npos, entry.id.c_str());
        }
    }

    void structuresHoldWhatTheirEntriesSay()
    {
        for (const Entry &entry : example().database.entries) {
            const Structure &structure = structures().at(entry.id);
            for (const Warning &warning : structure.warnings)
                QVERIFY2(warning.text.starts_with("coordinates such as 0.3333 were taken as thirds"),
                         text(entry.id + ": " + warning.text));
            QCOMPARE(structure.spaceGroup.number, entry.spaceGroupNumber);
            QCOMPARE(structure.spaceGroup.symbol, entry.spaceGroupSymbol);
            const Composition composition = compositionOf(structure);
            QVERIFY2(composition.contains(3), entry.id.c_str());
            QVERIFY2(difference(composition, parseFormula(entry.formula)) < 0.003,
                     text(entry.id + ": " + formula(composition)));
        }
    }

    void atomsKeepTheirDistance()
    {
        for (const auto &[id, structure] : structures()) {
            const double perAtom = structure.lattice.volume_A3() / atoms(compositionOf(structure));
            QVERIFY2(perAtom > 8.0 && perAtom < 28.0, text(id + ": ") + number(perAtom) + " A^3 per atom");
            const auto radius = [&](const Site &site) {
                double r = 0;
                for (const Occupant &o : site.occupants)
                    r += o.occupancy * element(o.species.Z).covalentRadius_A.value() / site.occupancy();
                return r;
            };
            const auto around = neighbours(structure, 3.2);
            for (std::size_t i = 0; i < around.size(); ++i)
                for (const Neighbour &neighbour : around[i]) {
                    const Site &a = structure.sites[i], &b = structure.sites[neighbour.index];
                    if (a.occupancy() + b.occupancy() < 1.001)
                        continue; // never both at once
                    const bool hasHydrogen = a.occupancyOf(1) > 0 || b.occupancyOf(1) > 0;
                    const double least = (hasHydrogen ? 0.5 : 0.6) * (radius(a) + radius(b));
                    QVERIFY2(neighbour.distance_A > least,
                             text(id + ": " + a.label + "-" + b.label + " ") + number(neighbour.distance_A));
                }
        }
    }

    /// Every value that the tables have for the composition, and OBELiX for composition and space group, lies within 0.3 decades,
    /// or the note gives a range that holds it.
    void conductivitiesAgreeWithTheTablesOrSayHowFarTheyDoNot()
    {
        NEEDS_SHARED("data/obelix/all.csv");
        NEEDS_SHARED("data/literature/mchaffie2025/ionic_conductivity_database.csv");
        static const QRegularExpression range("Tabulated for this composition: (\\S+) to (\\S+) S/cm\\.");
        int values = 0;
        for (const Entry &entry : example().database.entries) {
            const auto said = range.match(QString::fromStdString(entry.note));
            bool needed = false;
            const double sigma = entry.measurement.sigma_S_cm;
            const auto check = [&](const Entry &other) {
                ++values;
                const double theirs = other.measurement.sigma_S_cm;
                if (other.measurement.isUpperBound ? sigma <= theirs * 1.01
                                                   : std::abs(std::log10(sigma / theirs)) <= decade)
                    return true;
                needed = true;
                return said.hasMatch() && theirs > 0.99 * said.captured(1).toDouble() &&
                       theirs < 1.01 * said.captured(2).toDouble();
            };
            for (const Entry &other : obelix().database.entries)
                if (other.spaceGroupNumber == entry.spaceGroupNumber && isOneCompound(other.formula, entry.formula))
                    QVERIFY2(check(other), text(entry.id + " and OBELiX " + other.id));
            for (const Entry &other : mchaffie().database.entries)
                if (isOneCompound(other.formula, entry.formula))
                    QVERIFY2(check(other), text(entry.id + " and McHaffie " + other.id));
            QVERIFY2(needed == said.hasMatch(), entry.id.c_str());
        }
        QVERIFY(values > 150);
    }

    /// Every structure that OBELiX has of the composition in the space group has the cell within 2 % and at least the
    /// framework; the best agreement is that of the table above.
    void structuresAreThoseOfObelix()
    {
        NEEDS_SHARED("data/obelix/all_cifs.zip");
        int pairs = 0;
        for (const auto &[id, ours] : structures()) {
            const Entry &entry = *example().database.find(id);
            Agreement best = None;
            for (const Entry &other : obelix().database.entries) {
                if (other.structureFile.empty() || other.spaceGroupNumber != entry.spaceGroupNumber ||
                    !isOneCompound(other.formula, entry.formula))
                    continue;
                const auto read = readStructures({other.structureFile, obelix().structures.at(other.structureFile)});
                QCOMPARE(read.structures.size(), 1u);
                const Structure &theirs = read.structures.front();
                const auto pair = text(id + " and OBELiX " + other.id);
                const Agreement found = agreement(ours, theirs);
                QVERIFY2(found != None, pair);
                best = std::max(best, found);
                if (found == Whole && ours.isOrdered()) { // noise of 0.01 in coordinates is about 0.07 in this unit
                    const double rms = match(ours, theirs, {.siteTolerance = 0.5}).value().rms;
                    QVERIFY2(rms < 0.15, pair + ": rms displacement " + number(rms));
                }
                const double scale = std::cbrt(volumePerFrameworkAtom(ours) / volumePerFrameworkAtom(theirs));
                QVERIFY2(std::abs(scale - 1) < 0.02, pair + ": lengths differ by a factor of " + number(scale));
                const auto a = reducedLengths(ours), b = reducedLengths(theirs);
                for (int k = 0; k < 3; ++k)
                    QVERIFY2(std::abs(a[k] / b[k] - 1) < 0.02,
                             pair + ": " + number(a[k]) + " and " + number(b[k]) + " A");
                ++pairs;
            }
            QVERIFY2(best == comparedOf(id).obelix, text(id + ": ") + QByteArray::number(int(best)));
        }
        QVERIFY(pairs >= 60);
    }

    /// For ordered compounds a relaxed structure of the Materials Project is the same at the usual tolerances, with a volume
    /// within 8 %: calculated cells are a few per cent too large.
    void orderedStructuresAreThoseOfTheMaterialsProject()
    {
        NEEDS_SHARED("data/mp/cgcnn_mp");
        std::set<std::string> formulas;
        for (const auto &[id, ours] : structures())
            if (ours.isOrdered())
                formulas.insert(reducedFormula(compositionOf(ours)));
        const auto computed = computedCrystals(formulas);
        std::map<std::string, bool> fits;
        for (const auto &[id, ours] : structures())
            if (ours.isOrdered())
                for (const Structure &theirs : computed.at(reducedFormula(compositionOf(ours)))) {
                    const double volumes = volumePerFrameworkAtom(ours) / volumePerFrameworkAtom(theirs);
                    fits[id] |= std::abs(volumes - 1) < 0.08 && fit(ours, theirs);
                }
        for (const Entry &entry : example().database.entries)
            QVERIFY2(comparedOf(entry.id).materialsProject == fits[entry.id], entry.id.c_str());
    }

    void verifiedMeansCompared()
    {
        for (const Entry &entry : example().database.entries) {
            const auto &[inObelix, inMaterialsProject] = comparedOf(entry.id);
            const std::string expected = (inObelix != None ? ob : "") +
                                         (inObelix != None && inMaterialsProject ? ", " : "") +
                                         (inMaterialsProject ? mp : "");
            QCOMPARE(entry.verifier, expected);
            QCOMPARE(entry.status, expected.empty() ? Status::Submitted : Status::Verified);
        }
        for (const auto &[id, what] : compared)
            QVERIFY2(example().database.find(id), id.c_str());
    }

    /// The comparison is worth something only if a typing error fails it.
    void aWrongOriginOrSiteIsSeen_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("right");
        QTest::addColumn<QString>("wrong");
        QTest::newRow("origin of a spinel") << "li2mgcl4"
                                            << "F d -3 m :2"
                                            << "F d -3 m :1";
        QTest::newRow("origin of a garnet") << "llzo-tetragonal"
                                            << "I 41/a c d :2"
                                            << "I 41/a c d :1";
        QTest::newRow("nitrogen on the wrong site") << "li3aln2"
                                                    << "N1 N 0 0 0"
                                                    << "N1 N 0.25 0.25 0.25";
        QTest::newRow("one digit of an anion") << "libh4"
                                               << "B1 B 0.304"
                                               << "B1 B 0.604";
        QTest::newRow("a sign") << "liti2p3o12"
                                << "O2 O 0.1904 0.1638"
                                << "O2 O 0.1904 -0.1638";
    }
    void aWrongOriginOrSiteIsSeen()
    {
        QFETCH(const QString, id);
        QFETCH(const QString, right);
        QFETCH(const QString, wrong);
        const Structure &structure = structures().at(id.toStdString());
        QString cif = QString::fromStdString(example().structures.at(id.toStdString() + ".cif"));
        QCOMPARE(cif.count(right), 1);
        QVERIFY(agreement(structure, readCif(cif.toStdString(), "right").structures.at(0)) == Whole);
        cif.replace(right, wrong);
        const auto read = readCif(cif.toStdString(), "wrong");
        QVERIFY(read.structures.empty() || agreement(structure, read.structures.at(0)) == None);
    }
};

QTEST_APPLESS_MAIN(TestExample)
#include "tst_example.moc"
