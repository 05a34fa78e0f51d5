// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the built program on the small structures of tests/data/cli, with the tiny networks beside them.
#include "engine/core/csv.h"
#include "engine/core/npy.h"
#include "engine/core/sha256.h"
#include "engine/core/text.h"
#include "engine/learning/training.h"
#include "engine/project/archive.h"
#include "engine/project/options_json.h"

#include "tests/support/shared.h"

#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>

#include <csignal>
#include <sys/resource.h>

using namespace engine;
using Json = nlohmann::json;

namespace {

const QStringList verbs = {"run",     "structure", "featurize", "property", "duplicates", "import", "add",
                           "summary", "validate",  "pretrain",  "train",    "evaluate",   "screen", "rank"};

struct Result {
    int status = -1;
    QByteArray out, err;

    Json json() const { return Json::parse(out.toStdString()); }
};

QString data(const QString &name)
{
    return QStringLiteral(SUPERION_TEST_DATA "/cli/") + name;
}

void prepare(QProcess &process, const QStringList &arguments)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert("SOURCE_DATE_EPOCH", "1700000000");
    environment.insert("USER", "tester");
    // Networks that tests open are remembered there, not in the tester's home.
    static const QTemporaryDir config;
    environment.insert("XDG_CONFIG_HOME", config.path());
    process.setProcessEnvironment(environment);
    process.setProgram(QStringLiteral(SUPERION_CLI));
    process.setArguments(arguments);
}

Result runCli(const QStringList &arguments, rlim_t largestFile_B = RLIM_INFINITY)
{
    QProcess process;
    prepare(process, arguments);
    if (largestFile_B != RLIM_INFINITY)
        process.setChildProcessModifier([largestFile_B] {
            const rlimit limit{largestFile_B, largestFile_B};
            setrlimit(RLIMIT_FSIZE, &limit);
        });
    process.start();
    if (!process.waitForFinished(120'000))
        return {-2, process.readAllStandardOutput(), "did not end: " + process.readAllStandardError()};
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -3, process.readAllStandardOutput(),
            process.readAllStandardError()};
}

// The message belongs to the failure.
#define EXITS(result, expected)                                                                                        \
    QVERIFY2((result).status == (expected), (result).err + QByteArray::number((result).status))

// Options that make training short; the classes of the sample are easy.
QStringList quickly(QStringList arguments)
{
    return arguments + QStringList{"--epochs", "8", "--neurons", "8", "--batch-size", "4"};
}

std::map<std::string, std::string> folderContent(const std::filesystem::path &folder)
{
    std::map<std::string, std::string> content;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(folder))
        if (entry.is_regular_file())
            content[std::filesystem::relative(entry.path(), folder).string()] = readFile(entry.path());
    return content;
}

}

class TestCli : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    int m_projects = 0;

    QString path(const QString &name) const { return m_dir.filePath(name); }
    void write(const QString &name, const std::string &bytes) const { writeFile(path(name).toStdString(), bytes); }
    std::string read(const QString &name) const { return readFile(path(name).toStdString()); }

    // A project with eight training and three test entries.
    QString newProject()
    {
        const QString project = path("project%1").arg(++m_projects);
        const Result imported =
            runCli({"import", data("entries.csv"), data("structures"), "--format", "csv", "--into", project});
        if (imported.status != 0)
            qFatal("import: %s", imported.err.constData());
        for (const QStringList &entry : {QStringList{"Li2OS", "4e-3"}, {"LiMgCl", "2e-8"}, {"LiH", "1e-11"}}) {
            const Result added = runCli({"add", project, "--id", entry[0] + "-test", "--sigma", entry[1], "--structure",
                                         data("more/" + entry[0] + ".cif"), "--test"});
            if (added.status != 0)
                qFatal("add: %s", added.err.constData());
        }
        return project;
    }

    const QString m_parent = data("networks/parent.hdf5");

