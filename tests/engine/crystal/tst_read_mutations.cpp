// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/rng.h"
#include "engine/core/text.h"
#include "engine/crystal/read.h"
#include "engine/project/archive.h"

#include "tests/support/shared.h"
#include "tests/support/structure_flaws.h"

#include <QElapsedTimer>

#include <set>

using namespace engine;
using nlohmann::json;

namespace {

/// CIFs with all that CIFs may have, short.
const std::vector<std::string> awkwardCifs{
    "data_a\n_cell_length_a 5.12(3)\n_cell_length_b 5.12\n_cell_length_c 12.3\n_cell_angle_gamma 120\n"
    "_space_group_name_H-M_alt 'R -3 m :H'\n_chemical_formula_sum 'Li2 (O H)0.5'\n_cell_formula_units_Z 3\nloop_\n"
    "_atom_type_symbol\n_atom_type_oxidation_number\nLi1+ 1\nO2- -2\nloop_\n_atom_site_label\n_atom_site_type_symbol\n"
    "_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n_atom_site_occupancy\n_atom_site_disorder_group\n"
    "Li1 Li1+ 0.3333 0.6667 0.1(2) 0.5(1) 1\nO1 O2- 1/2 0 .5 1. .\nH1 H ? ? ? . -1\n",
    "data_a\n_cell_length_a 4\n_cell_length_b 5\n_cell_length_c 6\n_cell_angle_alpha 90\n_cell_angle_beta 101\n"
    "_cell_angle_gamma 90\n_atom_sites_Cartn_tran_matrix_11 4\n_atom_sites_Cartn_tran_matrix_12 0\n"
    "_atom_sites_Cartn_tran_matrix_13 -1.1\n_atom_sites_Cartn_tran_matrix_21 0\n_atom_sites_Cartn_tran_matrix_22 5\n"
    "_atom_sites_Cartn_tran_matrix_23 0\n_atom_sites_Cartn_tran_matrix_31 0\n_atom_sites_Cartn_tran_matrix_32 0\n"
    "_atom_sites_Cartn_tran_matrix_33 5.9\nloop_\n_symmetry_equiv_pos_as_xyz\n'x, y, z'\n'-x, 1/2+y, -z+0.5'\nloop_\n"
    "_atom_site_label\n_atom_site_Cartn_x\n_atom_site_Cartn_y\n_atom_site_Cartn_z\nLI1 0 0.1 2\nCl1 1 2 3\n",
    "data_a\n_cell.length_a 4\n_cell.length_b 4\n_cell.length_c 4\n_cell.angle_alpha 90\n_cell.angle_beta 90\n"
    "_cell.angle_gamma 90\nloop_\n_space_group_symop_magn_operation.xyz\nx,y,z,+1\n-x,-y,-z,-1\nloop_\n"
    "_space_group_symop_magn_centering.xyz\nx,y,z,+1\nx+1/2,y+1/2,z+1/"
    "2,-1\nloop_\n_atom_site.label\n_atom_site.fract_x\n"
    "_atom_site.fract_y\n_atom_site.fract_z\nNi1 0.1 0.2 0.3\nsave_x\n_a 1\nsave_\ndata_b\n_text\n;two\nlines\n;\n",
};

std::vector<std::string> cifSeeds()
{
    std::vector<std::string> seeds = awkwardCifs;
    for (const File &file : allFiles({SUPERION_TEST_DATA "/cli/structures", SUPERION_TEST_DATA "/cli/more"}))
        seeds.push_back(file.bytes);
    return seeds;
}

std::vector<Structure> structures()
{
    std::vector<Structure> all;
    for (const std::string &seed : cifSeeds())
        for (Structure &structure : readCif(seed, "x.cif").structures)
            all.push_back(std::move(structure));
    return all;
}

json rowsOf(const Lattice &lattice)
{
    json rows = json::array();
    for (int i = 0; i < 3; ++i)
        rows.push_back({lattice.vectors(i, 0), lattice.vectors(i, 1), lattice.vectors(i, 2)});
    return rows;
}

json pymatgenOf(const Structure &structure)
{
    json sites = json::array();
    for (const Site &site : structure.sites) {
        json species = json::array();
        for (const Occupant &occupant : site.occupants)
            species.push_back(
                {{"element", symbolOf(occupant.species.Z)}, {"occu", occupant.occupancy}, {"oxidation_state", 1}});
        sites.push_back({{"species", species}, {"abc", {site.fractional[0], site.fractional[1], site.fractional[2]}}});
    }
    return {{"lattice", {{"matrix", rowsOf(structure.lattice)}}}, {"sites", sites}};
}

json optimadeOf(const Structure &structure)
{
    json positions = json::array(), names = json::array(), species = json::array();
    for (std::size_t i = 0; i < structure.sites.size(); ++i) {
        const Vector3 at = structure.lattice.cartesian(structure.sites[i].fractional);
        const std::string name = "s" + std::to_string(i);
        json symbols = json::array(), shares = json::array();
        for (const Occupant &occupant : structure.sites[i].occupants) {
            symbols.push_back(symbolOf(occupant.species.Z));
            shares.push_back(occupant.occupancy);
        }
        positions.push_back({at[0], at[1], at[2]});
        names.push_back(name);
        species.push_back({{"name", name}, {"chemical_symbols", symbols}, {"concentration", shares}});
    }
    return {{"id", "mp-1"},
            {"attributes",
             {{"lattice_vectors", rowsOf(structure.lattice)},
              {"cartesian_site_positions", positions},
              {"species_at_sites", names},
              {"species", species}}}};
}

/// One or two structures in every layout that is read.
std::vector<std::string> jsonSeeds()
{
    std::vector<std::string> seeds;
    const auto all = structures();
    for (std::size_t i = 0; i < all.size(); ++i) {
        const json one = pymatgenOf(all[i]), two = pymatgenOf(all[(i + 1) % all.size()]);
        const json layouts[] = {one,
                                {one, two},
                                {{"structure", {one, two}}, {"gap", {1, 2}}},
                                {{"structure", {{"0", one}, {"1", two}}}, {"gap", {{"0", 1}, {"1", 2}}}},
                                {{"columns", {"gap", "structure"}}, {"index", {0, 1}}, {"data", {{1, one}, {2, two}}}}};
        seeds.push_back(layouts[i % std::size(layouts)].dump(i % 2 ? 1 : -1));
    }
    return seeds;
}

std::vector<std::string> optimadeSeeds()
{
    std::vector<std::string> seeds;
    for (const Structure &structure : structures())
        seeds.push_back(json{{"data", {optimadeOf(structure), optimadeOf(structure)}}, {"api_version", "1"}}.dump(1));
    return seeds;
}

std::vector<std::string> poscarSeeds()
{
    std::vector<std::string> seeds;
    for (const Structure &structure : structures()) {
        std::string names, counts, positions;
        for (const Site &site : structure.sites) {
            names += symbolOf(site.occupants[0].species.Z) + " ";
            counts += "1 ";
            for (int k = 0; k < 3; ++k)
                positions += shortest(site.fractional[k]) + " ";
            positions += seeds.size() % 2 ? "T T F\n" : "\n";
        }
        std::string text = "title\n" + std::string(seeds.size() % 3 ? "1.0" : "-100") + "\n";
        for (int i = 0; i < 3; ++i)
            for (int k = 0; k < 3; ++k)
                text += shortest(structure.lattice.vectors(i, k)) + (k == 2 ? "\n" : " ");
        seeds.push_back(text + names + "\n" + counts + "\n" + (seeds.size() % 2 ? "Selective dynamics\n" : "") +
                        "Direct\n" + positions);
    }
    return seeds;
}

/// What readers stumble over.
const std::vector<std::string> traps{"1e308",
                                     "-1e308",
                                     "1e-320",
                                     "1e999",
                                     "NaN",
                                     "Infinity",
                                     "-0",
                                     "0",
                                     "-1",
                                     "1/0",
                                     "0/0",
                                     "1e300/1e-300",
                                     "99999999999999999999",
                                     "2147483648",
                                     "0.33333",
                                     "0.66666",
                                     "1(9999999)",
                                     "1e200(1)",
                                     "1e-300",
                                     "5(",
                                     ")",
                                     "?",
                                     ".",
                                     "'",
                                     "\"",
                                     ";",
                                     "\n;\n",
                                     "loop_",
                                     "data_",
                                     "save_",
                                     "_atom_site_fract_x",
                                     "_cell_length_a",
                                     "[",
                                     "]",
                                     "{",
                                     "}",
                                     "null",
                                     "true",
                                     "\"Li\"",
                                     "x,y,z",
                                     "-x,y,z+1/0",
                                     "x+x+x,y,z",
                                     "2x,y/2,z",
                                     "x,y,z+99999999999999999999",
                                     "X",
                                     "D",
                                     "Fe20+",
                                     "O99-",
                                     "\xFF",
                                     "\xEF\xBB\xBF",
                                     std::string(1, '\0'),
                                     "\r",
                                     "\x1A",
                                     "#",
                                     "P 1",
                                     "F d -3 m",
                                     "230",
                                     "999",
                                     "1000000"};

/// The beginning and end of a random word.
std::pair<std::size_t, std::size_t> someWord(const std::string &text, Rng &rng)
{
    const auto isBreak = [](char c) { return std::string_view(" \t\n,:[]{}").find(c) != std::string_view::npos; };
    std::size_t begin = rng.below(text.size() + 1), end = begin;
    while (begin > 0 && !isBreak(text[begin - 1]))
        --begin;
    while (end < text.size() && !isBreak(text[end]))
        ++end;
    return {begin, end};
}

/// The beginning and length of a random part.
std::pair<std::size_t, std::size_t> somePart(const std::string &text, std::size_t longest, Rng &rng)
{
    const std::size_t begin = rng.below(text.size() + 1);
    return {begin, rng.below(std::min(longest, text.size() - begin) + 1)};
}

void mutate(std::string &text, Rng &rng)
{
    const auto replaceWord = [&](const std::string &by) {
        const auto [begin, end] = someWord(text, rng);
        text.replace(begin, end - begin, by);
    };
    switch (rng.below(9)) {
    case 0: // the download stopped
        text.resize(rng.below(text.size() + 1));
        return;
    case 1: { // a part is lost
        const auto [begin, length] = somePart(text, 200, rng);
        text.erase(begin, length);
        return;
    }
    case 2: { // a part comes again, and again
        const auto [begin, length] = somePart(text, 200, rng);
        const std::string part = text.substr(begin, length);
        for (std::size_t n = 1 + rng.below(rng.below(20) ? 3 : 300); n > 0; --n)
            text.insert(begin, part);
        return;
    }
    case 3: // bytes flip
        for (std::size_t n = 1 + rng.below(4); n > 0 && !text.empty(); --n)
            text[rng.below(text.size())] ^= char(1 << rng.below(8));
        return;
    case 4: { // two words change places
        const auto [a, aEnd] = someWord(text, rng);
        const auto [b, bEnd] = someWord(text, rng);
        if (aEnd > b)
            return;
        const std::string first = text.substr(a, aEnd - a), second = text.substr(b, bEnd - b);
        text.replace(b, bEnd - b, first);
        text.replace(a, aEnd - a, second);
        return;
    }
    case 5:
        replaceWord(traps[rng.below(traps.size())]);
        return;
    case 6: { // a word from elsewhere
        const auto [begin, end] = someWord(text, rng);
        replaceWord(text.substr(begin, end - begin));
        return;
    }
    case 7:
        text.insert(rng.below(text.size() + 1), traps[rng.below(traps.size())]);
        return;
    default: { // deep nesting, once in a while very deep
        const std::string open(1, "[{(\"'"[rng.below(5)]);
        std::string nest;
        for (std::size_t n = rng.below(50) ? 30 : 20000; n > 0; --n)
            nest += open;
        text.insert(rng.below(text.size() + 1), nest);
    }
    }
}

/// What is wrong with the result; empty when all is well.
std::string flawOfResult(const ReadResult &result)
{
    if (result.structures.empty() && result.rejects.empty())
        return "neither a structure nor a reject";
    for (const Reject &reject : result.rejects)
        if (!reject.name.starts_with("x.") || reject.reason.empty() || reject.reason.size() > 1000)
            return "the reject \"" + reject.name + "\": " + reject.reason.substr(0, 1000);
    std::set<std::string> ids;
    for (const Structure &structure : result.structures) {
        if (const std::string flaw = flawOf(structure); !flaw.empty())
            return structure.id + ": " + flaw;
        if (!ids.insert(structure.id).second)
            return structure.id + ": two structures with one id";
    }
    return {};
}

std::string twentyThousand(const std::string &text)
{
    std::string result;
    for (int i = 0; i < 20000; ++i)
        result += text;
    return result;
}

}

