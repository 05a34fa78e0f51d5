// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/project/project.h"

#include "engine/project/archive.h"
#include "tests/support/shared.h"

#include <QTemporaryDir>

#include <csignal>

#include <sys/resource.h>

using namespace engine;

namespace {
Project example()
{
    Project project;
    project.title = "Li \"conductors\", β";
    project.threshold_S_cm = 2e-4;
    project.database.add({.id = "1e5", .formula = "LiF", .measurement = {.sigma_S_cm = 1e-10, .isUpperBound = true}});
    project.database.add({.id = "019",
                          .formula = "Li3N",
                          .measurement = {.sigma_S_cm = 0.1 + 0.2,
                                          .how = HowObtained::Extrapolated,
                                          .lowestTemperature_K = 373.15,
                                          .ea_eV = 0.3,
                                          .method = "impedance",
                                          .provenance = ProvenanceKind::Figure,
                                          .doi = "10.0000/one",
                                          .figure = "Fig. 3b"},
                          .spaceGroupSymbol = "P 6/m m m",
                          .spaceGroupNumber = 191,
                          .family = "nitrides, \"simple\"",
                          .icsd = "12345",
                          .structureFile = "019.cif",
                          .link = LinkKind::SamePaper,
                          .partition = Partition::Test,
                          .status = Status::Disputed,
                          .exclusionReason = "none",
                          .curator = "A",
                          .verifier = "B",
                          .note = "two\nlines; and a comma, too",
                          .extra = {{"Cif ID", "done"}, {"odd, name", " kept as read "}}});
    project.structures["019.cif"] = std::string("data_x\r\n\0\xff", 10);
    project.files["points/019.csv"] = "temperature_K,sigma_S_cm\n300,1e-4\n";
    project.files["runs/first/run.json"] = "{}";
    Ensemble ensemble;
    ensemble.members.push_back({{"dense/kernel", Matrix::Constant(2, 2, 1.0 / 3.0)}});
    project.ensembles["first"] = ensemble;
    project.audit.push_back({"2025-01-31T12:00:00Z", "A", "019", "sigma_S_cm: 1 → 2", "a typing error"});
    return project;
}

// The first `limit_B` bytes of any file can be written, then the disk is full.
class SmallDisk {
public:
    explicit SmallDisk(rlim_t limit_B)
    {
        m_oldHandler = std::signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &m_old);
        const rlimit small{limit_B, m_old.rlim_max};
        setrlimit(RLIMIT_FSIZE, &small);
    }
    ~SmallDisk()
    {
        setrlimit(RLIMIT_FSIZE, &m_old);
        std::signal(SIGXFSZ, m_oldHandler);
    }

private:
    rlimit m_old{};
    void (*m_oldHandler)(int);
};
}

class TestProject : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::filesystem::path at(const std::string &name) const
    {
        return std::filesystem::path(m_folder.path().toStdString()) / name;
    }
    // Name and bytes of everything below a path, so that "nothing changed" can be said.
    static Files all(const std::filesystem::path &path)
    {
        Files files;
        for (const auto &item : std::filesystem::recursive_directory_iterator(path))
            if (item.is_regular_file())
                files[item.path().lexically_relative(path).string()] = readFile(item.path());
        return files;
    }

