// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/files.h"

#include "engine/core/error.h"
#include "tests/support/shared.h"

#include <QTemporaryDir>

#include <unistd.h>

using namespace engine;

class TestFiles : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void namesAreTakenApart()
    {
        QCOMPARE(stemOf("cifs/Li3N.cif"), std::string("Li3N"));
        QCOMPARE(stemOf("POSCAR"), std::string("POSCAR"));
        QCOMPARE(stemOf("a.b.CIF"), std::string("a.b"));
        QCOMPARE(endingOf("a.b.CIF"), std::string("cif"));
        QCOMPARE(endingOf("dir.x/POSCAR"), std::string());
        QCOMPARE(endingOf(".hidden"), std::string());
    }

    void whatIsWrittenReadsBackAndLeavesNothingAside()
    {
        QTemporaryDir dir;
        const auto path = std::filesystem::path(dir.path().toStdString()) / "x.bin";
        const std::string bytes("a\0b\n", 4);
        writeFile(path, "old");
        writeFile(path, bytes);
        QCOMPARE(readFile(path), bytes);
        QCOMPARE(std::distance(std::filesystem::directory_iterator(path.parent_path()), {}), 1);
    }

    void whatCannotBeReadIsNamed()
    {
        THROWS_ERROR(readFile("/nowhere/x.cif"), "/nowhere/x.cif: cannot be opened: No such file");
        THROWS_ERROR(readFile("/"), "is a folder");
        THROWS_ERROR(writeFile("/nowhere/x.cif", "x"), "/nowhere/x.cif: cannot be written: No such file");
    }

    void aFullDiskLeavesTheOldFile()
    {
        // Writing to /dev/full always fails with "no space left", as a full disk does.
        if (!std::filesystem::exists("/dev/full"))
            QSKIP("this system has no /dev/full");
        QTemporaryDir dir;
        const auto path = std::filesystem::path(dir.path().toStdString()) / "x.bin";
        writeFile(path, "old");
        std::filesystem::create_symlink("/dev/full", path.string() + ".part" + std::to_string(getpid()));
        THROWS_ERROR(writeFile(path, "new"), "No space left on device; free some space");
        QCOMPARE(readFile(path), std::string("old"));
    }
};

QTEST_APPLESS_MAIN(TestFiles)
#include "tst_files.moc"
