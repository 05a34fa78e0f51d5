// SPDX-License-Identifier: GPL-3.0-or-later
// The picture of the floors, held against every #include line of the tree.

#include <QTest>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

namespace {
namespace fs = std::filesystem;

/// A folder and its row, counted from the ground. It may include folders of lower rows, and itself.
struct Floor {
    std::string_view folder;
    int row;
};
constexpr std::array floors{Floor{"engine/core", 0},
                            Floor{"engine/nn", 1},
                            Floor{"engine/crystal", 1},
                            Floor{"engine/conductivity", 1},
                            Floor{"engine/features", 2},
                            Floor{"engine/database", 2},
                            Floor{"engine/learning", 3},
                            Floor{"engine/screening", 4},
                            Floor{"engine/project", 5},
                            Floor{"widgets", 6},
                            Floor{"app/cli", 7},
                            Floor{"app/gui", 7},
                            Floor{"tests", 8}};

/// Who may include a library: headers whose name matches the pattern are for files whose path matches one of the others.
struct Library {
    const char *name;
    const char *header;
    const char *users;
};
constexpr std::array libraries{
    Library{"Qt", "Q[A-Za-z].*", "engine/project/.*|widgets/.*|app/.*|tests/.*"},
    Library{"Qt's windows",
            "(QtWidgets|QtGui|QtCharts|QtConcurrent)/.*|Q(Widget|Application|GuiApplication|Dialog|MainWindow)",
            "widgets/.*|app/gui/.*|tests/widgets/.*|tests/tools/.*"},
    Library{"Qt Charts", "QtCharts/.*|Q(Chart|AbstractAxis|Legend|LineSeries|AreaSeries|ScatterSeries|ValueAxis|LogValueAxis).*",
            "widgets/charts/.*"},
    Library{"QuaZip", "quazip.*", "engine/project/.*\\.cpp"},
    Library{"gemmi", "gemmi.*", "engine/crystal/cif\\.cpp"},
    Library{"HDF5", "(hdf5|H5[A-Za-z]*)\\.h(pp)?",
            "engine/features/megnet_write\\.cpp|tests/engine/features/tst_megnet_file\\.cpp"},
    Library{"VTK", "vtk.*", "widgets/structure/.*"},
    Library{"JSON", "nlohmann/(?!json_fwd).*", ".*\\.cpp|app/cli/.*|tests/support/.*"},
};

const Floor *floorOf(std::string_view path)
{
    const auto found = std::ranges::find_if(floors, [&](const Floor &floor) {
        return path.starts_with(floor.folder) && path.substr(floor.folder.size()).starts_with('/');
    });
    return found == floors.end() ? nullptr : &*found;
}

/// Why the file at `path` may not include `header`, or nothing.
std::optional<std::string> objection(const std::string &path, const std::string &header)
{
    if (const Floor *there = floorOf(header)) {
        const Floor *here = floorOf(path);
        if (here && here->folder != there->folder && here->row <= there->row)
            return std::string(here->folder) + " must not see " + std::string(there->folder);
        if (path.starts_with("app/cli/") && there->folder == "widgets")
            return "the command line must not see widgets";
    }
    for (const Library &library : libraries)
        if (std::regex_match(header, std::regex(library.header)) && !std::regex_match(path, std::regex(library.users)))
            return std::string(library.name) + " is not for this file";
    return {};
}

const fs::path root = SUPERION_SOURCE;

std::vector<std::string> sourceFiles()
{
    std::vector<std::string> paths;
    for (const char *top : {"engine", "widgets", "app", "tests"}) {
        if (!fs::exists(root / top))
            continue;
        for (const auto &entry : fs::recursive_directory_iterator(root / top)) {
            const auto ending = entry.path().extension();
            if (entry.is_regular_file() && (ending == ".h" || ending == ".cpp"))
                paths.push_back(fs::relative(entry.path(), root).generic_string());
        }
    }
    std::ranges::sort(paths);
    return paths;
}
}