private Q_SLOTS:
    void init() { std::filesystem::create_directories(at("")); }
    void cleanup()
    {
        for (const auto &item : std::filesystem::directory_iterator(at("")))
            std::filesystem::remove_all(item.path());
    }

    void savingAndOpeningIsIdentity()
    {
        const auto project = example();
        for (const char *name : {"folder", "archive.superion"}) {
            saveProject(project, at(name));
            const auto back = openProject(at(name));
            QCOMPARE(back.title, project.title);
            QCOMPARE(back.threshold_S_cm, project.threshold_S_cm);
            QCOMPARE(back.temperature_K, project.temperature_K);
            QCOMPARE(back.database, project.database);
            QCOMPARE(back.structures, project.structures);
            QCOMPARE(back.files, project.files);
            QCOMPARE(back.audit, project.audit);
            QCOMPARE(projectToFiles(back), projectToFiles(project));
        }
        saveProject({}, at("empty/"));
        QCOMPARE(projectToFiles(openProject(at("empty"))), projectToFiles({}));
    }

    void theSameProjectIsTheSameBytes()
    {
        saveProject(example(), at("a"));
        saveProject(openProject(at("a")), at("b"));
        saveProject(example(), at("b"));
        QCOMPARE(all(at("a")), all(at("b")));
        saveProject(example(), at("a.superion"));
        saveProject(openProject(at("b")), at("b.superion"));
        QCOMPARE(readFile(at("a.superion")), readFile(at("b.superion")));
    }

    void aZippedFolderIsAProject()
    {
        std::vector<File> files;
        for (const auto &[name, bytes] : projectToFiles(example()))
            files.push_back({"my project/" + name, bytes});
        writeZip(at("byhand.superion"), files);
        QCOMPARE(projectToFiles(openProject(at("byhand.superion"))), projectToFiles(example()));
    }

    void everyDamagedFileIsNamed()
    {
        saveProject(example(), at("p"));
        for (const auto &[name, bytes] : all(at("p"))) {
            QString damaged, missing;
            auto changed = bytes;
            changed[changed.size() / 2] = char(changed[changed.size() / 2] ^ 1);
            writeFile(at("p/" + name), changed);
            try {
                openProject(at("p"));
            } catch (const Error &error) {
                damaged = QString::fromUtf8(error.what());
            }
            std::filesystem::remove(at("p/" + name));
            try {
                openProject(at("p"));
            } catch (const Error &error) {
                missing = QString::fromUtf8(error.what());
            }
            writeFile(at("p/" + name), bytes);
            // A changed hash in project.json shows at the file that it belongs to.
            QVERIFY2(damaged.contains(QString::fromStdString(name == "project.json" ? "/p/" : name)),
                     qPrintable(damaged));
            QVERIFY2(missing.contains(QString::fromStdString(name)), qPrintable(missing));
        }
    }

    void noByteOfAnArchiveCrashes()
    {
        saveProject(example(), at("p.superion"));
        const auto good = readFile(at("p.superion"));
        const auto expected = projectToFiles(example());
        for (std::size_t i = 0; i < good.size(); i += 23) {
            auto damaged = good;
            damaged[i] = char(damaged[i] ^ 0xff);
            writeFile(at("d.superion"), damaged);
            try {
                QCOMPARE(projectToFiles(openProject(at("d.superion"))), expected);
            } catch (const Error &error) {
                QVERIFY(QByteArray(error.what()).contains("d.superion"));
            }
        }
    }

    void wrongContentsAreNamedWithTheirPlace()
    {
        const auto with = [](const std::function<void(Files &)> &change,
                             const std::function<void(nlohmann::json &)> &more = {}) {
            auto files = projectToFiles(example());
            auto json = nlohmann::json::parse(files["project.json"]);
            files.erase("project.json");
            change(files);
            auto manifest = nlohmann::json::parse(manifestOf(json.dump(), files));
            if (more)
                more(manifest);
            files["project.json"] = manifest.dump();
            projectFromFiles(files, "p");
        };
        const auto entries = [](const std::string &from, const std::string &to) {
            return [=](Files &files) {
                auto &text = files["entries.csv"];
                text.replace(text.find(from), from.size(), to);
            };
        };
        with([](Files &) {});
        THROWS_ERROR(with(entries("1e-10", "small")), "p/entries.csv:4: \"small\" is no number");
        THROWS_ERROR(with(entries("1e-10", "-1")), "p/entries.csv:4: entry 1e5: a conductivity of -1");
        THROWS_ERROR(with(entries("1e-10,yes", "1e-10,maybe")), "yes or no is needed");
        THROWS_ERROR(with(entries("disputed", "doubtful")), "p/entries.csv:2: \"doubtful\" is no status");
        THROWS_ERROR(with(entries(",191,", ",191a,")), "is no space group's number");
        THROWS_ERROR(with(entries("is_upper_bound", "bound")), "p/entries.csv: no column \"is_upper_bound\"");
        THROWS_ERROR(with(entries("\"{\"\"Cif", "\"(\"\"Cif")), "extra columns are no JSON object");
        THROWS_ERROR(with(entries("\"\"done\"\"", "1")), "extra column \"Cif ID\" is no text");
        THROWS_ERROR(with(entries("1e5,", "019,")), "there is one of that id already");
        THROWS_ERROR(with([](Files &f) { f.erase("structures/019.cif"); }),
                     "entry 019 names structures/019.cif, which is not there");
        THROWS_ERROR(with([](Files &f) { f.erase("entries.csv"); }), "p: has no entries.csv");
        THROWS_ERROR(with([](Files &f) { f["audit.csv"] = "time,who\n"; }), "p/audit.csv: no column \"entry\"");
        const auto nothing = [](Files &) {};
        THROWS_ERROR(with(nothing, [](auto &j) { j["threshold_S_cm"] = 0; }), "threshold_S_cm must be above 0");
        THROWS_ERROR(with(nothing, [](auto &j) { j["temperature_K"] = -1; }), "temperature_K must be above 0");
        THROWS_ERROR(with(nothing, [](auto &j) { j.erase("title"); }),
                     "p/project.json: is damaged: key 'title' not found");
        THROWS_ERROR(
            with(nothing, [](auto &j) { j["formatVersion"] = 99; }),
            "p/project.json: made by a newer Superion (format 99, this program reads up to 1); update to open it");
        THROWS_ERROR(with(nothing, [](auto &j) { j["formatVersion"] = 0; }), "there is no format 0");
        THROWS_ERROR(with(nothing, [](auto &j) { j["files"]["../x"] = "0"; }), "leads out of the archive");
        THROWS_ERROR(with(nothing, [](auto &j) { j["files"]["a//b"] = "0"; }),
                     "its list of files is wrong at \"a//b\"");
        THROWS_ERROR(projectFromFiles({{"project.json", "{"}}, "p"), "p/project.json: is damaged");
    }

    void whatCouldNotBeOpenedIsNotSaved()
    {
        const auto with = [&](const std::function<void(Project &)> &change) {
            auto project = example();
            change(project);
            saveProject(project, at("p"));
        };
        THROWS_ERROR(with([](Project &p) { p.structures.clear(); }), "which is not there");
        THROWS_ERROR(with([](Project &p) { p.database.entries[0].id = ""; }), "without an id");
        THROWS_ERROR(with([](Project &p) { p.files["structures/x"] = ""; }), "belong under figures/, points/ or runs/");
        THROWS_ERROR(with([](Project &p) { p.files["runs/../../x"] = ""; }), "leads out");
        THROWS_ERROR(with([](Project &p) { p.files["runs/.hidden"] = ""; }), "cannot be stored under the name");
        THROWS_ERROR(with([](Project &p) { p.files["runs/\xff"] = ""; }), "cannot be stored under the name");
        THROWS_ERROR(with([](Project &p) { p.structures["a/b.cif"] = ""; }),
                     "a structure file cannot be named a/b.cif");
        THROWS_ERROR(with([](Project &p) { p.ensembles["a/b"] = {}; }), "an ensemble cannot be named");
        THROWS_ERROR(with([](Project &p) { p.threshold_S_cm = 0; }), "threshold_S_cm must be above 0");
        QVERIFY(!std::filesystem::exists(at("p")));
    }

    void aFullDiskLeavesTheOldProject()
    {
        for (const char *name : {"folder", "archive.superion"}) {
            saveProject(example(), at(name));
            const auto before = all(at(""));
            auto larger = example();
            for (int i = 0; i < 20000; ++i) // packs badly
                larger.files["runs/large.csv"] += std::to_string(i * 7919 % 10007) + "\n";
            {
                const SmallDisk disk(20000);
                THROWS_ERROR(saveProject(larger, at(name)), "cannot be written: File too large");
            }
            QCOMPARE(all(at("")), before);
            QCOMPARE(std::distance(std::filesystem::directory_iterator(at("")), {}),
                     name == std::string("folder") ? 1 : 2);
        }
    }

    void anInterruptedSaveLeavesTheOldProject()
    {
        // As a process that died while writing would have left it: half a new project beside the old one.
        saveProject(example(), at("p"));
        const auto before = projectToFiles(openProject(at("p")));
        std::filesystem::create_directories(at("p.part1"));
        writeFile(at("p.part1/project.json"), "{");
        QCOMPARE(projectToFiles(openProject(at("p"))), before);
        saveProject(example(), at("p"));
        QCOMPARE(projectToFiles(openProject(at("p"))), before);
    }

    void filesOfOnesOwnAreKept()
    {
        saveProject(example(), at("p"));
        std::filesystem::create_directories(at("p/.git/objects"));
        writeFile(at("p/.git/objects/x"), "object");
        writeFile(at("p/notes.txt"), "mine");
        std::filesystem::create_symlink("notes.txt", at("p/link"));
        auto project = openProject(at("p"));
        project.structures.clear();
        project.database.entries.clear();
        saveProject(project, at("p"));
        QCOMPARE(readFile(at("p/.git/objects/x")), std::string("object"));
        QCOMPARE(readFile(at("p/notes.txt")), std::string("mine"));
        QVERIFY(std::filesystem::is_symlink(at("p/link")));
        QVERIFY(!std::filesystem::exists(at("p/structures/019.cif")));

        writeFile(at("p/structures.txt"), "x");
        std::filesystem::create_directories(at("p/structures"));
        writeFile(at("p/structures/019.cif"), "mine, of the same name");
        THROWS_ERROR(saveProject(example(), at("p")), "structures/019.cif that is not the project's");
        QCOMPARE(readFile(at("p/structures/019.cif")), std::string("mine, of the same name"));

        std::vector<File> files{{"notes.txt", "mine"}, {"structures/z.cif", "mine"}};
        for (const auto &[name, bytes] : projectToFiles(example()))
            files.push_back({name, bytes});
        writeZip(at("p.superion"), files);
        saveProject(example(), at("p.superion"));
        QCOMPARE(unzipped(readFile(at("p.superion")), "p").size(), files.size());
        QVERIFY(!openProject(at("p.superion")).structures.contains("z.cif"));
        auto other = example();
        other.structures["z.cif"] = "another";
        THROWS_ERROR(saveProject(other, at("p.superion")), "structures/z.cif that is not the project's");
    }

    void foldersAndFilesOfSomethingElseAreNotReplaced()
    {
        std::filesystem::create_directories(at("other"));
        saveProject(example(), at("other")); // empty: welcome
        std::filesystem::remove(at("other/project.json"));
        THROWS_ERROR(saveProject(example(), at("other")), "is a folder of other files");
        writeFile(at("file"), "x");
        THROWS_ERROR(saveProject(example(), at("file")), "is a file");
        writeZip(at("x.superion"), {{"a.txt", "x"}});
        THROWS_ERROR(saveProject(example(), at("x.superion")), "is an archive of other files");
        writeFile(at("y.superion"), "no zip");
        THROWS_ERROR(saveProject(example(), at("y.superion")), "is damaged or no zip");
        std::filesystem::create_directories(at("z.superion"));
        THROWS_ERROR(saveProject(example(), at("z.superion")), "is a folder, but the name is an archive's");
        THROWS_ERROR(saveProject(example(), at("file/below")), "below");
        THROWS_ERROR(openProject(at("missing")), "missing: does not exist");
        THROWS_ERROR(openProject(at("other")), "has no project.json");
        THROWS_ERROR(openProject(at("x.superion")), "has no project.json");
    }

    void aLinkStaysALink()
    {
        saveProject(example(), at("real"));
        std::filesystem::create_directory_symlink(at("real"), at("link"));
        auto project = example();
        project.title = "new";
        saveProject(project, at("link"));
        QVERIFY(std::filesystem::is_symlink(at("link")));
        QCOMPARE(openProject(at("real")).title, std::string("new"));
    }

    void importsNeverReplace()
    {
        auto project = example();
        Import import;
        import.database.add({.id = "019", .formula = "other", .measurement = {.sigma_S_cm = 1 }});
        import.database.add({.id = "new", .measurement = {.sigma_S_cm = 1}, .structureFile = "new.cif"});
        import.database.add({.id = "clash", .measurement = {.sigma_S_cm = 1}, .structureFile = "019.cif"});
        import.structures = {{"new.cif", "n"}, { "019.cif", "another" }};
        import.rejects = {{ "t.csv:3", "no conductivity" }};
        const auto rejects = addImport(project, import);
        QCOMPARE(rejects,
                 (std::vector<Reject>{{"t.csv:3", "no conductivity"},
                                      {"019", "entry 019: there is one of that id already"},
                                      {"clash", "entry clash: the project has another structure named 019.cif"}}));
        QCOMPARE(project.database.entries.size(), 3u);
        QCOMPARE(project.database.find("019")->formula, std::string("Li3N"));
        QCOMPARE(project.structures.at("new.cif"), std::string("n"));
        QCOMPARE(project.structures.at("019.cif"), example().structures.at("019.cif"));
    }

    void obelixSurvivesTheRoundTrip()
    {
        NEEDS_SHARED("data/obelix/all.csv");
        const auto sources = allFiles({sharedPath("data/obelix")});
        Project project;
        QCOMPARE(addImport(project, importerFor("", sources).read(sources, {}, {})), std::vector<Reject>{});
        saveProject(project, at("obelix.superion"));
        saveProject(openProject(at("obelix.superion")), at("obelix"));
        const auto back = openProject(at("obelix"));
        QCOMPARE(back.database, project.database);
        QCOMPARE(back.structures, project.structures);
    }

    void timesAreInUtc()
    {
        QVERIFY(QByteArray::fromStdString(timeNow()).endsWith('Z'));
        QCOMPARE(timeNow().size(), 20u);
    }
};

QTEST_APPLESS_MAIN(TestProject)
#include "tst_project.moc"