class TestReadMutations : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void brokenFilesAreReadOrRefused_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("CIF") << "x.cif";
        QTest::newRow("pymatgen") << "x.json";
        QTest::newRow("OPTIMADE") << "x.optimade.json";
        QTest::newRow("POSCAR") << "x.vasp";
        QTest::newRow("a name without ending") << "x.";
    }
    void brokenFilesAreReadOrRefused()
    {
        QFETCH(QString, name);
        std::vector<std::string> seeds;
        if (name == "x.cif" || name == "x.")
            seeds = cifSeeds();
        else if (name == "x.json")
            seeds = jsonSeeds();
        else if (name == "x.optimade.json")
            seeds = optimadeSeeds();
        if (name == "x.vasp" || name == "x.") {
            const auto more = poscarSeeds();
            seeds.insert(seeds.end(), more.begin(), more.end());
        }
        QVERIFY(seeds.size() >= 12);

        int read = 0, refused = 0;
        for (std::size_t s = 0; s < seeds.size(); ++s) {
            QVERIFY(!readStructures({name.toStdString(), seeds[s]}).structures.empty());
            for (std::size_t i = 0; i < 250; ++i) {
                Rng rng = Rng(20261124).split(s).split(i);
                std::string text = seeds[s];
                for (std::size_t n = 1 + rng.below(4); n > 0; --n)
                    mutate(text, rng);
                QElapsedTimer timer;
                timer.start();
                const ReadResult result = readStructures({name.toStdString(), text});
                const std::string which = "seed " + std::to_string(s) + ", case " + std::to_string(i) + ": ";
                QVERIFY2(timer.elapsed() < 5000, (which + std::to_string(timer.elapsed()) + " ms").c_str());
                const std::string flaw = flawOfResult(result);
                QVERIFY2(flaw.empty(), (which + flaw).c_str());
                (result.structures.empty() ? refused : read) += 1;
            }
        }
        // The mutations are neither too mild nor too rough to test anything.
        QVERIFY2(read > 200 && refused > 200, qPrintable(QStringLiteral("%1 read, %2 refused").arg(read).arg(refused)));
    }

    void largeFilesEndInBoundedTime_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("outcome");
        const auto row = [](const char *label, const char *name, const std::string &text, const char *outcome) {
            QTest::newRow(label) << name << QByteArray(text.data(), qsizetype(text.size())) << outcome;
        };
        const std::string cell = "_cell_length_a 5\n_cell_length_b 5\n_cell_length_c 5\n_cell_angle_alpha 90\n"
                                 "_cell_angle_beta 90\n_cell_angle_gamma 90\n";
        const std::string tags =
            "loop_\n_atom_site_label\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n";
        row("blocks of one name", "x.cif", twentyThousand("data_a " + cell + tags + "Li1 0 0 0\n"), "20000 structures");
        row("entries of one name", "x.json",
            R"({"api_version": 1, "data": [)" +
                twentyThousand(R"({"id": "a", "attributes": {"lattice_vectors": [[4,0,0],[0,4,0],[0,0,4]],)"
                               R"("cartesian_site_positions": [[0,0,0]], "species_at_sites": ["Li"]}},)") +
                "0]}",
            "20000 structures");
        const auto scattered = [](int atoms, bool withOccupancy) {
            Rng rng(1);
            std::string rows;
            for (int i = 0; i < atoms; ++i) {
                rows += "Li";
                for (int k = 0; k < 3; ++k)
                    rows += " " + shortest(rng.uniform());
                rows += withOccupancy ? " " + std::to_string(0.1 + i / 100000.0) + "\n" : "\n";
            }
            return rows;
        };
        row("occupancies that all differ", "x.cif",
            "data_a " + cell + tags + "_atom_site_occupancy\n" + scattered(60000, true), "1 structures");
        row("atoms times operations", "x.cif",
            "data_a _space_group_IT_number 225 " + cell + tags + scattered(6000, false),
            "over a million atoms in the cell");
        std::string shifts;
        for (int i = 0; i < 20000; ++i)
            shifts += "x+" + std::to_string(i) + "/20000,y,z\n";
        row("operations", "x.cif",
            "data_a " + cell + "loop_ _symmetry_equiv_pos_as_xyz\n" + shifts + tags + "Li 0 0 0\n",
            "20000 symmetry operations; no space group has more than 192");
        row("coefficients", "x.cif",
            "data_a " + cell + "_symmetry_equiv_pos_as_xyz x,y" + twentyThousand("+2x+2x+2x+2x") + ",z\n" + tags +
                "Li 0 0 0\n",
            "is no symmetry operation");
        row("values of no loop", "x.cif", "data_a loop_ _a _b _c " + twentyThousand("1 2 ") + twentyThousand("\n1 2 3"),
            "no whole number of rows");
        row("tags", "x.cif", "data_a loop_\n" + twentyThousand("_a\n") + twentyThousand("1 "), "no crystal structure");
        row("brackets in the formula", "x.cif",
            "data_a " + cell + "_chemical_formula_sum " + twentyThousand("(") + "Li" + twentyThousand(")") + "\n" +
                tags + "Li 0 0 0\n",
            "1 structures");
        row("a POSCAR that promises much", "x.vasp", "t\n1\n4 0 0\n0 4 0\n0 0 4\nLi\n1000000\nDirect\n0 0 0\n",
            "the file ends");
    }
    void largeFilesEndInBoundedTime()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, text);
        QFETCH(QString, outcome);
        QElapsedTimer timer;
        timer.start();
        const ReadResult result = readStructures({name.toStdString(), text.toStdString()});
        QVERIFY2(timer.elapsed() < 20000, qPrintable(QString::number(timer.elapsed()) + " ms"));
        if (outcome.endsWith(" structures")) {
            QCOMPARE(QString::number(result.structures.size()) + " structures", outcome);
            const std::string flaw = flawOfResult(result);
            QVERIFY2(flaw.empty(), flaw.c_str());
        } else {
            QVERIFY(result.structures.empty());
            QVERIFY2(result.rejects.at(0).reason.find(outcome.toStdString()) != std::string::npos,
                     result.rejects.at(0).reason.substr(0, 1000).c_str());
        }
    }
};

QTEST_GUILESS_MAIN(TestReadMutations)
#include "tst_read_mutations.moc"