private Q_SLOTS:
    void everyVerbExplainsItselfWithAnExample()
    {
        const Result overview = runCli({"--help"});
        EXITS(overview, 0);
        for (const QString &verb : verbs) {
            QVERIFY2(overview.out.contains("\n  " + verb.toUtf8() + " "), qPrintable(verb));
            const Result help = runCli({verb, "--help"});
            EXITS(help, 0);
            QVERIFY2(help.out.contains("Example: superion-cli " + verb.toUtf8()), qPrintable(verb));
        }
    }

    void theManPageSaysTheSameAsTheHelp()
    {
        QString page = QString::fromStdString(readFile(SUPERION_MAN_PAGE));
        page.replace(QStringLiteral("\\-"), QStringLiteral("-"));
        const QRegularExpression option(QStringLiteral("^  (?:-h,)?(--[a-z0-9-]+)"),
                                        QRegularExpression::MultilineOption);
        for (const QString &verb : verbs) {
            const auto start = page.indexOf(QStringLiteral(".SS %1\n").arg(verb));
            QVERIFY2(start >= 0, qPrintable(verb));
            auto end = page.indexOf(QStringLiteral("\n.S"), start + 1);
            const QString own = page.mid(start, end - start);
            const auto common = page.indexOf(QStringLiteral(".SH COMMON OPTIONS"));
            const QString shared = page.mid(common, page.indexOf(QStringLiteral("\n.SH "), common + 1) - common);
            auto match = option.globalMatch(QString::fromUtf8(runCli({verb, "--help"}).out));
            while (match.hasNext()) {
                const QString name = match.next().captured(1);
                const QString entry = QStringLiteral("\n.BR? %1\\b").arg(QRegularExpression::escape(name));
                QVERIFY2((own + shared).contains(QRegularExpression(entry)), qPrintable(verb + " " + name));
            }
        }
    }

    void theVersionIsPrinted()
    {
        const Result r = runCli({"--version"});
        EXITS(r, 0);
        QVERIFY(r.out.startsWith("superion-cli "));
    }

    void wrongUsageIsStatus2_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("nothing") << QStringList{};
        QTest::newRow("unknown verb") << QStringList{"strcture"};
        QTest::newRow("unknown option") << QStringList{"structure", "x.cif", "--primitve"};
        QTest::newRow("no input") << QStringList{"structure"};
        QTest::newRow("not one of the four") << QStringList{"structure", "x.cif", "--simplify", "camp"};
        QTest::newRow("not a number") << QStringList{"validate", "p", "--k", "five"};
        QTest::newRow("missing option") << QStringList{"screen", "x.cif"};
    }
    void wrongUsageIsStatus2()
    {
        QFETCH(QStringList, arguments);
        const Result r = runCli(arguments);
        EXITS(r, 2);
        QVERIFY(r.out.isEmpty() && !r.err.isEmpty());
    }

    void structuresAreShownAsTableAndJson()
    {
        const Result table = runCli({"structure", data("structures/Li3N.cif"), data("structures/LiClBr.cif")});
        EXITS(table, 0);
        QVERIFY(table.out.contains("Li3N") && table.err.isEmpty());

        const Result r = runCli(
            {"structure", data("structures/Li3N.cif"), data("structures/LiClBr.cif"), "--json", "--neighbours", "2.2"});
        EXITS(r, 0);
        const Json json = r.json();
        QCOMPARE(json["rejects"].size(), 0u);
        const Json &li3n = json["structures"][0], &mixed = json["structures"][1];
        QCOMPARE(li3n["id"].get<std::string>(), std::string("Li3N"));
        QCOMPARE(li3n["reducedFormula"].get<std::string>(), std::string("Li3N"));
        QCOMPARE(li3n["spaceGroup"]["number"].get<int>(), 191);
        QCOMPARE(li3n["isOrdered"].get<bool>(), true);
        QCOMPARE(li3n["sites"].size(), 4u);
        COMPARE_NEAR(li3n["lattice"]["gamma"].get<double>(), 120.0, 1e-9);
        COMPARE_NEAR(li3n["lattice"]["volume"].get<double>(), 3.648 * 3.648 * 3.875 * std::sqrt(3.0) / 2, 1e-6);
        QCOMPARE(li3n["lattice"]["matrix"].size(), 3u);
        for (const Json &site : li3n["sites"])
            if (site["species"][0]["element"] == "N") // 2 Li above and below at 1.94 Å, 6 Li around at 2.11 Å
                QCOMPARE(site["neighbours"].get<int>(), 8);
        QCOMPARE(mixed["isOrdered"].get<bool>(), false);
        QVERIFY(mixed["sites"][0]["species"][0]["oxidationState"].is_null());
    }

    void structuresAreSimplifiedAndReduced()
    {
        const Result r =
            runCli({"structure", data("structures/LiF.cif"), "--simplify", "CANS", "--primitive", "--json"});
        EXITS(r, 0);
        const Json s = r.json()["structures"][0];
        QCOMPARE(s["sites"].size(), 1u);
        QCOMPARE(s["sites"][0]["species"][0]["element"].get<std::string>(), std::string("S"));
    }

    void foldersAndZipsAreRead()
    {
        writeZip(path("two.zip").toStdString(), {{"a/LiF.cif", readFile(data("structures/LiF.cif").toStdString())},
                                                 {"a/LiCl.cif", readFile(data("structures/LiCl.cif").toStdString())}});
        const Result zip = runCli({"structure", path("two.zip"), "--json"});
        EXITS(zip, 0);
        QCOMPARE(zip.json()["structures"].size(), 2u);
        const Result folder = runCli({"structure", data("structures"), "--json"});
        EXITS(folder, 0);
        QCOMPARE(folder.json()["structures"].size(), 10u);
    }

    void aTruncatedCifIsRejectedAndTheOthersGoOn()
    {
        const std::string whole = readFile(data("structures/LiF.cif").toStdString());
        write("cut.cif", whole.substr(0, whole.size() / 2));
        const Result r = runCli({"structure", path("cut.cif"), data("structures/LiF.cif"), "--json"});
        EXITS(r, 3);
        QCOMPARE(r.json()["structures"].size(), 1u);
        QCOMPARE(r.json()["rejects"].size(), 1u);
        QVERIFY(r.json()["rejects"][0]["id"].get<std::string>().find("cut") != std::string::npos);
        QVERIFY(r.err.contains("rejected: ") && r.err.contains("cut"));
    }

    void aMissingInputIsAnError()
    {
        const Result r = runCli({"structure", path("nowhere.cif")});
        EXITS(r, 1);
        QVERIFY(r.err.startsWith("error: ") && r.err.contains("nowhere.cif") && r.err.count('\n') == 1);
    }

    void aZipWhoseNamesLeaveItIsRefused()
    {
        writeZip(path("evil.zip").toStdString(), {{"xx/LiF.cif", readFile(data("structures/LiF.cif").toStdString())}});
        std::string bytes = read("evil.zip");
        for (auto at = bytes.find("xx/"); at != std::string::npos; at = bytes.find("xx/"))
            bytes.replace(at, 3, "../");
        write("evil.zip", bytes);
        const Result r = runCli({"structure", path("evil.zip")});
        EXITS(r, 1);
        QVERIFY2(r.err.contains("../LiF.cif") && r.err.count('\n') == 1, r.err);
    }

    void damagedArchivesAreNamed()
    {
        writeZip(path("whole.zip").toStdString(), {{"LiF.cif", readFile(data("structures/LiF.cif").toStdString())}});
        const std::string whole = read("whole.zip");
        for (const char *name : {"damaged.zip", "damaged.superion"}) {
            write(name, whole.substr(0, whole.size() / 2));
            const Result r = runCli({"structure", path(name)});
            EXITS(r, 1);
            QVERIFY2(r.err.contains(name) && r.err.contains("is damaged") && r.err.count('\n') == 1, r.err);
        }
    }

    void aFileOfNoKnownKindSaysWhatIsRead()
    {
        write("notes.txt", "Measured on Monday.\nNothing to see here.\n");
        const Result r = runCli({"structure", path("notes.txt")});
        EXITS(r, 3);
        QVERIFY2(r.err.contains("notes.txt: neither CIF (data_") && r.err.count('\n') == 1, r.err);
    }

    void featuresHaveARowPerSite()
    {
        const Result r = runCli({"featurize", data("structures/Li3N.cif"), "--parent", m_parent, "--layer", "1",
                                 "--simplify", "camns", "--json"});
        EXITS(r, 0);
        const Json json = r.json();
        QCOMPARE(json["parent"].get<std::string>().size(), 64u);
        QCOMPARE(json["layer"].get<int>(), 1);
        QCOMPARE(json["simplify"].get<std::string>(), std::string("camns"));
        QCOMPARE(json["structures"][0]["features"].size(), 4u);
        QVERIFY(json["structures"][0]["nBonds"].get<int>() > 0);
    }

    void featuresAreWrittenAsNpz()
    {
        EXITS(runCli({"featurize", data("structures/Li3N.cif"), data("structures/LiF.cif"), "--parent", m_parent,
                      "--out", path("f.npz")}),
              0);
        const std::vector<File> arrays = unzipped(read("f.npz"), "f.npz");
        QCOMPARE(arrays.size(), 2u);
        QCOMPARE(arrays[0].name, std::string("Li3N.npy"));
        const Json json = runCli({"featurize", data("structures/Li3N.cif"), "--parent", m_parent, "--json"}).json();
        const Matrix rows = readNpy(arrays[0].bytes, "Li3N.npy");
        QCOMPARE(rows.rows(), 4);
        QCOMPARE(rows(0, 0), json["structures"][0]["features"][0][0].get<double>());
    }

    void sortedSitesDoNotDependOnTheFile()
    {
        const std::string text = readFile(data("structures/Li3N.cif").toStdString());
        const auto rows = text.find("Li1 Li");
        write("turned.cif", text.substr(0, rows) + "N1 N 0 0 0 1\nLi2 Li 0.3333 0.6667 0 1\nLi1 Li 0 0 0.5 1\n");
        const auto features = [&](const QString &file) {
            return runCli({"featurize", file, "--parent", m_parent, "--sites", "sorted", "--json"})
                .json()["structures"][0]["features"];
        };
        const Json a = features(data("structures/Li3N.cif")), b = features(path("turned.cif"));
        QCOMPARE(a.size(), b.size());
        for (std::size_t i = 0; i < a.size(); ++i)
            for (std::size_t k = 0; k < a[i].size(); ++k)
                COMPARE_NEAR(a[i][k].get<double>(), b[i][k].get<double>(), 1e-9);
    }

    void propertiesComeWithTheirUnit()
    {
        const Result r =
            runCli({"property", data("structures/LiF.cif"), "--model", data("networks/band_gap.hdf5"), "--json"});
        EXITS(r, 0);
        QCOMPARE(r.json()["property"].get<std::string>(), std::string("band_gap"));
        QCOMPARE(r.json()["unit"].get<std::string>(), std::string("eV"));
        QVERIFY(r.json()["structures"][0]["value"].is_number());
    }

    void aFileThatIsNoNetworkIsNamed()
    {
        const std::string whole = readFile(data("networks/band_gap.hdf5").toStdString());
        write("wrong.hdf5.json", readFile(data("networks/band_gap.hdf5.json").toStdString()));
        for (const auto &[bytes, why] : {std::pair(std::string("these are no weights"), "not an HDF5 file"),
                                         std::pair(whole.substr(0, whole.size() / 2), "truncated")}) {
            write("wrong.hdf5", bytes);
            const Result r = runCli({"property", data("structures/LiF.cif"), "--model", path("wrong.hdf5")});
            EXITS(r, 1);
            QVERIFY2(r.err.contains("wrong.hdf5") && r.err.contains(why) && r.err.count('\n') == 1, r.err);
        }
    }

    void withoutAParentTheBundledOneIsTaken()
    {
        const Result r = runCli({"featurize", data("structures/LiF.cif"), "--json"});
        EXITS(r, 0);
        const Json json = r.json();
        QCOMPARE(json["parent"].get<std::string>(),
                 sha256(readFile(SUPERION_RESOURCES "/parents/formation_energy.hdf5")));
        QCOMPARE(json["structures"][0]["features"][0].size(), 32u);
    }

    void aProjectIsMadeByImportingAndAdding()
    {
        const Result r = runCli({"summary", newProject(), "--json"});
        EXITS(r, 0);
        const Json json = r.json();
        QCOMPARE(json["values"].get<int>(), 13);
        QCOMPARE(json["positive"].get<int>(), 5);
        QCOMPARE(json["negative"].get<int>(), 8);
        QCOMPARE(json["disordered"].get<int>(), 3);
        QCOMPARE(json["ordered"].get<int>(), 10);
        QCOMPARE(json["spaceGroups"].get<int>(), 2);
        QCOMPARE(json["threshold_S_cm"].get<double>(), 1e-4);
    }

    void anEntryThatIsThereIsNotImportedTwice()
    {
        const QString project = newProject();
        const auto before = folderContent(project.toStdString());
        const Result r = runCli({"import", data("entries.csv"), "--format", "csv", "--into", project, "--json"});
        EXITS(r, 3);
        QCOMPARE(r.json()["entries"].get<int>(), 0);
        QVERIFY(folderContent(project.toStdString()) == before);
    }

    void aMissingColumnIsNamedAndNothingIsMade()
    {
        write("short.csv", "id,formula\nx,LiF\n");
        const Result r = runCli({"import", path("short.csv"), "--format", "csv", "--into", path("none")});
        EXITS(r, 1);
        QVERIFY2(r.err.contains("sigma_S_cm") && r.err.count('\n') == 1, r.err);
        QVERIFY(!std::filesystem::exists(path("none").toStdString()));

        const QString project = newProject();
        const auto before = folderContent(project.toStdString());
        EXITS(runCli({"import", path("short.csv"), "--format", "csv", "--into", project}), 1);
        QVERIFY(folderContent(project.toStdString()) == before);
    }

    void columnsCanBeMapped()
    {
        write("own.csv", "name,compound,s\na,LiF,0.5\n");
        EXITS(
            runCli({"import", path("own.csv"), "--format", "csv", "--column", "id=name", "--column", "formula=compound",
                    "--column", "sigma=s", "--sigma-unit", "mS/cm", "--into", path("mapped.superion")}),
            0);
        QCOMPARE(runCli({"summary", path("mapped.superion"), "--json"}).json()["sigmaMax_S_cm"].get<double>(), 5e-4);
    }

    void aNewerProjectIsRefused()
    {
        const QString project = newProject();
        std::string json = readFile(project.toStdString() + "/project.json");
        const auto at = json.find("\"formatVersion\": 1");
        QVERIFY(at != std::string::npos);
        json.replace(at, 18, "\"formatVersion\": 99");
        writeFile(project.toStdString() + "/project.json", json);
        const auto before = folderContent(project.toStdString());
        for (const QStringList &arguments :
             {QStringList{"summary", project}, {"add", project, "--id", "x", "--sigma", "1e-9"}}) {
            const Result r = runCli(arguments);
            EXITS(r, 1);
            QVERIFY2(r.err.contains("newer Superion") && r.err.count('\n') == 1, r.err);
        }
        QVERIFY(folderContent(project.toStdString()) == before);
    }

    void validationHasTheShapeThatScriptsDependOn()
    {
        const Result r = runCli(quickly({"validate", newProject(), "--parent", m_parent, "--k", "2", "--json"}));
        EXITS(r, 0);
        const Json json = r.json();
        QCOMPARE(json["folds"].size(), 2u);
        for (const char *key : {"name", "n", "positives", "bestEpoch", "aucPr", "aucPrTrapezoid", "mcc"})
            QVERIFY2(json["folds"][0].contains(key), key);
        for (const char *key : {"aucPr", "aucPrTrapezoid", "mcc"})
            QVERIFY2(json[key].contains("mean") && json[key].contains("sd"), key);
        for (const char *key : {"mean", "shuffled"})
            QVERIFY2(json["controls"][key].contains("aucPr") && json["controls"][key].contains("mcc"), key);
        QCOMPARE(json["predictions"].size(), 10u);
        for (const char *key : {"id", "fold", "p", "label"})
            QVERIFY2(json["predictions"][0].contains(key), key);
        QCOMPARE(json["epochs"].size(), 2u);
        QCOMPARE(json["epochs"][0].size(), 8u);
    }

    void trainEvaluateScreenAndRankFollowEachOther()
    {
        const QString project = newProject();
        EXITS(runCli(quickly({"train", project, "--parent", m_parent, "--members", "3"})), 0);

        const Result evaluated = runCli({"evaluate", project, "--parent", m_parent, "--json"});
        EXITS(evaluated, 0);
        QCOMPARE(evaluated.json()["n"].get<int>(), 3);
        for (const char *key : {"tp", "fp", "tn", "fn"})
            QVERIFY2(evaluated.json()["confusion"].contains(key), key);
        for (const char *key : {"id", "p", "sd", "log10_sigma", "label"})
            QVERIFY2(evaluated.json()["predictions"][0].contains(key), key);
        QVERIFY(readFile(project.toStdString() + "/audit.csv").find("test partition opened") != std::string::npos);

        const QStringList screen = {"screen",
                                    data("more/LiAl.cif"),
                                    data("more/NaCl.cif"),
                                    data("more/Li2OS.cif"),
                                    data("structures/LiF.cif"),
                                    "--ensemble",
                                    project,
                                    "--parent",
                                    m_parent,
                                    "--band-gap-model",
                                    data("networks/band_gap.hdf5")};
        const Result screened = runCli(screen + QStringList{"--json"});
        EXITS(screened, 0);
        const Json candidates = screened.json()["candidates"];
        QCOMPARE(candidates.size(), 4u);
        QCOMPARE(candidates[0]["isIntermetallic"].get<bool>(), true);
        QCOMPARE(candidates[1]["hasLithium"].get<bool>(), false);
        QCOMPARE(candidates[2]["isOrdered"].get<bool>(), false);
        QCOMPARE(candidates[2]["isNovel"].get<bool>(), true);
        QCOMPARE(candidates[3]["isNovel"].get<bool>(), false); // LiF is in the training data
        COMPARE_NEAR(candidates[3]["dTraining"].get<double>(), 0.0, 1e-9);
        QCOMPARE(candidates[3]["nearestTrainingId"].get<std::string>(), std::string("LiF"));
        QCOMPARE(candidates[3]["bandGapSource"].get<std::string>(), std::string("predicted"));

        for (const QString &name : {QStringLiteral("s.json"), QStringLiteral("s.csv")}) {
            EXITS(runCli(screen + QStringList{"--out", path(name)}), 0);
            const Result ranked = runCli({"rank", path(name), "--minimum-p", "0", "--minimum-band-gap", "0", "--json"});
            EXITS(ranked, 0);
            QCOMPARE(ranked.json()["candidates"].size() + ranked.json()["excluded"].size(), 4u);
            QCOMPARE(ranked.json()["candidates"][0]["id"].get<std::string>(), std::string("Li2OS"));
            QVERIFY(!ranked.json()["excluded"][0]["reason"].get<std::string>().empty());
        }
    }

    void anotherParentThanTheEnsemblesIsRefused()
    {
        const QString project = newProject();
        EXITS(runCli(quickly({"train", project, "--parent", m_parent, "--members", "2", "--out", path("ensemble")})),
              0);
        const Result r = runCli({"screen", data("structures/LiF.cif"), "--ensemble", path("ensemble"), "--parent",
                                 data("networks/band_gap.hdf5")});
        EXITS(r, 1);
        QVERIFY2(r.err.contains("parent.hdf5") && r.err.contains("band_gap.hdf5"), r.err);
        EXITS(runCli({"screen", data("structures/LiF.cif"), "--ensemble", path("ensemble"), "--parent", m_parent}), 0);
        const Result layer = runCli({"screen", data("structures/LiF.cif"), "--ensemble", path("ensemble"), "--parent",
                                     m_parent, "--layer", "0"});
        EXITS(layer, 1);
        QVERIFY2(layer.err.contains("trained with 1"), layer.err);
    }

    void knownPropertiesComeBeforePredictedOnes()
    {
        const QString project = newProject();
        EXITS(runCli(quickly({"train", project, "--parent", m_parent, "--members", "2"})), 0);
        write("gaps.csv", "LiF,7,1.5\n");
        const Result r = runCli({"screen", data("structures/LiF.cif"), data("structures/LiCl.cif"), "--ensemble",
                                 project, "--parent", m_parent, "--properties", path("gaps.csv"), "--property-columns",
                                 "id,_,band_gap", "--band-gap-model", "none", "--json"});
        EXITS(r, 0);
        QCOMPARE(r.json()["candidates"][0]["bandGap_eV"].get<double>(), 1.5);
        QCOMPARE(r.json()["candidates"][0]["bandGapSource"].get<std::string>(), std::string("database"));
        QVERIFY(r.json()["candidates"][1]["bandGap_eV"].is_null());
    }

    void screeningCanBeLimited()
    {
        const QString project = newProject();
        EXITS(runCli(quickly({"train", project, "--parent", m_parent, "--members", "2"})), 0);
        const Result r = runCli({"screen", data("structures"), "--ensemble", project, "--parent", m_parent,
                                 "--containing", "Li,Cl", "--limit", "2", "--json"});
        EXITS(r, 0);
        QCOMPARE(r.json()["candidates"].size(), 2u);
        QCOMPARE(r.json()["candidates"][0]["id"].get<std::string>(), std::string("LiCl"));
        QCOMPARE(r.json()["candidates"][1]["id"].get<std::string>(), std::string("LiClBr"));
    }

    void theMainJobWritesItsReport_data()
    {
        QTest::addColumn<bool>("isArchive");
        QTest::newRow("folder") << false;
        QTest::newRow("archive") << true;
    }
    void theMainJobWritesItsReport()
    {
        QFETCH(bool, isArchive);
        QString project = newProject();
        if (isArchive) {
            writeZip(path("p.superion").toStdString(), [&] {
                std::vector<File> files;
                for (const auto &[name, bytes] : folderContent(project.toStdString()))
                    files.push_back({name, bytes});
                return files;
            }());
            project = path("p.superion");
        }
        const QString report = path("report%1").arg(isArchive);
        const Result r = runCli(quickly({"run",
                                         project,
                                         "--parent",
                                         m_parent,
                                         "--band-gap-model",
                                         data("networks/band_gap.hdf5"),
                                         "--metal-model",
                                         data("networks/metal.hdf5"),
                                         "--k",
                                         "2",
                                         "--members",
                                         "3",
                                         "--screen",
                                         data("structures"),
                                         data("more"),
                                         "--containing",
                                         "Li",
                                         "--report",
                                         report,
                                         "--json"}));
        EXITS(r, 0);
        QCOMPARE(r.json()["screened"].get<int>(), 14);
        QCOMPARE(r.json()["test"]["n"].get<int>(), 3);
        for (const char *name : {"index.html", "candidates.csv", "test.csv", "distance.svg"})
            QVERIFY2(std::filesystem::exists((report + "/" + name).toStdString()), name);
        EXITS(runCli({"evaluate", project, "--name", "run", "--parent", m_parent}), 0);
        EXITS(runCli({"run", project, "--parent", m_parent, "--options", report + "/options.json", "--screen",
                      data("structures"), data("more"), "--report", report + "-again", "--band-gap-model",
                      data("networks/band_gap.hdf5"), "--metal-model", data("networks/metal.hdf5")}),
              0);
        QVERIFY(folderContent(report.toStdString()) == folderContent((report + "-again").toStdString()));
    }

    void theNumberOfThreadsChangesNothing()
    {
        const QString one = newProject(), two = newProject();
        std::map<std::string, std::string> reports[2];
        int i = 0;
        for (const auto &[project, threads] : {std::pair{one, "1"}, {two, "2"}}) {
            const QString report = project + "-report";
            EXITS(runCli(quickly({"run", project, "--parent", m_parent, "--k", "2", "--members", "3", "--screen",
                                  data("structures"), data("more"), "--threads", threads, "--report", report})),
                  0);
            reports[i++] = folderContent(report.toStdString());
        }
        QVERIFY(!reports[0].empty());
        for (auto &[name, bytes] : reports[1])
            if (name == "index.html") // the title is the project's name
                bytes = QString::fromStdString(bytes)
                            .replace(QFileInfo(two).fileName(), QFileInfo(one).fileName())
                            .toStdString();
        QVERIFY(reports[0] == reports[1]);
        QVERIFY(folderContent((one + "/models").toStdString()) == folderContent((two + "/models").toStdString()));
    }

    // Sixty cells of rock salt with a made-up property.
    QStringList pretrainingData()
    {
        const std::filesystem::path folder = path("cells").toStdString();
        std::string table;
        const std::string salt = readFile(data("structures/LiF.cif").toStdString());
        for (int i = 0; i < 60; ++i) {
            std::string cif = salt;
            const std::string a = std::to_string(3.9 + 0.02 * i), metal = i % 3 == 0 ? "Na" : i % 3 == 1 ? "K" : "Li";
            for (const char *length : {"_cell_length_a", "_cell_length_b", "_cell_length_c"}) {
                const auto at = cif.find(length);
                cif.replace(at, cif.find('\n', at) - at, length + (" " + a));
            }
            for (std::size_t at = cif.find("Li"); at != std::string::npos; at = cif.find("Li", at + 2))
                cif.replace(at, 2, metal);
            std::filesystem::create_directories(folder);
            writeFile(folder / ("c" + std::to_string(i) + ".cif"), cif);
            table += "c" + std::to_string(i) + "," + std::to_string(-0.1 * i + (i % 3)) + "\n";
        }
        write("cells.csv", table);
        return {path("cells"), "--table", path("cells.csv"), "--id", "1", "--value", "2"};
    }

    void pretrainGoesOnAfterAKillToTheSameBytes()
    {
        const QStringList network = {"--blocks",     "1",   "--gaussians",    "10", "--cutoff",   "4",
                                     "--epochs",     "12",  "--batch-size",   "8",  "--patience", "1000",
                                     "--validation", "0.3", "--test-systems", "0",  "--threads",  "1"};
        const QStringList arguments = QStringList{"pretrain"} + pretrainingData() + network;
        const Result whole = runCli(arguments + QStringList{"--out", path("whole.hdf5"), "--json"});
        EXITS(whole, 0);
        QCOMPARE(whole.json()["epochs"].size(), 12u);
        QVERIFY(whole.json()["validation"]["mae"].is_number());

        const QString checkpoint = path("killed.hdf5.checkpoint");
        for (int kill = 0; kill < 3; ++kill) {
            QProcess process;
            prepare(process, arguments + QStringList{"--out", path("killed.hdf5")});
            process.start();
            QVERIFY(process.waitForStarted());
            const auto size = [&] { return QFileInfo(checkpoint).lastModified(); };
            const auto before = size();
            QTRY_VERIFY_WITH_TIMEOUT(size() != before || process.state() != QProcess::Running, 30'000);
            QTest::qWait(2 * kill);
            QVERIFY2(process.state() == QProcess::Running, "it ended before it could be killed");
            process.kill();
            process.waitForFinished();
        }
        QVERIFY(!QFileInfo::exists(path("killed.hdf5")));
        EXITS(runCli(arguments + QStringList{"--out", path("killed.hdf5")}), 0);
        QVERIFY(read("killed.hdf5") == read("whole.hdf5"));
        QVERIFY(!QFileInfo::exists(checkpoint));

        // a checkpoint of other options is not gone on with
        write("whole.hdf5.checkpoint", "");
        const Result foreign = runCli(arguments + QStringList{"--out", path("whole.hdf5")});
        EXITS(foreign, 1);
        QVERIFY2(foreign.err.count('\n') == 1 && foreign.err.contains("checkpoint"), foreign.err);
    }

    void aPretrainedClassifierIsWhereTrainingStarts()
    {
        const QStringList classes = {"--one", "> 0", "--model", "atomsets", "--neurons", "8", "--epochs", "5"};
        const QString classifier = path("classifier");
        const Result made = runCli(QStringList{"pretrain"} + pretrainingData() + classes +
                                   QStringList{"--parent", m_parent, "--out", classifier, "--json"});
        EXITS(made, 0);
        QCOMPARE(made.json()["classifier"].get<std::string>(), classifier.toStdString());

        const QString project = newProject();
        const QStringList validate = quickly({"validate", project, "--parent", m_parent, "--k", "2", "--json"});
        const Result random = runCli(validate), started = runCli(validate + QStringList{"--start", classifier});
        EXITS(random, 0);
        EXITS(started, 0);
        QVERIFY(random.json()["predictions"] != started.json()["predictions"]);
        EXITS(runCli(quickly({"train", project, "--parent", m_parent, "--members", "2", "--start", classifier})), 0);
        const std::string trained = readFile((project + "/models/ensemble/model.json").toStdString());
        QVERIFY(trained.find(sha256(readFile((classifier + "/model.json").toStdString()))) != std::string::npos);

        const Result other = runCli({"validate", project, "--parent", m_parent, "--k", "2", "--start", classifier});
        EXITS(other, 1); // with 64 neurons
        const Result stranger = runCli(
            quickly({"validate", project, "--k", "2", "--parent", data("networks/metal.hdf5"), "--start", classifier}));
        EXITS(stranger, 1);
        QVERIFY2(stranger.err.contains("was trained on features of parent"), stranger.err);
    }

    void duplicatesAreGroupedAndOneIsKept()
    {
        const std::string other = readFile(data("structures/LiF.cif").toStdString());
        std::filesystem::create_directories(path("shifted").toStdString());
        write("shifted/LiF-again.cif", other);
        write("sigma.csv", "id,sigma\nLiF,1e-9\nLiF-again,1e-6\nLiCl,1e-8\n");
        const QStringList inputs = {data("structures"), path("shifted")};
        const Result plain = runCli(QStringList{"duplicates"} + inputs + QStringList{"--json"});
        EXITS(plain, 0);
        const Json groups = plain.json()["groups"];
        QCOMPARE(groups.size(), 10u); // ten structures and a copy
        QVERIFY(std::ranges::find(groups, Json::array({"LiF", "LiF-again"})) != groups.end());
        const Json kept = plain.json()["kept"];
        QVERIFY(std::ranges::find(kept, Json("LiF")) != kept.end());

        const QStringList byValue = QStringList{"duplicates"} + inputs +
                                    QStringList{"--table", path("sigma.csv"), "--value", "sigma", "--json"};
        const Json paper = runCli(byValue).json()["kept"];
        QVERIFY(std::ranges::find(paper, Json("LiF-again")) != paper.end());
        const Json lower = runCli(byValue + QStringList{"--keep", "lower_median"}).json()["kept"];
        QVERIFY(std::ranges::find(lower, Json("LiF")) != lower.end());
        const Result table = runCli(QStringList{"duplicates"} + inputs);
        QVERIFY2(table.out.contains("11 structures, 10 different ones; 1 are duplicates"), table.out);
        EXITS(runCli({"duplicates", data("structures"), "--table", path("sigma.csv")}), 1);
    }

    void aNetworkOpenedOnceIsFoundByItsHash()
    {
        const QString project = newProject();
        EXITS(runCli(quickly({"train", project, "--parent", m_parent, "--members", "2"})), 0);
        const Result screened = runCli({"screen", data("more"), "--ensemble", project, "--json"});
        EXITS(screened, 0);
        QCOMPARE(screened.json()["candidates"].size(), 5u);
    }

    void printedOptionsFeedTheNextRun()
    {
        const Result printed =
            runCli({"validate", "p", "--preset", "paper", "--learningRate", "0.002", "--print-options"});
        EXITS(printed, 0);
        const Json json = printed.json();
        QCOMPARE(json["pooling"].get<std::string>(), std::string("set2set"));
        QCOMPARE(json["learningRate"].get<double>(), 0.002);
        for (const std::string &name : optionNames<TrainingOptions>())
            QVERIFY2(json.contains(name), name.c_str());
        write("options.json", printed.out.toStdString());
        QVERIFY(runCli({"validate", "p", "--options", path("options.json"), "--print-options"}).json() == json);
        const Json other =
            runCli({"train", "p", "--options", path("options.json"), "--epochs", "7", "--print-options"}).json();
        QCOMPARE(other["epochs"].get<int>(), 7); // the command line wins
        QCOMPARE(other["learningRate"].get<double>(), 0.002);
    }

    void wrongOptionFilesAreNamed()
    {
        write("typo.json", R"({"epochz": 7})");
        QVERIFY(runCli({"validate", "p", "--options", path("typo.json")}).err.contains("\"epochz\""));
        write("broken.json", R"({"epochs": )");
        const Result broken = runCli({"validate", "p", "--options", path("broken.json")});
        EXITS(broken, 1);
        QVERIFY(broken.err.contains("no JSON"));
        EXITS(runCli({"validate", "p", "--options", path("nowhere.json")}), 1);
        const Result range = runCli({"validate", "p", "--epochs", "0"});
        EXITS(range, 1);
        QVERIFY2(range.err.contains("epochs"), range.err);
    }

    void aFullDiskLeavesOldFilesWhole_data()
    {
        QTest::addColumn<QString>("verb");
        QTest::newRow("a table") << "structure";
        QTest::newRow("a project") << "import";
        QTest::newRow("a report") << "run";
        QTest::newRow("an archive") << "featurize";
    }
    void aFullDiskLeavesOldFilesWhole()
    {
        QFETCH(QString, verb);
        const QString project = newProject(), report = project + "-report";
        QStringList arguments;
        std::filesystem::path old;
        if (verb == "structure") {
            old = path("old.json").toStdString();
            writeFile(old, "old");
            arguments = {"structure", data("structures"), "--out", path("old.json")};
        } else if (verb == "import") {
            old = project.toStdString();
            std::string rows = "id,formula,sigma_S_cm\n";
            for (int i = 0; i < 200; ++i)
                rows += "n" + std::to_string(i) + ",LiF,1e-9\n";
            write("more.csv", rows);
            arguments = {"import", path("more.csv"), "--format", "csv", "--into", project};
        } else if (verb == "run") {
            EXITS(runCli(quickly(
                      {"run", project, "--parent", m_parent, "--k", "2", "--members", "1", "--report", report})),
                  0);
            old = report.toStdString();
            arguments = quickly({"run", project, "--parent", m_parent, "--k", "2", "--members", "1", "--seed", "2",
                                 "--report", report});
        } else {
            old = path("old.npz").toStdString();
            writeFile(old, "old");
            arguments = {"featurize", data("structures"), "--parent", m_parent, "--out", path("old.npz")};
        }
        const auto content = [&] {
            return std::filesystem::is_directory(old) ? folderContent(old)
                                                      : std::map<std::string, std::string>{{"", readFile(old)}};
        };
        const auto before = content();
        const auto neighbours = std::distance(std::filesystem::directory_iterator(m_dir.path().toStdString()), {});
        const Result r = runCli(arguments, 2000);
        EXITS(r, 1);
        QVERIFY2(r.err.startsWith("error: ") && r.err.count('\n') == 1, r.err);
        QVERIFY(content() == before);
        QCOMPARE(std::distance(std::filesystem::directory_iterator(m_dir.path().toStdString()), {}), neighbours);
    }

    void aFullDiskBehindStandardOutputIsAnError()
    {
        QProcess process;
        prepare(process, {"structure", data("structures/LiF.cif")});
        process.setStandardOutputFile("/dev/full");
        process.start();
        QVERIFY(process.waitForFinished());
        QCOMPARE(process.exitCode(), 1);
        QVERIFY(process.readAllStandardError().contains("standard output"));
    }

    void interruptingIsStatus130AndLeavesNoHalfFile_data()
    {
        QTest::addColumn<QString>("verb");
        QTest::newRow("validate") << "validate";
        QTest::newRow("train") << "train";
        QTest::newRow("run") << "run";
    }
    void interruptingIsStatus130AndLeavesNoHalfFile()
    {
        QFETCH(QString, verb);
        const QString project = newProject(), out = path("out-" + verb);
        const auto before = folderContent(project.toStdString());
        QStringList arguments = {verb, project, "--parent", m_parent, "--epochs", "1000000", "--progress"};
        if (verb != "train")
            arguments += {"--k", "2"};
        arguments += verb == "run" ? QStringList{"--report", out} : QStringList{"--out", out};
        QProcess process;
        prepare(process, arguments);
        process.start();
        process.setReadChannel(QProcess::StandardError);
        QByteArray err;
        while (!err.contains("Training") && process.waitForReadyRead(30'000))
            err += process.readAllStandardError();
        QVERIFY2(process.state() == QProcess::Running, err);
        ::kill(pid_t(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(30'000));
        QCOMPARE(process.exitCode(), 130);
        QVERIFY(!std::filesystem::exists(out.toStdString()));
        QVERIFY(folderContent(project.toStdString()) == before);
    }

    void progressIsSilentUnlessAskedFor()
    {
        QVERIFY(runCli({"structure", data("structures")}).err.isEmpty());
        QVERIFY(runCli({"structure", data("structures"), "--progress"}).err.contains(" %  "));
        QVERIFY(runCli({"structure", data("structures"), "--progress", "--quiet"}).err.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestCli)
#include "tst_cli.moc"
