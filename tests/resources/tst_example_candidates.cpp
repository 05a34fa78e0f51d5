// SPDX-License-Identifier: GPL-3.0-or-later
// The structures that the built-in example screens: literature compounds typed by us.
#include "engine/crystal/cif.h"
#include "engine/crystal/match.h"

#include "tests/support/crystals.h"

#include <QRegularExpression>

#include <map>

using namespace engine;

namespace {
struct Candidate {
    File file;
    ReadResult read;

    std::string stem() const { return stemOf(file.name); }
    const Structure &structure() const { return read.structures.at(0); }
};

const std::vector<Candidate> &candidates()
{
    static const auto all = [] {
        std::vector<Candidate> result;
        for (File &file : allFiles({std::filesystem::path(SUPERION_RESOURCES) / "example/candidates"})) {
            ReadResult read = readStructures(file);
            result.push_back({std::move(file), std::move(read)});
        }
        return result;
    }();
    return all;
}

/// Compounds that are there with other structures only, and why.
const std::map<std::string, const char *> otherPolymorphs{
    {"Li2TiO3-beta", "only an ordering with twice the atoms"},
    {"Li3Sb-cubic", "only the hexagonal form, of the Na3As type, which turns cubic at 650 °C"},
    {"LiCoO2", "only the lithiated spinel"},
    {"LiCrO2", "only the gamma-LiFeO2 type; the layered form is the known one"},
    {"LiFeO2-gamma", "only an open framework, a quarter less dense"},
    {"LiGaO2", "only the layered form of high pressure"},
    {"LiMnO2-orthorhombic", "only the gamma-LiFeO2 type; the corrugated layers are the known ones"},
    {"LiNiPO4", "only other frameworks, all less dense than the olivine"},
    {"LiVS2", "only the stacking of alpha-NaFeO2; van Laar and IJdo found one layer per cell"},
};
}

class TestExampleCandidates : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void thereAreSixtyAndMore() { QVERIFY(candidates().size() >= 60); }

    void everyOneIsReadWithoutARemark()
    {
        for (const Candidate &candidate : candidates()) {
            const QByteArray name = QByteArray::fromStdString(candidate.file.name);
            QVERIFY2(candidate.read.rejects.empty(), name);
            QVERIFY2(candidate.read.structures.size() == 1, name);
            QVERIFY2(candidate.structure().warnings.empty(),
                     name + ": " +
                         QByteArray::fromStdString(
                             candidate.structure().warnings.empty() ? "" : candidate.structure().warnings[0].text));
        }
    }

    void everyOneHoldsLithiumAndSaysWhereItIsFrom()
    {
        for (const Candidate &candidate : candidates()) {
            QVERIFY2(compositionOf(candidate.structure()).contains(3), candidate.file.name.c_str());
            // A name and a year in brackets.
            static const QRegularExpression source(R"(^# Source: .*[A-Z][a-z]+.*\((18|19|20)\d\d\))",
                                                   QRegularExpression::MultilineOption);
            QVERIFY2(source.match(QString::fromStdString(candidate.file.bytes)).hasMatch(),
                     candidate.file.name.c_str());
        }
    }

    void cellsHoldZFormulas()
    {
        for (const Candidate &candidate : candidates()) {
            const CifDocument document = parseCif(candidate.file.bytes);
            const CifBlock &block = document.blocks.at(0);
            const Composition formula = parseFormula(block.find("_chemical_formula_sum")->text);
            const double Z = std::stod(block.find("_cell_formula_units_z")->text);
            const Composition cell = compositionOf(candidate.structure());
            COMPARE_NEAR(atoms(cell), Z * atoms(formula), 1e-5);
            QVERIFY2(difference(cell, formula) < 1e-6, candidate.file.name.c_str());
        }
    }

    void namesAreFormulas()
    {
        static const QRegularExpression pattern("^([A-Za-z0-9.]+)(-[a-z_]+)?$");
        for (const Candidate &candidate : candidates()) {
            const auto match = pattern.match(QString::fromStdString(candidate.stem()));
            QVERIFY2(match.hasMatch(), candidate.file.name.c_str());
            // Names are rounded: Ni0.33.
            const Composition named = parseFormula(match.captured(1).toStdString());
            QVERIFY2(difference(named, compositionOf(candidate.structure())) < 0.005, candidate.file.name.c_str());
            QCOMPARE(parseCif(candidate.file.bytes).blocks.at(0).name, candidate.stem());
        }
    }

    void spaceGroupsAreThoseOfTheFiles()
    {
        for (const Candidate &candidate : candidates()) {
            const CifDocument document = parseCif(candidate.file.bytes);
            const int number = std::stoi(document.blocks.at(0).find("_space_group_it_number")->text);
            const auto named = spaceGroupOfSymbol(document.blocks.at(0).find("_space_group_name_h-m_alt")->text);
            QVERIFY2(named && named->number == number, candidate.file.name.c_str());
            QVERIFY2(candidate.structure().spaceGroup.number == number, candidate.file.name.c_str());
        }
    }

    void atomsKeepTheirDistance()
    {
        for (const Candidate &candidate : candidates()) {
            const QString pair = tooClose(candidate.structure());
            QVERIFY2(pair.isEmpty(), qPrintable(pair));
        }
    }

    void noTwoAreTheSameCrystal()
    {
        std::vector<Structure> structures;
        for (const Candidate &candidate : candidates())
            structures.push_back(candidate.structure());
        QVERIFY(duplicateGroups(structures).empty());
    }

    void orderedOnesAgreeWithComputedCrystals()
    {
        NEEDS_SHARED("data/mp/cgcnn_mp");
        std::set<std::string> formulas;
        for (const Candidate &candidate : candidates())
            if (candidate.structure().isOrdered())
                formulas.insert(reducedFormula(compositionOf(candidate.structure())));
        const auto computed = computedCrystals(formulas);
        int ordered = 0, found = 0;
        QStringList wrong;
        for (const Candidate &candidate : candidates()) {
            const Structure &ours = candidate.structure();
            if (!ours.isOrdered())
                continue;
            ++ordered;
            const auto &theirs = computed.at(reducedFormula(compositionOf(ours)));
            if (theirs.empty())
                continue;
            ++found;
            double nearest = 1;
            for (const Structure &other : theirs) {
                const double change = volumePerAtom_A3(ours) / volumePerAtom_A3(other) - 1;
                if (fit(ours, other) && std::abs(change) < std::abs(nearest))
                    nearest = change;
            }
            const bool agrees = std::abs(nearest) <= 0.08;
            if (agrees == otherPolymorphs.contains(candidate.stem()))
                wrong +=
                    QStringLiteral("%1 (%2)").arg(QString::fromStdString(candidate.stem())).arg(nearest, 0, 'f', 3);
        }
        qInfo("%d of %d ordered candidates are among the computed crystals", found, ordered);
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(", ")));
        QVERIFY(found >= 0.6 * ordered);
    }
};

QTEST_APPLESS_MAIN(TestExampleCandidates)
#include "tst_example_candidates.moc"
