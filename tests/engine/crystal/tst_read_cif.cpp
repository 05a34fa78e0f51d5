// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/crystal/composition.h"
#include "engine/crystal/element.h"
#include "engine/crystal/read.h"
#include "engine/project/archive.h"

#include "tests/support/shared.h"

#include <algorithm>
#include <cmath>
#include <set>

using namespace engine;
using nlohmann::json;

namespace {

/// A cubic cell of 5 Å with these lines behind it.
std::string cubic(const std::string &rest)
{
    return "data_x\n_cell_length_a 5\n_cell_length_b 5\n_cell_length_c 5\n"
           "_cell_angle_alpha 90\n_cell_angle_beta 90\n_cell_angle_gamma 90\n" +
           rest; // line 8 on
}

const std::string p1 = "_space_group_IT_number 1\n"; // line 8
const std::string atomTags = "loop_\n_atom_site_label\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n";
const std::string atomTagsWithOccupancy = atomTags + "_atom_site_occupancy\n";

Structure only(const std::string &text, const ReadOptions &options = {})
{
    const ReadResult result = readCif(text, "x.cif", options);
    if (result.structures.size() != 1)
        throw Error(std::to_string(result.structures.size()) + " structures");
    return result.structures.front();
}

bool warns(const Structure &structure, const std::string &text, int line = -1)
{
    return std::ranges::any_of(structure.warnings, [&](const Warning &w) {
        return w.text.find(text) != std::string::npos && (line < 0 || w.line == line);
    });
}

std::string keyOf(const Species &species, bool withState)
{
    std::string key = symbolOf(species.Z);
    if (withState && species.oxidationState)
        key +=
            (*species.oxidationState < 0 ? "-" : "+") + std::to_string(std::lround(std::abs(*species.oxidationState)));
    return key;
}

double distance(double a, double b)
{
    return std::abs(a - b - std::round(a - b));
}

/// "" when the sites are those of the golden file, whatever their order.
QString difference(const Structure &structure, const json &expected)
{
    if (structure.sites.size() != expected.size())
        return QStringLiteral("%1 sites, expected %2").arg(structure.sites.size()).arg(expected.size());
    std::set<std::size_t> used;
    for (const json &site : expected) {
        const bool withState = site["species"].begin().key().find_first_of("+-") != std::string::npos;
        bool found = false;
        for (std::size_t i = 0; i < structure.sites.size() && !found; ++i) {
            const Site &own = structure.sites[i];
            bool same = !used.contains(i) && own.occupants.size() == site["species"].size();
            for (int k = 0; k < 3; ++k)
                same = same && distance(own.fractional[k], site["frac"][k].get<double>()) < 1e-5;
            for (const Occupant &occupant : own.occupants) {
                const std::string key = keyOf(occupant.species, withState);
                same = same && site["species"].contains(key) &&
                       std::abs(site["species"][key].get<double>() - occupant.occupancy) < 1e-6;
            }
            if (same) {
                used.insert(i);
                found = true;
            }
        }
        if (!found)
            return QString::fromStdString("not found: " + site.dump());
    }
    return {};
}

}

