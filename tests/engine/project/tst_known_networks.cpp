// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/project/known_networks.h"

#include "tests/support/shared.h"

#include <QTemporaryDir>

using namespace engine;
namespace fs = std::filesystem;

class TestKnownNetworks : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    fs::path path(const std::string &name) const { return fs::path(m_dir.path().toStdString()) / name; }

private Q_SLOTS:
    void initTestCase() { qputenv("XDG_CONFIG_HOME", m_dir.path().toUtf8()); }

    void whatWasOpenedIsFoundAgainByItsHash()
    {
        const std::string networks = SUPERION_TEST_DATA "/cli/networks/";
        for (const char *name : {"n.hdf5", "n.hdf5.json"})
            fs::copy_file(networks + "parent" + std::string(name).substr(1), path(name));
        const Megnet network = openNetwork(path("n.hdf5"));
        QCOMPARE(findNetwork(network.sha256, network.name).sha256, network.sha256);

        // gone, or another file in its place
        fs::rename(path("n.hdf5"), path("elsewhere.hdf5"));
        fs::rename(path("n.hdf5.json"), path("elsewhere.hdf5.json"));
        THROWS_ERROR(findNetwork(network.sha256, "n.hdf5"), "give it with --parent");
        writeFile(path("n.hdf5"), "something else");
        THROWS_ERROR(findNetwork(network.sha256, "n.hdf5"), "the ensemble's features come from n.hdf5");
        openNetwork(path("elsewhere.hdf5"));
        QCOMPARE(findNetwork(network.sha256, "n.hdf5").sha256, network.sha256);
    }

    void aBrokenMemoryOrHomeIsNoError()
    {
        const fs::path parent = SUPERION_TEST_DATA "/cli/networks/parent.hdf5";
        writeFile(path("superion/networks.json"), "[1, 2");
        const std::string hash = openNetwork(parent).sha256;
        QCOMPARE(findNetwork(hash, "").sha256, hash);
        writeFile(path("file"), "");
        qputenv("XDG_CONFIG_HOME", (m_dir.path() + "/file").toUtf8());
        QCOMPARE(openNetwork(parent).sha256, hash);
        THROWS_ERROR(findNetwork(std::string(64, '0'), "other.hdf5"), "other.hdf5");
    }

    void aWrongFileIsNamed() { THROWS_ERROR(openNetwork("/nowhere.hdf5"), "/nowhere.hdf5"); }
};

QTEST_GUILESS_MAIN(TestKnownNetworks)
#include "tst_known_networks.moc"
