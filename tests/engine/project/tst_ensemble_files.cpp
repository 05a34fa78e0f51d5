// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/project/ensemble_files.h"

#include "engine/project/archive.h"
#include "engine/project/project.h"
#include "tests/support/shared.h"

#include <QTemporaryDir>

#include <limits>

using namespace engine;

namespace {
Ensemble example()
{
    Ensemble ensemble;
    ensemble.parentName = "parent.hdf5";
    ensemble.parentSha256 = std::string(64, 'a');
    ensemble.startName = "metal";
    ensemble.startSha256 = std::string(64, 'b');
    ensemble.features = {.simplification = Simplification::CAN, .layer = 2};
    ensemble.training.epochs = 3;
    ensemble.seed = 0xffffffffffffffff;
    for (int member = 0; member < 2; ++member)
        ensemble.members.push_back(
            {{"dense_1/kernel", Matrix::Constant(2, 3, 0.1 + member)},
             {"dense/1:kernel", Matrix::Constant(1, 3, -std::numeric_limits<double>::denorm_min())},
             {"β", Matrix::Constant(1, 1, 1e300)}});
    ensemble.trainingIds = {"019", "1e5"};
    ensemble.trainingFormulas = {"LiF", "β-Li3N"};
    ensemble.trainingMeans = Matrix::Identity(2, 4);
    return ensemble;
}
}

class TestEnsembleFiles : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::filesystem::path at(const std::string &name) const
    {
        return std::filesystem::path(m_folder.path().toStdString()) / name;
    }

private Q_SLOTS:
    void itsHashTellsItFromOthers()
    {
        Ensemble other = example();
        QCOMPARE(ensembleSha256(other), ensembleSha256(example()));
        other.members[1][0].array(0, 0) += 1e-15;
        QVERIFY(ensembleSha256(other) != ensembleSha256(example()));
    }

    void filesAndBackIsIdentity()
    {
        const auto ensemble = example();
        const auto back = ensembleFromFiles(ensembleToFiles(ensemble), "e");
        QCOMPARE(ensembleToFiles(back), ensembleToFiles(ensemble));
        QCOMPARE(back.members, ensemble.members);
        QCOMPARE(back.seed, ensemble.seed);
        QCOMPARE(back.features, ensemble.features);
        QCOMPARE(back.training, ensemble.training);
        QCOMPARE(back.trainingIds, ensemble.trainingIds);
        QCOMPARE(back.trainingFormulas, ensemble.trainingFormulas);
        QVERIFY(back.trainingMeans == ensemble.trainingMeans);
        QCOMPARE(back.parentSha256, ensemble.parentSha256);
        QCOMPARE(back.startName, ensemble.startName);
        QCOMPARE(back.startSha256, ensemble.startSha256);
        QCOMPARE(ensembleToFiles(ensembleFromFiles(ensembleToFiles({}), "e")), ensembleToFiles({}));
    }

    void standsAloneAsFolderOrZip()
    {
        for (const char *name : {"folder", "archive.zip"}) {
            saveEnsemble(example(), at(name));
            QCOMPARE(ensembleToFiles(openEnsemble(at(name))), ensembleToFiles(example()));
        }
    }

    void isFoundInItsProject()
    {
        Project project;
        project.title = "t";
        THROWS_ERROR((saveProject(project, at("p")), openEnsemble(at("p"))), "is a project without an ensemble");
        project.ensembles["one"] = example();
        saveProject(project, at("p"));
        QCOMPARE(ensembleToFiles(openEnsemble(at("p"))), ensembleToFiles(example()));
        QCOMPARE(ensembleToFiles(openEnsemble(at("p/models/one"))), ensembleToFiles(example()));
        project.ensembles["two"] = example();
        saveProject(project, at("p"));
        THROWS_ERROR(openEnsemble(at("p")), "several ensembles (one, two)");
        THROWS_ERROR(openEnsemble(at("p/structures")), "does not exist");
    }

    void damageIsNamed()
    {
        const auto good = ensembleToFiles(example());
        for (const auto &[name, bytes] : good) {
            if (name == "model.json")
                continue;
            auto files = good;
            files[name].back() = char(files[name].back() ^ 1);
            THROWS_ERROR(ensembleFromFiles(files, "e"), "was changed or damaged");
            files.erase(name);
            THROWS_ERROR(ensembleFromFiles(files, "e"), "is missing");
        }
        THROWS_ERROR(ensembleFromFiles({}, "e"), "e: has no model.json");
    }

    void aWrongManifestIsNamed()
    {
        const auto with = [](const std::function<void(nlohmann::json &)> &change) {
            auto files = ensembleToFiles(example());
            auto json = nlohmann::json::parse(files["model.json"]);
            change(json);
            files["model.json"] = json.dump();
            ensembleFromFiles(files, "e");
        };
        with([](auto &) {});
        THROWS_ERROR(with([](auto &j) { j.erase("seed"); }), "e/model.json: is damaged: key 'seed' not found");
        THROWS_ERROR(with([](auto &j) { j["members"][0][0]["file"] = "../../x.npy"; }), "e/../../x.npy: is missing");
        THROWS_ERROR(with([](auto &j) { j["training"]["epochs"] = "x"; }), "epochs takes a whole number");
        THROWS_ERROR(with([](auto &j) { j["training"]["fancy"] = 1; }), "no option \"fancy\"");
        THROWS_ERROR(with([](auto &j) { j["trainingSet"].erase(0); }), "has 2 rows for 1 training structures");
        THROWS_ERROR(with([](auto &j) { j["formatVersion"] = 2; }),
                     "made by a newer Superion (format 2, this program reads up to 1); update to open it");
        THROWS_ERROR(with([](auto &j) { j["files"] = 1; }), "e/model.json: is damaged");
    }
};

QTEST_APPLESS_MAIN(TestEnsembleFiles)
#include "tst_ensemble_files.moc"
