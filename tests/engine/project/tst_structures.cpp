// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/project/structures.h"

#include "engine/core/parallel.h"
#include "engine/project/archive.h"
#include "tests/support/shared.h"

#include <QTemporaryDir>

using namespace engine;

namespace {
std::string cif(const std::string &name, const std::string &element = "Li")
{
    return "data_" + name +
           "\n_cell_length_a 5\n_cell_length_b 5\n_cell_length_c 5\n_cell_angle_alpha 90\n_cell_angle_beta 90\n"
           "_cell_angle_gamma "
           "90\nloop_\n_atom_site_label\n_atom_site_type_symbol\n_atom_site_fract_x\n_atom_site_fract_y\n"
           "_atom_site_fract_z\n" +
           element + "1 " + element + " 0 0 0\nF1 F 0.5 0.5 0.5\n";
}
}

class TestStructures : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::filesystem::path at(const std::string &name) const
    {
        return std::filesystem::path(m_folder.path().toStdString()) / name;
    }
    std::filesystem::path write(const std::string &name, const std::string &bytes) const
    {
        std::filesystem::create_directories(at(name).parent_path());
        writeFile(at(name), bytes);
        return at(name);
    }
    static ReadResult all(const std::vector<std::filesystem::path> &inputs)
    {
        ReadResult sum;
        forEachStructure(inputs, [&](ReadResult read) {
            for (auto &structure : read.structures)
                sum.structures.push_back(std::move(structure));
            for (auto &reject : read.rejects)
                sum.rejects.push_back(std::move(reject));
        });
        return sum;
    }
    static std::vector<std::string> ids(const std::vector<Structure> &structures)
    {
        std::vector<std::string> ids;
        for (const auto &structure : structures)
            ids.push_back(structure.id);
        return ids;
    }
    static Project project()
    {
        Project project;
        project.database.add({.id = "a", .measurement = {.sigma_S_cm = 1e-3}, .structureFile = "x.cif"});
        project.database.add({.id = "b", .measurement = {.sigma_S_cm = 1e-3}, .structureFile = "bad.cif"});
        project.database.add({.id = "c", .measurement = {.sigma_S_cm = 1e-3}});
        project.database.add({.id = "d", .measurement = {.sigma_S_cm = 1e-3}, .structureFile = "two.cif"});
        project.structures = {{"x.cif", cif("x")}, {"bad.cif", "no structure"}, {"two.cif", cif("one") + cif("two")}};
        return project;
    }

private Q_SLOTS:
    void structuresOfAProjectHaveTheirEntrysId()
    {
        const auto read = readProjectStructures(project(), {});
        QCOMPARE(ids(read.structures), (std::vector<std::string>{"a", "d"}));
        QCOMPARE(read.rejects.size(), 1u);
        QCOMPARE(read.rejects[0].name, std::string("b"));
        QVERIFY(QByteArray::fromStdString(read.structures[1].warnings.back().text)
                    .startsWith("its file holds 2 structures"));
    }

    void equalIdsAreNumbered()
    {
        write("in/Li3N.cif", cif("x"));
        write("in/sub/Li3N.cif", cif("x"));
        write("in/z.zip", zipped({{"Li3N.cif", cif("x")}, {"Li3N~2.cif", cif("x")}}));
        write("in/readme.txt", "not read");
        QCOMPARE(ids(all({at("in")}).structures), (std::vector<std::string>{"Li3N", "Li3N~2", "Li3N~3", "Li3N~2~2"}));
    }

    void inputsFollowEachOther()
    {
        saveProject(project(), at("p"));
        saveProject(project(), at("p.superion"));
        const auto read = all({write("a.cif", cif("x")), at("p"), at("p.superion"), write("data.txt", cif("x"))});
        QCOMPARE(ids(read.structures), (std::vector<std::string>{"a", "a~2", "d", "a~3", "d~2", "data"}));
        QCOMPARE(read.rejects.size(), 2u);
    }

    void threadsDoNotChangeTheOrder()
    {
        std::vector<std::string> expected;
        for (int i = 100; i < 300; ++i) {
            write("many/" + std::to_string(i) + ".cif", i % 10 ? cif("x") : "no structure");
            if (i % 10)
                expected.push_back(std::to_string(i));
        }
        for (const int threads : {1, 3}) {
            setThreadCount(threads);
            const auto read = all({at("many")});
            QCOMPARE(ids(read.structures), expected);
            QCOMPARE(read.rejects.size(), 20u);
        }
        setThreadCount(0);
    }

    void oneDamagedFileOfManyEndsNothing()
    {
        const std::string zip = zipped({{"b.cif", cif("b")}, {"c.cif", cif("c")}});
        write("mixed/a.cif", cif("a"));
        write("mixed/cut.cif.gz", "\x1f\x8b\x08 this is no gzip");
        write("mixed/half.zip", zip.substr(0, zip.size() / 2));
        write("mixed/whole.zip", zip);
        const ReadResult read = all({at("mixed")});
        QCOMPARE(read.structures.size(), 3u);
        QCOMPARE(read.rejects.size(), 2u);
        QCOMPARE(read.rejects[0].name, std::string("mixed/cut.cif.gz"));
        QVERIFY2(read.rejects[0].reason.starts_with("is damaged"), read.rejects[0].reason.c_str());
        QCOMPARE(read.rejects[1].name, std::string("mixed/half.zip"));
        QVERIFY2(read.rejects[1].reason.starts_with("is damaged"), read.rejects[1].reason.c_str());

        // one entry of an archive with a wrong checksum
        std::string flipped = zip;
        flipped[flipped.find("b.cif") + 14] ^= 1;
        const ReadResult rest = all({write("flipped.zip", flipped)});
        QCOMPARE(rest.structures.size(), 1u);
        QCOMPARE(rest.rejects.size(), 1u);
        QCOMPARE(rest.rejects[0].name, std::string("flipped.zip/b.cif"));

        // what was named itself is an error
        THROWS_ERROR(all({at("mixed/half.zip")}), "half.zip: is damaged");
        THROWS_ERROR(all({at("mixed/cut.cif.gz")}), "cut.cif.gz: is damaged");
    }

    void inputsWithoutStructuresAreNamed()
    {
        write("none/readme.txt", "x");
        THROWS_ERROR(all({at("none")}), "none: holds no structure file");
        THROWS_ERROR(all({at("missing.cif")}), "missing.cif: does not exist");
        THROWS_ERROR(all({write("bad.zip", "x")}), "bad.zip: is damaged");
    }

    void obelixIsReadWhole()
    {
        NEEDS_SHARED("data/obelix/all_cifs.zip");
        const auto read = all({sharedPath("data/obelix/all_cifs.zip")});
        QCOMPARE(read.structures.size(), 321u);
        QCOMPARE(read.rejects, std::vector<Reject>{});
        QCOMPARE(std::ranges::count_if(read.structures, [](const Structure &s) { return s.isOrdered(); }), 72);
    }
};

QTEST_APPLESS_MAIN(TestStructures)
#include "tst_structures.moc"
