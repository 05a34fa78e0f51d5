// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/text.h"
#include "engine/crystal/composition.h"
#include "engine/crystal/read.h"
#include "engine/project/archive.h"

#include "tests/support/shared.h"
#include "tests/support/structure_flaws.h"

using namespace engine;

namespace {

const std::string cubeRows = "4 0 0\n0 4 0\n0 0 4\n";

/// Caesium chloride; what follows the lattice is given.
std::string poscar(const std::string &rest, const std::string &scale = "1.0", const std::string &title = "a title")
{
    return title + "\n" + scale + "\n" + cubeRows + rest;
}

Structure only(const std::string &text)
{
    return readPoscar(text, "CONTCAR").structures.at(0);
}

}

class TestReadPoscar : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsPublishedFiles()
    {
        NEEDS_SHARED("data/mp/alignn_jarvis");
        int files = 0;
        visitFiles(
            sharedPath("data/mp/alignn_jarvis"),
            [&](const File &file) {
                const ReadResult result = readStructures(file);
                QVERIFY2(result.rejects.empty() && result.structures.size() == 1, file.name.c_str());
                const Structure &structure = result.structures[0];
                QCOMPARE(flawOf(structure), std::string());
                // These files have the elements in line 6 and their numbers in line 7.
                const auto lines = split(file.bytes, '\n');
                const auto symbols = words(lines.at(5)), counts = words(lines.at(6));
                Composition expected;
                for (std::size_t i = 0; i < symbols.size(); ++i)
                    expected[*atomicNumber(symbols[i])] += *parseDouble(counts.at(i));
                QCOMPARE(compositionOf(structure), expected);
                ++files;
            },
            {}, [](std::string_view name) { return name.ends_with(".vasp"); });
        QVERIFY(files >= 35);
    }

    void directAndCartesianGiveTheSame_data()
    {
        QTest::addColumn<QString>("text");
        const auto row = [](const char *name, const std::string &text) {
            QTest::newRow(name) << QString::fromStdString(text);
        };
        const std::string head = "Cs Cl\n1 1\n";
        row("direct", poscar(head + "Direct\n0 0 0\n.5 .5 .5\n"));
        row("fractional", poscar(head + "fractional\n0 0 0\n.5 .5 .5\n"));
        row("Cartesian", poscar(head + "Cartesian\n0 0 0\n2 2 2\n"));
        row("Kartesisch", poscar(head + "K\n4 0 0\n2 2 -2\n"));
        row("selective dynamics", poscar(head + "Selective dynamics\nDirect\n0 0 0 T T F\n.5 .5 .5 F F F\n"));
        row("scaled", "t\n2\n2 0 0\n0 2 0\n0 0 2\n" + head + "Direct\n0 0 0\n.5 .5 .5\n");
        row("scaled, Cartesian", "t\n2\n2 0 0\n0 2 0\n0 0 2\n" + head + "Cartesian\n0 0 0\n1 1 1\n");
        row("volume", "t\n-64\n1 0 0\n0 1 0\n0 0 1\n" + head + "Direct\n0 0 0\n.5 .5 .5\n");
        row("volume, Cartesian", "t\n-64.0\n1 0 0\n0 1 0\n0 0 1\n" + head + "Cartesian\n0 0 0\n.5 .5 .5\n");
        row("three factors", "t\n4 2 1\n1 0 0\n0 2 0\n0 0 4\n" + head + "Cartesian\n0 0 0\n.5 1 2\n");
        row("comments", "t\n1.0 ! scale\n" + cubeRows + "Cs Cl\n1 1 ! numbers\nDirect\n0 0 0 ! Cs\n.5 .5 .5\n");
        row("potentials' names", poscar("Cs_sv Cl/1a2b3c\n1 1\nDirect\n0 0 0\n.5 .5 .5\n"));
        row("velocities behind", poscar(head + "Direct\n0 0 0\n.5 .5 .5\n\n0 0 0\n0 0 0\n"));
        row("CR LF, no last line end",
            "t\r\n1\r\n4 0 0\r\n0 4 0\r\n0 0 4\r\nCs Cl\r\n1 1\r\nDirect\r\n0 0 0\r\n.5 .5 .5");
        row("an element twice", poscar("Cs Cl Cs\n1 1 0\nDirect\n0 0 0\n.5 .5 .5\n"));
        row("VASP 4, elements in the title", poscar("1 1\nDirect\n0 0 0\n.5 .5 .5\n", "1.0", "Cs Cl"));
        row("VASP 4, elements at the atoms", poscar("1 1\nDirect\n0 0 0 Cs\n.5 .5 .5 Cl\n"));
        row("VASP 4, elements behind the flags",
            poscar("1 1\nSelective dynamics\nDirect\n0 0 0 T T F Cs\n.5 .5 .5 T T T Cl\n"));
    }
    void directAndCartesianGiveTheSame()
    {
        QFETCH(QString, text);
        const Structure structure = only(text.toStdString());
        COMPARE_NEAR(structure.lattice.volume_A3(), 64, 1e-9);
        QCOMPARE(structure.sites.size(), std::size_t(2));
        QCOMPARE(compositionOf(structure), (Composition{{17, 1.0}, {55, 1.0}}));
        QCOMPARE(structure.sites[0].occupancyOf(55), 1.0);
        for (int k = 0; k < 3; ++k) {
            COMPARE_NEAR(structure.sites[0].fractional[k], 0, 1e-12);
            COMPARE_NEAR(structure.sites[1].fractional[k], 0.5, 1e-12);
        }
        QCOMPARE(structure.sites[1].label, std::string("Cl2"));
        QCOMPARE(structure.id, std::string("CONTCAR"));
        QVERIFY(structure.warnings.empty());
        QCOMPARE(flawOf(structure), std::string());
    }

    void namesTellWhatAFileIs()
    {
        const std::string text = poscar("Li\n1\nDirect\n0 0 0\n");
        for (const char *name : {"POSCAR", "CONTCAR.relaxed", "dir/POSCAR_Li3PS4", "Li.vasp", "Li.poscar", "noname"}) {
            const ReadResult result = readStructures({name, text});
            QVERIFY2(result.structures.size() == 1, name);
        }
        QVERIFY(looksLikeStructure("dir/POSCAR_Li3PS4"));
        QVERIFY(!looksLikeStructure("noname"));
        const std::string reason = readStructures({"notes.txt", "Monday\nnothing\n"}).rejects.at(0).reason;
        QVERIFY2(reason.starts_with("neither CIF") && reason.ends_with("a number such as 1.0"), reason.c_str());
    }

    void brokenFilesNameTheLine_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("message");
        const auto row = [](const char *name, const std::string &text, const char *message) {
            QTest::newRow(name) << QString::fromStdString(text) << message;
        };
        const std::string atoms = "Cs Cl\n1 1\nDirect\n0 0 0\n.5 .5 .5\n";
        row("empty", "", "CONTCAR: the file ends where a title should follow");
        row("title only", "a title\n", "CONTCAR:1: the file ends where the scale factor should follow");
        row("no scale", "t\none\n" + cubeRows + atoms, "CONTCAR:2: the second line should be the scale factor");
        row("scale 0", poscar(atoms, "0"), "CONTCAR:2: the second line should be the scale factor");
        row("infinite scale", poscar(atoms, "inf"), "CONTCAR:2: the second line should be the scale factor");
        row("negative factors", poscar(atoms, "1 -1 1"), "CONTCAR:2: the scale factor gives no cell");
        row("a volume for no volume", "t\n-64\n1 0 0\n0 1 0\n1 1 0\n" + atoms,
            "CONTCAR:2: the scale factor gives no cell");
        row("half a vector", "t\n1\n4 0 0\n0 4\n0 0 4\n" + atoms,
            "CONTCAR:4: a lattice vector should be three numbers");
        row("flat", "t\n1\n4 0 0\n0 4 0\n4 4 0\n" + atoms, "CONTCAR:3: the lattice vectors lie in one plane");
        row("huge", poscar(atoms, "1e6"), "CONTCAR:3: a lattice vector is longer than 10000 Å");
        row("no elements", poscar("Cs Q\n1 1\nDirect\n0 0 0\n0 0 0\n"),
            "CONTCAR:6: this line should name the elements");
        row("too few numbers", poscar("Cs Cl\n2\nDirect\n0 0 0\n"), "CONTCAR:7: 2 elements but 1 numbers of atoms");
        row("half an atom", poscar("Cs Cl\n1 0.5\nDirect\n"), "CONTCAR:7: \"0.5\" is no number of atoms");
        row("a negative number", poscar("Cs Cl\n1 -1\nDirect\n"), "CONTCAR:7: \"-1\" is no number of atoms");
        row("no atoms", poscar("Cs Cl\n0 0\nDirect\n"), "CONTCAR:7: no atoms");
        row("many atoms", poscar("Cs Cl\n900000 900000\nDirect\n"), "CONTCAR:7: over a million atoms");
        row("no mode", poscar("Cs Cl\n1 1\n0 0 0\n.5 .5 .5\n"), "CONTCAR:8: this line should be Direct or Cartesian");
        row("no mode behind dynamics", poscar("Cs Cl\n1 1\nSelective\n0 0 0\n"),
            "CONTCAR:9: this line should be Direct");
        row("a missing atom", poscar("Cs Cl\n1 2\nDirect\n0 0 0\n.5 .5 .5\n"),
            "CONTCAR:10: the file ends where the position of atom 3 should follow");
        row("half a position", poscar("Cs Cl\n1 1\nDirect\n0 0 0\n.5 .5\n"),
            "CONTCAR:10: a position should be three numbers");
        row("no number", poscar("Cs Cl\n1 1\nDirect\n0 0 nan\n.5 .5 0\n"),
            "CONTCAR:9: a position should be three numbers");
        row("far away", poscar("Cs Cl\n1 1\nDirect\n0 0 0\n.5 .5 5000\n"), "CONTCAR:10: Cl2 lies over 1000 cells away");
        row("VASP 4, no elements", poscar("1 1\nDirect\n0 0 0\n.5 .5 .5\n"),
            "CONTCAR:6: the file names no elements; add a line such as \"Li P S\"");
        // The flags of selective dynamics are no fluorine and no tritium.
        row("VASP 4, flags only", poscar("1 1\nSelective dynamics\nDirect\n0 0 0 T T F\n.5 .5 .5 F F T\n"),
            "CONTCAR:6: the file names no elements");
    }
    void brokenFilesNameTheLine()
    {
        QFETCH(QString, text);
        QFETCH(QString, message);
        std::string what = "was read";
        try {
            only(text.toStdString());
        } catch (const Error &e) {
            what = e.what();
        }
        QVERIFY2(what.starts_with(message.toStdString()), what.c_str());
    }

    void atomsThatOverlapAreSaid()
    {
        const Structure structure = only(poscar("Cs Cl\n1 2\nDirect\n0 0 0\n.5 .5 .5\n.5 .5 .525\n"));
        QCOMPARE(int(structure.warnings.size()), 1);
        QCOMPARE(structure.warnings[0].line, 11);
        QVERIFY(structure.warnings[0].text.starts_with("Cl2 and Cl3 lie 0.10 Å apart"));
    }

    void packedFilesAreRefused() { THROWS_ERROR(only("\x1F\x8B\x08"), "CONTCAR: a compressed file; unpack it first"); }
};

QTEST_GUILESS_MAIN(TestReadPoscar)
#include "tst_read_poscar.moc"
