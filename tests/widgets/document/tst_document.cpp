// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/document/document.h"

#include "tests/support/random_edits.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <limits>

using namespace widgets;

namespace {
void begin(Document &document, engine::Project project)
{
    auto state = stateOf(project);
    document.adopt(std::make_shared<const engine::Project>(std::move(project)), {}, std::move(state));
}

engine::Entry entryOf(const Document &document, const std::string &id)
{
    const auto *entry = document.snapshot()->database.find(id);
    return entry ? *entry : engine::Entry();
}

void setSigma(Document &document, const std::string &id, double sigma_S_cm)
{
    auto entry = entryOf(document, id);
    entry.measurement.sigma_S_cm = sigma_S_cm;
    document.editEntry(id, entry);
}

void setNote(Document &document, const std::string &id, const std::string &note)
{
    auto entry = entryOf(document, id);
    entry.note = note;
    document.editEntry(id, entry);
}
}

class TestDocument : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString at(const char *name) const { return m_folder.filePath(QString::fromUtf8(name)); }

private Q_SLOTS:
    void initTestCase() { qputenv("XDG_DATA_HOME", m_folder.path().toUtf8()); }

    void undoingAllGivesTheBeginningAndRedoingAllTheEnd()
    {
        for (std::uint64_t seed = 1; seed <= 25; ++seed) {
            engine::Rng rng(seed);
            Document document;
            begin(document, smallProject());
            std::vector<engine::Files> states{dataOf(*document.snapshot())}; // by the index of the undo stack
            for (int step = 0; step < 60; ++step) {
                const auto what = rng.below(6);
                const auto before = std::size_t(document.undoStack()->index());
                if (what == 0)
                    document.undoStack()->undo();
                else if (what == 1)
                    document.undoStack()->redo();
                else
                    randomEdit(document, rng);
                const auto index = std::size_t(document.undoStack()->index());
                if (what > 1 && index > before)
                    states.resize(index + 1); // what was undone is gone
                if (what > 1)
                    states[index] = dataOf(*document.snapshot()); // new, merged into the last, or no change at all
                QCOMPARE(dataOf(*document.snapshot()), states[index]);
            }
            const int count = document.undoStack()->count();
            document.undoStack()->setIndex(count);
            const auto end = dataOf(*document.snapshot());
            for (int index = count; index >= 0; --index) {
                document.undoStack()->setIndex(index);
                QCOMPARE(dataOf(*document.snapshot()), states[std::size_t(index)]);
            }
            QCOMPARE(dataOf(*document.snapshot()), dataOf(smallProject()));
            document.undoStack()->setIndex(count);
            QCOMPARE(dataOf(*document.snapshot()), end);
        }
    }

    void theAuditLogOnlyGrowsAndTellsBothValues()
    {
        Document document;
        begin(document, smallProject());
        setSigma(document, "a", 2e-3);
        document.undoStack()->undo();
        const auto &audit = document.snapshot()->audit;
        QCOMPARE(audit.size(), std::size_t(3));
        QCOMPARE(audit[0], smallProject().audit[0]);
        QCOMPARE(audit[1].entry, std::string("a"));
        QCOMPARE(audit[1].what, std::string("edited sigma_S_cm: 0.001 → 0.002"));
        QCOMPARE(audit[2].what, std::string("undone: edited sigma_S_cm: 0.001 → 0.002"));
    }

    void nudgesOfOneFieldAreOneCommand()
    {
        Document document;
        begin(document, smallProject());
        for (const double sigma_S_cm : {1.1e-3, 1.2e-3, 1.3e-3})
            setSigma(document, "a", sigma_S_cm);
        QCOMPARE(document.undoStack()->count(), 1);
        QCOMPARE(document.snapshot()->audit.size(), std::size_t(2));
        QCOMPARE(document.snapshot()->audit.back().what, std::string("edited sigma_S_cm: 0.001 → 0.0013"));
        setSigma(document, "b", 1.3e-3); // another entry
        setNote(document, "b", "x");     // another field
        setNote(document, "b", "xy");
        QCOMPARE(document.undoStack()->count(), 3);
        document.undoStack()->undo();
        QCOMPARE(entryOf(document, "b").note, std::string());
        document.undoStack()->redo();
        setNote(document, "b", "xyz"); // what was undone and done again is closed
        QCOMPARE(document.undoStack()->count(), 4);
        document.undoStack()->setIndex(0);
        QCOMPARE(dataOf(*document.snapshot()), dataOf(smallProject()));
    }

    void aNudgeThereAndBackIsNothing()
    {
        Document document;
        begin(document, smallProject());
        setSigma(document, "a", 2e-3);
        QVERIFY(document.isModified());
        setSigma(document, "a", 1e-3);
        QCOMPARE(document.undoStack()->count(), 0);
        QVERIFY(!document.isModified());
        QCOMPARE(document.snapshot()->audit, smallProject().audit);
        document.setTitle("Small"); // nor is setting what is set
        document.removeEntries({});
        QCOMPARE(document.undoStack()->count(), 0);
    }

    void aSnapshotStaysAsItWas()
    {
        Document document;
        begin(document, smallProject());
        const auto snapshot = document.snapshot();
        const auto files = engine::projectToFiles(*snapshot);
        engine::Rng rng(7);
        for (int i = 0; i < 50; ++i)
            randomEdit(document, rng);
        document.undoStack()->setIndex(0);
        QCOMPARE(engine::projectToFiles(*snapshot), files);
        QVERIFY(document.snapshot() != snapshot);
    }

    void aStructureGoesAndComesWithItsLastEntry()
    {
        Document document;
        begin(document, smallProject());
        document.removeEntries({"a"});
        QVERIFY(document.snapshot()->structures.contains("shared.cif"));
        document.removeEntries({"b"});
        QVERIFY(document.snapshot()->structures.empty());
        document.undoStack()->undo();
        QCOMPARE(document.snapshot()->structures.at("shared.cif"), std::string("data_shared\n"));
    }

    void errorsComeBeforeAnythingHasChanged_data()
    {
        QTest::addColumn<std::function<void(Document &)>>("act");
        QTest::addColumn<QString>("message");
        const auto row = [](const char *name, std::function<void(Document &)> act, const char *message) {
            QTest::newRow(name) << std::move(act) << QString::fromUtf8(message);
        };
        row(
            "no such conductivity", [](Document &d) { setSigma(d, "a", 1000); }, "minus sign");
        row(
            "an id that is taken",
            [](Document &d) {
                d.addEntries({simpleEntry("x"), simpleEntry("a")}, {}, "");
            },
            "of that id");
        row(
            "an id twice",
            [](Document &d) {
                d.addEntries({simpleEntry("x"), simpleEntry("x")}, {}, "");
            },
            "of that id");
        row(
            "a new id that is taken", [](Document &d) { d.editEntry("a", simpleEntry("b")); }, "of that id");
        row(
            "no such entry", [](Document &d) { d.editEntry("x", simpleEntry("x")); }, "no entry x");
        row(
            "removing none",
            [](Document &d) {
                d.removeEntries({"a", "x"});
            },
            "no entry x");
        row(
            "a missing structure", [](Document &d) { d.addEntries({simpleEntry("x", 1, "x.cif")}, {}, ""); }, "x.cif");
        row(
            "another structure of that name",
            [](Document &d) {
                d.addEntries({simpleEntry("x", 1, "shared.cif")}, {{"shared.cif", "other"}}, "");
            },
            "shared.cif");
        row(
            "an energy that is no number",
            [](Document &d) {
                auto entry = entryOf(d, "a");
                entry.measurement.ea_eV = std::numeric_limits<double>::quiet_NaN();
                d.editEntry("a", entry);
            },
            "no number");
        row(
            "an ensemble in a folder", [](Document &d) { d.setEnsemble("a/b", smallEnsemble(1)); }, "a/b");
        row(
            "no ensemble", [](Document &d) { d.removeEnsemble("x"); }, "no ensemble x");
        row(
            "a threshold of 0", [](Document &d) { d.setThreshold(0); }, "above 0");
        row(
            "a title that is no text", [](Document &d) { d.setTitle("\xff"); }, "UTF-8");
        row(
            "saving without a place", [](Document &d) { d.save(); }, "no place");
    }
    void errorsComeBeforeAnythingHasChanged()
    {
        QFETCH(std::function<void(Document &)>, act);
        QFETCH(QString, message);
        Document document;
        begin(document, smallProject());
        const auto snapshot = document.snapshot();
        try {
            act(document);
            QFAIL("nothing was thrown");
        } catch (const engine::Error &error) {
            QVERIFY2(QString::fromUtf8(error.what()).contains(message), error.what());
        }
        QCOMPARE(document.snapshot(), snapshot);
        QCOMPARE(document.undoStack()->count(), 0);
    }

    void whatChangedIsTold()
    {
        Document document;
        begin(document, smallProject());
        std::vector<Change> heard;
        connect(&document, &Document::changed, this, [&](const Change &change) { heard.push_back(change); });
        document.addEntries({simpleEntry("x", 1, "x.cif"), simpleEntry("y")}, {{"x.cif", "data"}}, "");
        auto entry = entryOf(document, "x");
        entry.id = "z";
        document.editEntry("x", entry);
        document.setPartition({"a", "z"}, engine::Partition::Test);
        document.setEnsemble("e", smallEnsemble(1));
        document.setThreshold(1e-3);
        document.undoStack()->setIndex(0);
        const std::vector<Change> expected{{.added = {"x", "y"}},
                                           {.added = {"z"}, .removed = {"x"}},
                                           {.changed = {"a", "z"}},
                                           {.ensembles = {"e"}},
                                           {.settings = true},
                                           {.settings = true},
                                           {.ensembles = {"e"}},
                                           {.changed = {"a", "z"}},
                                           {.added = {"x"}, .removed = {"z"}},
                                           {.removed = {"x", "y"}}};
        QVERIFY(heard == expected);
        begin(document, {});
        QVERIFY(heard.back() == Change{.everything = true});
    }

    void anImportIsOneCommandAndReturnsItsRejects()
    {
        Document document;
        begin(document, smallProject());
        engine::Import import;
        import.database.entries = {simpleEntry("a"), simpleEntry("i", 1e-4, "i.cif")};
        import.structures = {{ "i.cif", "data_i" }};
        import.rejects = {{ "t.csv:2", "no σ" }};
        const auto rejects = document.addImport(import, "t.csv");
        QCOMPARE(rejects.size(), std::size_t(2));
        QCOMPARE(rejects[1].name, std::string("a"));
        QCOMPARE(document.undoStack()->undoText(), QStringLiteral("Import"));
        QCOMPARE(document.snapshot()->structures.at("i.cif"), std::string("data_i"));
        QCOMPARE(document.snapshot()->audit.back().what, std::string("imported 1 entries"));
        document.undoStack()->undo();
        QCOMPARE(dataOf(*document.snapshot()), dataOf(smallProject()));
    }

    void modifiedFollowsTheSavedPoint()
    {
        Document document;
        begin(document, smallProject());
        QSignalSpy modified(&document, &Document::modifiedChanged);
        setSigma(document, "a", 2e-3);
        document.saveAs(at("m.superion"));
        QCOMPARE(document.path(), at("m.superion"));
        QVERIFY(!document.isModified());
        QVERIFY(document.undoStack()->isClean());
        document.undoStack()->undo();
        QVERIFY(document.isModified());
        document.undoStack()->redo();
        QVERIFY(!document.isModified());
        setSigma(document, "a", 3e-3); // is not merged into what was saved
        QCOMPARE(document.undoStack()->count(), 2);
        QVERIFY(document.isModified());
        QCOMPARE(modified.count(), 5);
    }

    void editsDuringASaveStayUnsaved()
    {
        Document document;
        begin(document, smallProject());
        setSigma(document, "a", 2e-3);
        auto saving = document.forSaving();
        setSigma(document, "a", 3e-3);
        saving.write(at("during.superion").toStdString());
        document.saved(saving, at("during.superion"));
        QVERIFY(document.isModified());
        QCOMPARE(engine::openProject(at("during.superion").toStdString()).database.find("a")->measurement.sigma_S_cm,
                 2e-3);
        document.undoStack()->undo();
        QVERIFY(!document.isModified());
        QCOMPARE(entryOf(document, "a").measurement.sigma_S_cm, 2e-3);
    }

    void twoSavesGiveTheSameBytes()
    {
        Document document;
        begin(document, smallProject());
        engine::Rng rng(3);
        for (int i = 0; i < 30; ++i)
            randomEdit(document, rng);
        document.saveAs(at("one.superion"));
        document.saveAs(at("two.superion"));
        QVERIFY(engine::readFile(at("one.superion").toStdString()) ==
                engine::readFile(at("two.superion").toStdString()));
        Document again;
        again.open(at("one.superion"));
        again.saveAs(at("three.superion"));
        QVERIFY(engine::readFile(at("one.superion").toStdString()) ==
                engine::readFile(at("three.superion").toStdString()));
    }
};

QTEST_GUILESS_MAIN(TestDocument)
#include "tst_document.moc"