class TestReadCif : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // pymatgen 2022.11.7
    void readsTheSitesOfTheReferenceProgram()
    {
        NEEDS_SHARED("golden/crystal/cif_semantics.json");
        const json golden = sharedJson("golden/crystal/cif_semantics.json");
        QCOMPARE(int(golden["entries"].size()), 14);
        for (const json &entry : golden["entries"]) {
            const std::string name = entry["name"];
            const Structure structure = only(entry["cif"].get<std::string>());
            json sites = entry["sites"];
            if (name == "no_symmetry_at_all") {
                // This entry contradicts itself: its text puts O1 at ½ ½ ½, its list has ½ 0 0. The text counts.
                sites[1]["frac"] = json::array({0.5, 0.5, 0.5});
            }
            const QString why = difference(structure, sites);
            QVERIFY2(why.isEmpty(), qPrintable(QString::fromStdString(name) + ": " + why));
            const auto parameters = structure.lattice.parameters();
            for (int i = 0; i < 6; ++i)
                COMPARE_NEAR(parameters[i], entry["cell"][i].get<double>(), 1e-6);
            COMPARE_NEAR(structure.lattice.volume_A3(), entry["volume"].get<double>(),
                         1e-6 * entry["volume"].get<double>());
        }
    }

    void readsAllOfObelix()
    {
        NEEDS_SHARED("golden/crystal/cif_summary.json");
        NEEDS_SHARED("data/obelix/all_cifs.zip");
        const json golden = sharedJson("golden/crystal/cif_summary.json");
        const json structures = sharedJson("golden/crystal/structures.json")["entries"];
        int read = 0, rounded = 0, detailed = 0;
        visitFiles(sharedPath("data/obelix/all_cifs.zip"), [&](const File &file) {
            if (!looksLikeStructure(file.name))
                return;
            const ReadResult result = readStructures(file);
            QVERIFY2(result.rejects.empty() && result.structures.size() == 1, file.name.c_str());
            const Structure &structure = result.structures.front();
            QVERIFY2(golden.contains(structure.id), structure.id.c_str());
            const json &expected = golden[structure.id];
            QCOMPARE(int(structure.sites.size()), expected["n_sites"].get<int>());
            COMPARE_NEAR(structure.lattice.volume_A3(), expected["volume"].get<double>(),
                         1e-4 * expected["volume"].get<double>());
            COMPARE_NEAR(atoms(compositionOf(structure)), expected["n_atoms"].get<double>(), 1e-5);
            QCOMPARE(structure.isOrdered(), expected["ordered"].get<bool>());
            rounded += warns(structure, "thirds");
            ++read;
            for (const json &entry : structures)
                if (entry["id"] == structure.id) {
                    const QString why = difference(structure, entry["sites"]);
                    QVERIFY2(why.isEmpty(), qPrintable(QString::fromStdString(structure.id) + ": " + why));
                    QCOMPARE(structure.spaceGroup.number, entry["cif_space_group_number"].get<int>());
                    ++detailed;
                }
        });
        QCOMPARE(read, 321);
        QCOMPARE(detailed, 15);
        QCOMPARE(rounded, 16); // crystal.md section 1.8
    }

    void uncertaintiesAreKept()
    {
        const Structure structure =
            only("data_x\n_cell_length_a 5.43(2)\n_cell_length_b 6\n_cell_length_c 7.123(4\n_cell_angle_alpha 90\n"
                 "_cell_angle_beta 101.2(3)\n_cell_angle_gamma 90\n" +
                 p1 + atomTagsWithOccupancy + "Li1 0.1234(5) -0.25(1) 1.20(3)E-1 0.50(2)\n");
        const std::array<double, 6> su{0.02, 0, 0.004, 0, 0.3, 0};
        for (int i = 0; i < 6; ++i)
            COMPARE_NEAR(structure.cell_su[i], su[i], 1e-12);
        const Site &site = structure.sites[0];
        COMPARE_NEAR(site.fractional[2], 0.12, 1e-12);
        COMPARE_NEAR(site.fractional_su[0], 0.0005, 1e-12);
        COMPARE_NEAR(site.fractional_su[1], 0.01, 1e-12);
        COMPARE_NEAR(site.fractional_su[2], 0.003, 1e-12);
        COMPARE_NEAR(site.occupants[0].occupancy_su, 0.02, 1e-12);
    }

    void uncertaintiesTurnWithTheSite()
    {
        const Structure structure =
            only(cubic("loop_ _symmetry_equiv_pos_as_xyz x,y,z y,-x-y,z\n" + atomTags + "Li1 0.1(3) 0.25(4) 0.5\n"));
        QCOMPARE(int(structure.sites.size()), 2);
        COMPARE_NEAR(structure.sites[1].fractional_su[0], 0.04, 1e-12);
        COMPARE_NEAR(structure.sites[1].fractional_su[1], std::hypot(0.3, 0.04), 1e-12);
    }

    void sitesKnowTheirRow()
    {
        const Structure structure =
            only(cubic("_space_group_name_H-M_alt 'F m -3 m'\n" + atomTags + "Li1 0 0 0\nCl1 .5 .5 .5\n"));
        QCOMPARE(int(structure.sites.size()), 8);
        QCOMPARE(int(structure.operations.size()), 192);
        QCOMPARE(std::ranges::count(structure.sites, 0, &Site::row), 4);
        QCOMPARE(std::ranges::count(structure.sites, 1, &Site::row), 4);
        QCOMPARE(structure.sites[0].label, std::string("Li1"));
        QCOMPARE(structure.spaceGroup, (SpaceGroup{225, "F m -3 m"}));
        QCOMPARE(structure.id, std::string("x"));
        QVERIFY(structure.warnings.empty());
    }

    void theFilesOwnOperationsWin()
    {
        const std::string atoms = atomTags + "Li1 0.1 0.2 0.3\n";
        const Structure structure = only(cubic("_symmetry_space_group_name_H-M 'F m -3 m'\n_space_group_IT_number 225\n"
                                               "loop_\n_space_group_symop_operation_xyz\nx,y,z\n-x,-y,-z\n" +
                                               atoms));
        QCOMPARE(int(structure.sites.size()), 2);
        QVERIFY(warns(structure, "lists 2 symmetry operations, but F m -3 m has 192", 12));
    }

    void symbolsWinOverNumbers()
    {
        const Structure structure = only(cubic("_symmetry_space_group_name_H-M 'P -1'\n_space_group_IT_number 225\n" +
                                               atomTags + "Li1 0.1 0.2 0.3\n"));
        QCOMPARE(int(structure.sites.size()), 2);
    }

    void missingAndAmbiguousSymmetryIsSaid()
    {
        const std::string atoms = atomTags + "Li1 0.125 0.125 0.125\n";
        QVERIFY(warns(only(cubic(atoms)), "no symmetry is given; P1 is assumed", 1));
        const Structure diamond = only(cubic("_space_group_name_H-M_alt 'F d -3 m'\n" + atoms));
        QCOMPARE(int(diamond.sites.size()), 16); // origin choice 1
        QVERIFY(warns(diamond, "F d -3 m has two origin choices", 8));
        const Structure second = only(cubic("_space_group_name_H-M_alt 'F d -3 m :2'\n" + atoms));
        QCOMPARE(int(second.sites.size()), 8);
        QVERIFY(second.warnings.empty());
        // A Hall symbol settles it.
        QCOMPARE(only(cubic("_space_group_name_H-M_alt 'F d -3 m'\n_space_group_name_Hall '-F 4vw 2vw 3'\n" + atoms))
                     .sites.size(),
                 second.sites.size());
        THROWS_ERROR(
            only(cubic("_space_group_name_H-M_alt 'X 4 b m'\n" + atoms)),
            "x.cif:8: the space group \"X 4 b m\" is not known, and no symmetry operations are listed; add them");
        QVERIFY(warns(only(cubic("_space_group_name_H-M_alt 'X 4 b m'\n_space_group_IT_number 1\n" + atoms)),
                      "the space group \"X 4 b m\" is not known; the number is used", 8));
        QVERIFY(
            warns(only(cubic("loop_ _symmetry_equiv_pos_as_xyz -x,-y,-z\n" + atoms)), "lack x,y,z, which was added"));
        QVERIFY(warns(only(cubic("loop_ _symmetry_equiv_pos_as_xyz x,y,z y,z,x\n" + atoms)), "are no group"));
        QVERIFY(warns(only(cubic("loop_ _symmetry_equiv_pos_as_xyz x,y,z -y,x-y,z -x+y,-x,z\n" + atoms)),
                      "do not suit the cell"));
        THROWS_ERROR(only(cubic("loop_ _symmetry_equiv_pos_as_xyz x,y,z x,y,w\n" + atoms)),
                     "x.cif:8: \"x,y,w\" is no symmetry operation");
    }

    void rhombohedralCellsGetRhombohedralAxes()
    {
        const auto cell = [](const std::string &a, const std::string &c, const std::string &alpha,
                             const std::string &gamma) {
            return "data_x\n_cell_length_a " + a + "\n_cell_length_b " + a + "\n_cell_length_c " + c +
                   "\n_cell_angle_alpha " + alpha + "\n_cell_angle_beta " + alpha + "\n_cell_angle_gamma " + gamma +
                   "\n_space_group_name_H-M_alt 'R -3 m'\n" + atomTags + "Bi1 0.234 0.234 0.234\n";
        };
        const Structure rhombohedral = only(cell("4.746", "4.746", "57.23", "57.23"));
        QCOMPARE(int(rhombohedral.operations.size()), 12);
        QCOMPARE(int(rhombohedral.sites.size()), 2); // bismuth
        QVERIFY(warns(rhombohedral, "rhombohedral ones are used"));
        QCOMPARE(int(only(cell("4.546", "11.862", "90", "120")).operations.size()), 36);
    }

    void magneticAndModulatedFilesGiveTheirAverage()
    {
        const Structure magnetic =
            only(cubic("loop_\n_space_group_symop_magn_operation.xyz\nx,y,z,+1\n-x,-y,-z,-1\n"
                       "loop_\n_space_group_symop_magn_centering.xyz\nx,y,z,+1\nx+1/2,y+1/2,z+1/2,-1\n" +
                       atomTags + "Ni1 0.1 0.2 0.3\n"));
        QCOMPARE(int(magnetic.sites.size()), 4);
        QVERIFY(warns(magnetic, "a magnetic structure: atoms and cell are read, moments are not"));
        const Structure modulated =
            only(cubic("_cell_modulation_dimension 1\nloop_\n_space_group_symop_ssg_operation_algebraic\n"
                       "x1,x2,x3,x4\n-x1,x2,-x3,-x4+1/2\n" +
                       atomTags + "Zn1 0.1 0.2 0.3\n"));
        QCOMPARE(int(modulated.sites.size()), 2);
        QVERIFY(warns(modulated, "only its average in three dimensions is read", 8));
        THROWS_ERROR(only(cubic("loop_ _cell_subsystem_code 1 2\n" + atomTags + "Zn1 0.1 0.2 0.3\n")),
                     "a composite crystal");
    }

    void oxidationStatesComeFromTheLoopOrTheSymbols()
    {
        const std::string tags =
            "loop_\n_atom_site_label\n_atom_site_type_symbol\n_atom_site_fract_x\n_atom_site_fract_y\n"
            "_atom_site_fract_z\n";
        const std::string atoms = tags + "Li1 Li1+ 0 0 0\nFe1 Fe3+ .5 .5 0\nO1 O2- .5 .5 .5\n";
        const Structure symbols = only(cubic(p1 + atoms));
        QVERIFY(symbols.hasOxidationStates);
        QCOMPARE(symbols.sites[1].occupants[0].species, (Species{26, 3.0}));
        QCOMPARE(symbols.sites[2].occupants[0].species, (Species{8, -2.0}));
        const Structure table =
            only(cubic(p1 + "loop_ _atom_type_symbol _atom_type_oxidation_number Li1+ 1 Fe 2.5 Fe3+ ?\n" + atoms));
        QVERIFY(table.hasOxidationStates);
        QCOMPARE(table.sites[1].occupants[0].species, (Species{26, 2.5})); // by the bare element
        QCOMPARE(table.sites[2].occupants[0].species, (Species{8, 0.0}));  // not in the loop
        const Structure zeros = only(cubic(p1 + "loop_ _atom_type_symbol _atom_type_oxidation_number Li 0 O 0\n" +
                                           tags + "Li1 Li 0 0 0\nO1 O .5 .5 .5\n"));
        QVERIFY(!zeros.hasOxidationStates);
        QVERIFY(warns(zeros, "all oxidation numbers are 0"));
        QVERIFY(!only(cubic(p1 + tags + "Li1 Li+ 0 0 0\nO1 O .5 .5 .5\n")).hasOxidationStates);
        THROWS_ERROR(only(cubic(p1 + "loop_ _atom_type_symbol _atom_type_oxidation_number Li one\n" + atoms)),
                     "x.cif:9: the oxidation number \"one\" is no number");
        THROWS_ERROR(only(cubic(p1 + "loop_ _atom_type_symbol _atom_type_oxidation_number Li 1e9\n" + atoms)),
                     "x.cif:9: the oxidation number 1e9 is impossible");
    }

    void labelsNameTheirElement_data()
    {
        QTest::addColumn<QString>("label");
        QTest::addColumn<QString>("formula");
        QTest::addColumn<QString>("symbol");
        QTest::newRow("digits") << "Li1"
                                << "?"
                                << "Li";
        QTest::newRow("capitals") << "LI1"
                                  << "?"
                                  << "Li";
        QTest::newRow("suffix") << "Cl2A"
                                << "?"
                                << "Cl";
        QTest::newRow("underscore") << "S_3"
                                    << "?"
                                    << "S";
        QTest::newRow("tin") << "SN2"
                             << "?"
                             << "Sn";
        QTest::newRow("water") << "Wat1"
                               << "?"
                               << "O";
        QTest::newRow("water's O") << "Ow"
                                   << "?"
                                   << "O";
        QTest::newRow("water's H") << "Hw1"
                                   << "?"
                                   << "H";
        QTest::newRow("deuterium") << "D1"
                                   << "?"
                                   << "H";
        QTest::newRow("tritium") << "T1"
                                 << "?"
                                 << "H";
        QTest::newRow("calcium") << "CA1"
                                 << "?"
                                 << "Ca";
        QTest::newRow("carbon, says the formula") << "CA1"
                                                  << "'C4 H6'"
                                                  << "C";
        QTest::newRow("both in the formula") << "CA1"
                                             << "'C4 Ca H6'"
                                             << "Ca";
    }
    void labelsNameTheirElement()
    {
        QFETCH(QString, label);
        QFETCH(QString, formula);
        QFETCH(QString, symbol);
        const Structure structure = only(cubic(p1 + "_chemical_formula_sum " + formula.toStdString() + "\n" + atomTags +
                                               label.toStdString() + " 0 0 0\n"));
        QCOMPARE(symbolOf(structure.sites[0].occupants[0].species.Z), symbol.toStdString());
    }

    // A substitution typed into a file whose formula stayed as it was.
    void theFormulaOverrulesNoSymbolAndNoMixedSite()
    {
        const std::string formula = p1 + "_chemical_formula_sum 'Zn S'\n";
        const auto compositionOfAtoms = [&](const std::string &loop) {
            return compositionOf(only(cubic(formula + loop)));
        };
        const Composition half{{16, 0.5}, {30, 1.0}, {34, 0.5}};
        QCOMPARE(compositionOfAtoms(atomTagsWithOccupancy + "Zn 0 0 0 1\nS .25 .25 .25 .5\nSe .25 .25 .25 .5\n"), half);
        QCOMPARE(compositionOfAtoms(atomTagsWithOccupancy + "Zn 0 0 0 1\nSe .25 .25 .25 .5\nS .25 .25 .25 .5\n"), half);
        const Composition whole{{30, 1.0}, {34, 1.0}};
        QCOMPARE(compositionOfAtoms(atomTags + "_atom_site_type_symbol\nZn1 0 0 0 Zn\nX1 .25 .25 .25 Se\n"), whole);
    }

    void whatIsNoAtomIsLeftOutAndSaid()
    {
        const Structure structure =
            only(cubic(p1 + "loop_\n_atom_site_label\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n"
                            "_atom_site_calc_flag\n_atom_site_attached_hydrogens\n"
                            "N1 0 0 0 d 4\nCg1 .1 .1 .1 dum .\nVac1 .5 .5 .5 d .\nH1 ? ? ? d .\n? ? ? ? ? ?\n"));
        QCOMPARE(int(structure.sites.size()), 1);
        QVERIFY(warns(structure, "dummy atoms were left out (Cg1)", 17));
        QVERIFY(warns(structure, "vacancies are not listed as atoms; their rows were left out (Vac1)", 18));
        QVERIFY(warns(structure, "hydrogen atoms without coordinates were left out (H1)", 19));
        QVERIFY(warns(structure, "missing in the structure (N1 with 4)", 16));
    }

    void occupanciesAboveOneAreDividedUpToTheLimit()
    {
        const auto text = [](const std::string &second) {
            return cubic(p1 + atomTagsWithOccupancy + "Li1 0 0 0 0.9(1)\nNa1 0 0 0 " + second + "\n");
        };
        const Structure structure = only(text("0.6"));
        COMPARE_NEAR(structure.sites[0].occupancy(), 1, 1e-12);
        COMPARE_NEAR(structure.sites[0].occupancyOf(3), 0.6, 1e-12);
        COMPARE_NEAR(structure.sites[0].occupants[0].occupancy_su, 0.1 / 1.5, 1e-12);
        QVERIFY(warns(structure, "(Li 0.9000 + Na 0.6000) add up to 1.5000; they were divided by that", 15));
        THROWS_ERROR(only(text("1.2")),
                     "x.cif:15: the occupancies of site Li1 (Li 0.9000 + Na 1.2000) add up to 2.1000");
        THROWS_ERROR(only(text("0.6"), {.largestOccupancySum = 1.0}), "add up to 1.5000; give each species its share");
        QVERIFY(only(text("0.1"), {.largestOccupancySum = 1.0}).warnings.empty());
        THROWS_ERROR(only(text("-0.1")), "x.cif:16: Na1 has the negative occupancy -0.1");
        THROWS_ERROR(only(text("half")), "x.cif:16: the occupancy \"half\" of Na1 is no number");
        QCOMPARE(only(text(".")).sites[0].occupants.size(), std::size_t(2)); // 1 by default, as CIF says
    }

    void fullAtomsListedTwiceCountOnce()
    {
        const Structure structure = only(cubic("loop_ _symmetry_equiv_pos_as_xyz x,y,z -x,-y,-z\n" + atomTags +
                                               "Cu1 .1 .2 .3\nCu2 -.1 -.2 -.3\nCu3 .9 .8 .7\nCu4 .1 .2 .3\n"));
        QCOMPARE(int(structure.sites.size()), 2);
        QVERIFY(structure.isOrdered());
        QVERIFY(warns(structure, "count once (Cu2 and 2 more)"));
    }

    void atomsThatOverlapAreSaid()
    {
        const std::string mirror = "loop_ _symmetry_equiv_pos_as_xyz x,y,z x,y,-z\n" + atomTagsWithOccupancy;
        const std::string text = "Li1 and Li1 lie 0.01 Å apart and cannot both be there (1 such pair)";
        QVERIFY(warns(only(cubic(mirror + "Cl1 .5 .5 0 1\nLi1 0 0 .001 1\n")), text, 16));
        QVERIFY(!warns(only(cubic(mirror + "Cl1 .5 .5 0 1\nLi1 0 0 .001 0.5\n")), "apart"));
        QVERIFY(!warns(only(cubic(mirror + "Cl1 .5 .5 0 1\nLi1 0 0 .00001 1\n")), "apart")); // one site
        QVERIFY(!warns(only(cubic(mirror + "H1 .5 .5 .074 1\n")), "apart"));                 // H2
        const auto cell = [](const std::string &edges) {
            return "data_x\n_cell_length_a 0.4\n" + edges +
                   "_cell_angle_alpha 90\n_cell_angle_beta 90\n_cell_angle_gamma 90\n" + p1 + atomTags + "Li1 0 0 0\n";
        };
        QVERIFY(warns(only(cell("_cell_length_b 4\n_cell_length_c 4\n")),
                      "Li1 and Li1 lie 0.40 Å apart and cannot both be there (1 such pair)", 14));
        // in nm
        QVERIFY(warns(only(cell("_cell_length_b 0.4\n_cell_length_c 0.4\n")),
                      "1 atoms do not fit into a cell of 0.06 Å³", 14));
    }

    void disorderGroupsAreKept()
    {
        const Structure structure =
            only(cubic(p1 + atomTagsWithOccupancy +
                       "_atom_site_disorder_assembly\n_atom_site_disorder_group\n"
                       "C1 0 0 0 1 . .\nC2 .5 0 0 .5 A 1\nC3 .6 0 0 .5 A 2\nC4 .2 .2 0 .5 ? -1\n"));
        QCOMPARE(structure.sites[0].disorderGroup, std::string());
        QCOMPARE(structure.sites[1].disorderGroup, std::string("A:1"));
        QCOMPARE(structure.sites[2].disorderGroup, std::string("A:2"));
        QCOMPARE(structure.sites[3].disorderGroup, std::string(":-1"));
    }

    void formulasThatDoNotFitAreSaid()
    {
        const std::string atoms = atomTags + "Li1 0 0 0\nCl1 .5 .5 .5\n";
        const auto with = [&](const std::string &header) {
            return only(cubic("_space_group_name_H-M_alt 'F m -3 m'\n" + header + atoms));
        };
        const Structure good = with("_chemical_formula_sum\n;Cl1\n Li1\n;\n_cell_formula_units_Z 4\n");
        QCOMPARE(good.headerFormula, std::string("Cl1 Li1"));
        QVERIFY(good.warnings.empty());
        QVERIFY(with("_chemical_formula_sum 'Cl4 Li4'\n_cell_formula_units_Z 4\n").warnings.empty());
        QVERIFY(with("_chemical_formula_sum 'a mixture'\n").warnings.empty());
        QVERIFY(
            warns(with("_chemical_formula_sum 'Cl Na'\n"), "the formula of the file is NaCl, its sites hold LiCl", 9));
        QVERIFY(warns(with("_chemical_formula_sum 'Cl Li'\n_cell_formula_units_Z 8\n"),
                      "the file says Z = 8, its sites are 4.00 formula units", 10));
    }

    // Some refinement programs print 0.5 for a full atom on a mirror plane: 192 positions become 4, so this Li has 4/192.
    void occupanciesThatCountTheSiteSymmetryAreRecognised()
    {
        const auto with = [](const std::string &lithium,
                             const std::string &header = "_chemical_formula_sum 'Cl Li2'\n") {
            return only(cubic("_space_group_name_H-M_alt 'F m -3 m'\n" + header + atomTagsWithOccupancy +
                              "Li1 .25 .25 .25 " + lithium + "\nCl1 0 0 0 0.0208333\n"));
        };
        const std::string hint = "do the occupancies count the site symmetry?";
        QVERIFY(warns(with("0.0416667"), hint, 9));
        QVERIFY(warns(with("0.0416667", "_chemical_formula_sum 'Cl Li2 H4'\n"), hint, 9));
        QVERIFY(!warns(with("0.01"), hint));
        QVERIFY(!warns(with("0.0416667", "_chemical_formula_sum 'Cl Na2'\n"), hint));
        QVERIFY(!warns(only(cubic("_space_group_name_H-M_alt 'F m -3 m'\n_chemical_formula_sum 'Cl Li H4'\n" +
                                  atomTags + "Li1 0 0 0\nCl1 .5 .5 .5\n")),
                       hint));
    }

    void anglesThatSymmetryFixesMayBeMissing()
    {
        const std::string lengths = "data_x\n_cell_length_a 5\n_cell_length_b 5\n_cell_length_c 7\n";
        const std::string atoms = atomTags + "Li1 0 0 0\n";
        const auto parameters = [&](const std::string &symbol) {
            const Structure structure = only(lengths + "_space_group_name_H-M_alt '" + symbol + "'\n" + atoms);
            if (!warns(structure, "were taken from the symmetry"))
                throw Error("no warning");
            return structure.lattice.parameters();
        };
        COMPARE_NEAR(parameters("P 21 21 21")[4], 90, 1e-9);
        COMPARE_NEAR(parameters("P 63 m c")[5], 120, 1e-9);
        COMPARE_NEAR(parameters("P 63 m c")[3], 90, 1e-9);
        THROWS_ERROR(parameters("P 21/c"), "x.cif:1: no _cell_angle_beta, and the symmetry does not fix it");
    }

    void cartesianCoordinatesAreConverted()
    {
        const std::string atoms =
            "loop_\n_atom_site_label\n_atom_site_Cartn_x\n_atom_site_Cartn_y\n_atom_site_Cartn_z\n"
            "Li1 1.0 2.0 3.0\n";
        const Structure assumed = only(cubic(p1 + atoms));
        COMPARE_NEAR(assumed.sites[0].fractional[1], 0.4, 1e-12);
        QVERIFY(warns(assumed, "x along a and y in the ab plane is assumed"));
        std::string matrix;
        const double fract[3][3] = {{0, 0.2, 0}, {0.2, 0, 0}, {0, 0, 0.2}};
        for (int i = 0; i < 3; ++i)
            for (int j = 0; j < 3; ++j)
                matrix += "_atom_sites_fract_tran_matrix_" + std::to_string(i + 1) + std::to_string(j + 1) + " " +
                          std::to_string(fract[i][j]) + "\n";
        const Structure given = only(cubic(p1 + matrix + "_atom_sites_fract_tran_vector_3 0.1\n" + atoms));
        COMPARE_NEAR(given.sites[0].fractional[0], 0.4, 1e-12);
        COMPARE_NEAR(given.sites[0].fractional[1], 0.2, 1e-12);
        COMPARE_NEAR(given.sites[0].fractional[2], 0.7, 1e-12);
        QVERIFY(given.warnings.empty());
    }

    void fractionsAreCoordinates()
    {
        const Structure structure = only(cubic(p1 + atomTags + "Bi1 .6591(2) 1/4 -2/3\n"));
        COMPARE_NEAR(structure.sites[0].fractional[1], 0.25, 0);
        COMPARE_NEAR(structure.sites[0].fractional[2], 1.0 / 3, 1e-15);
    }

    void manyBlocksGiveManyStructures()
    {
        const std::string one = cubic(p1 + atomTags + "Li1 0 0 0\n").substr(7);
        const ReadResult result =
            readCif("data_publ\n_journal_year 2020\ndata_a\n" + one + "data_b\n" + one + "data_a\n" + one +
                        "data_c\n_cell_length_a 5\n" + atomTags + "Li1 0 0 0\n",
                    "dir/many.cif");
        QCOMPARE(int(result.structures.size()), 3);
        QCOMPARE(result.structures[0].id, std::string("many#a"));
        QCOMPARE(result.structures[1].id, std::string("many#b"));
        QCOMPARE(result.structures[2].id, std::string("many#a-2"));
        QCOMPARE(int(result.rejects.size()), 1);
        QCOMPARE(result.rejects[0].name, std::string("dir/many.cif#c"));
        QVERIFY(QString::fromStdString(result.rejects[0].reason).endsWith("no _cell_length_b"));
    }

    void warningsAreSortedByLine()
    {
        const Structure structure =
            only(cubic(p1 + "_x 1\n_x 2\n_chemical_formula_sum Na\n" + atomTags + "Li1 0.3333 0 0\n"));
        QCOMPARE(int(structure.warnings.size()), 3);
        QVERIFY(std::ranges::is_sorted(structure.warnings, {}, &Warning::line));
        QCOMPARE(structure.warnings[0], (Warning{"_x is repeated; the first one counts", 10}));
    }

    void badFilesAreRefusedWithTheCure_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("message");
        const auto row = [](const char *name, const std::string &text, const char *message) {
            QTest::newRow(name) << QByteArray::fromStdString(text) << QString(message);
        };
        const std::string atoms = atomTags + "Li1 0 0 0\n";
        row("empty", "", "x.cif: an empty file, or comments only");
        row("no structure", "data_a\n_a 1\n", "x.cif: no crystal structure: no cell (_cell_length_a) and no atoms");
        row("no cell", "data_a\n" + atoms, "x.cif:1: no _cell_length_a");
        row("no b", "data_a\n_cell_length_a 5\n" + atoms, "x.cif:1: no _cell_length_b");
        row("no atoms", cubic(p1), "x.cif:1: no atom sites");
        row("no rows", cubic(p1 + atomTags), "x.cif:9: the atom list has no atoms");
        row("rows unknown", cubic(p1 + atomTags + "? ? ? ?\n"), "x.cif:9: the atom list has no atoms");
        row("all empty", cubic(p1 + atomTagsWithOccupancy + "Li1 0 0 0 0\n"), "x.cif:9: the atom list has no atoms");
        row("no z", cubic(p1 + "loop_ _atom_site_label _atom_site_fract_x _atom_site_fract_y Li 0 0\n"),
            "x.cif:9: the atom list has no _atom_site_fract_z");
        row("no names", cubic(p1 + "loop_ _atom_site_fract_x _atom_site_fract_y _atom_site_fract_z 0 0 0\n"),
            "x.cif:9: the atom list names no atoms; add _atom_site_type_symbol");
        row("unknown element", cubic(p1 + atomTags + "Qx1 0 0 0\n"), "x.cif:14: \"Qx1\" names no element; write it in");
        row("misaligned", cubic(p1 + atomTags + "0.05 Li1 0 0\n"),
            "x.cif:14: \"0.05\" names no element; does the atom list have as many tags as its rows have values?");
        row("two elements", cubic(p1 + atomTags + "_atom_site_type_symbol\nM1 0 0 0 Fe/Mg\n"),
            "x.cif:15: \"Fe/Mg\" names more than one element; give each its own row");
        row("coordinate", cubic(p1 + atomTags + "Li1 0 zero 0\n"), "x.cif:14: the coordinate \"zero\" is no number");
        row("coordinate missing", cubic(p1 + atomTags + "Li1 0 ? 0\n"), "x.cif:14: Li1 has no coordinates");
        row("coordinate huge", cubic(p1 + atomTags + "Li1 0 1e300 0\n"), "x.cif:14: Li1 lies over 1000 cells away");
        row("length", "data_a\n_cell_length_a five\n" + atoms, "x.cif:2: _cell_length_a \"five\" is no number");
        row("zero length", "data_a\n_cell_length_a 0\n" + atoms, "x.cif:2: _cell_length_a is 0, which is no length");
        row("flat",
            "data_a\n_cell_length_a 5\n_cell_length_b 5\n_cell_length_c 5\n_cell_angle_alpha 60\n_cell_angle_beta 60\n"
            "_cell_angle_gamma 120\n" +
                p1 + atoms,
            "encloses no volume");
        row("loop", cubic(p1 + atomTags + "Li1 0 0 0\nLi2 0 0\n"),
            "x.cif:15: the loop of _atom_site_label has 4 columns but 7 values");
        row("macromolecule", "data_1ABC\nloop_ _atom_site.group_PDB _atom_site.Cartn_x ATOM 1.0\n",
            "x.cif:1: a macromolecular file (mmCIF)");
        row("monomer", "data_HEM\n_chem_comp.id HEM\n", "x.cif: a chemical component");
        row("reflections", "data_a\n_cell_length_a 5\nloop_ _refln_index_h 1 2\n",
            "x.cif: reflection data without atoms");
        row("compressed", "\x1F\x8B\x08", "x.cif: a compressed file; unpack it first");
    }
    void badFilesAreRefusedWithTheCure()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, message);
        QString thrown = "nothing was thrown";
        try {
            readCif(text.toStdString(), "x.cif");
        } catch (const Error &e) {
            thrown = QString::fromUtf8(e.what());
        }
        QVERIFY2(thrown.contains(message), qPrintable(thrown));
    }
};

QTEST_GUILESS_MAIN(TestReadCif)
#include "tst_read_cif.moc"