class TestFloors : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aFileIncludesOnlyWhatStandsBelowIt_data()
    {
        QTest::addColumn<QString>("path");
        for (const std::string &path : sourceFiles())
            QTest::newRow(path.c_str()) << QString::fromStdString(path);
    }
    void aFileIncludesOnlyWhatStandsBelowIt()
    {
        QFETCH(QString, path);
        const std::string file = path.toStdString();
        QVERIFY2(!file.starts_with("engine/") || floorOf(file), "a folder of the engine without a floor");
        std::ifstream in(root / file);
        QVERIFY(in.is_open());
        const std::regex include("\\s*#\\s*include\\s*[<\"]([^>\"]+)[>\"].*");
        std::string line;
        for (int number = 1; std::getline(in, line); ++number) {
            std::smatch match;
            if (!std::regex_match(line, match, include))
                continue;
            const auto why = objection(file, match[1]);
            QVERIFY2(!why,
                     qPrintable(QString("%1:%2: %3: %4")
                                    .arg(path)
                                    .arg(number)
                                    .arg(QString::fromStdString(line), QString::fromStdString(why.value_or("")))));
        }
    }

    void theRulesObject_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("header");
        QTest::addColumn<bool>("allowed");
        QTest::newRow("down") << "engine/features/graph.cpp"
                              << "engine/crystal/structure.h" << true;
        QTest::newRow("the same folder") << "engine/nn/dense.cpp"
                                         << "engine/nn/dense.h" << true;
        QTest::newRow("a neighbour") << "engine/nn/dense.cpp"
                                     << "engine/crystal/lattice.h" << false;
        QTest::newRow("up") << "engine/crystal/read.cpp"
                            << "engine/project/archive.h" << false;
        QTest::newRow("features and database are neighbours") << "engine/features/graph.cpp"
                                                              << "engine/database/entry.h" << false;
        QTest::newRow("windows from the command line") << "app/cli/main.cpp"
                                                       << "widgets/shell/main_window.h" << false;
        QTest::newRow("Qt in the engine") << "engine/crystal/read.cpp"
                                          << "QString" << false;
        QTest::newRow("Qt in project") << "engine/project/archive.cpp"
                                       << "QDir" << true;
        QTest::newRow("a widget in project") << "engine/project/archive.cpp"
                                             << "QWidget" << false;
        QTest::newRow("Qt Charts behind our widget") << "widgets/charts/plot_widget.cpp"
                                                     << "QChart" << true;
        QTest::newRow("Qt Charts past our widget") << "widgets/database/page.cpp"
                                                   << "QChartView" << false;
        QTest::newRow("Qt Charts by its folder") << "tests/widgets/charts/tst_plot_widget.cpp"
                                                 << "QtCharts/QLineSeries" << false;
        QTest::newRow("gemmi in its place") << "engine/crystal/cif.cpp"
                                            << "gemmi/cif.hpp" << true;
        QTest::newRow("gemmi elsewhere") << "engine/crystal/cif.h"
                                         << "gemmi/cif.hpp" << false;
        QTest::newRow("HDF5 in the engine") << "engine/features/megnet_file.cpp"
                                            << "hdf5.h" << false;
        QTest::newRow("JSON in a header") << "engine/project/project.h"
                                          << "nlohmann/json.hpp" << false;
        QTest::newRow("VTK in the engine") << "engine/crystal/structure.cpp"
                                           << "vtkSmartPointer.h" << false;
        QTest::newRow("a test from the program") << "app/cli/main.cpp"
                                                 << "tests/support/shared.h" << false;
        QTest::newRow("a test sees everything") << "tests/engine/crystal/tst_reduce.cpp"
                                                << "engine/project/archive.h" << true;
    }
    void theRulesObject()
    {
        QFETCH(QString, path);
        QFETCH(QString, header);
        QFETCH(bool, allowed);
        QCOMPARE(!objection(path.toStdString(), header.toStdString()), allowed);
    }
};

QTEST_APPLESS_MAIN(TestFloors)
#include "tst_floors.moc"
