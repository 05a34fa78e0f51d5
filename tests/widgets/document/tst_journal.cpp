// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/document/document.h"

#include "tests/support/random_edits.h"

#include <QCoreApplication>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <algorithm>
#include <cstdio>

using namespace widgets;
namespace fs = std::filesystem;

namespace {
constexpr int scriptLength = 60;

/// A step of the scripted session. Some save, with edits while the save is under way.
void step(Document &document, engine::Rng &rng, int number, const QString &path, const std::function<void()> &moment)
{
    if (number % 9 == 8) {
        auto saving = document.forSaving();
        randomEdit(document, rng);
        document.flush();
        moment();
        saving.write(path.toStdString());
        moment();
        randomEdit(document, rng);
        document.flush();
        moment();
        document.saved(saving, path);
    } else if (number % 7 == 3) {
        document.undoStack()->undo();
    } else {
        randomEdit(document, rng);
    }
    moment();
}

/// The session in a program of its own, to be killed. It says "ready", and then the number of every moment that it has flushed.
int edit(const QString &path, std::uint64_t seed)
{
    Document document;
    document.open(path);
    std::puts("ready");
    std::fflush(stdout);
    engine::Rng rng(seed);
    int moments = 0;
    for (int number = 0; number < scriptLength; ++number)
        step(document, rng, number, path, [&] {
            ++moments;
            if (moments % 3 == 0)
                QCoreApplication::processEvents(); // the background write
            if (moments % 2 == 0)
                return;
            document.flush();
            std::printf("%d\n", moments);
            std::fflush(stdout);
        });
    QThread::sleep(60); // to be killed at the latest here
    return 0;
}

std::vector<fs::path> journalFiles()
{
    std::vector<fs::path> files;
    std::error_code code;
    for (const auto &entry : fs::directory_iterator(recoveryFolder(), code))
        files.push_back(entry.path());
    return files;
}
}

class TestJournal : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_path;

    engine::Project savedProject() const { return engine::openProject(m_path.toStdString()); }
    std::optional<Recovery> find() const
    {
        const auto project = savedProject();
        return findRecovery(m_path, project, stateOf(project));
    }
    /// What a session finds that begins after a crash and takes what there is.
    engine::Project recovered() const
    {
        auto project = savedProject();
        if (const auto recovery = findRecovery(m_path, project, stateOf(project))) {
            apply(project, recovery->parts);
            project.audit.insert(project.audit.end(), recovery->audit.begin(), recovery->audit.end());
        }
        return project;
    }
    /// Makes a document that leaves its journal as a crash would.
    static void crash(Document &document) { document.flush(); }

private Q_SLOTS:
    void init()
    {
        qputenv("XDG_DATA_HOME", m_folder.filePath(QStringLiteral("data")).toUtf8());
        fs::remove_all(recoveryFolder());
        m_path = m_folder.filePath(QStringLiteral("project.superion"));
        engine::saveProject(smallProject(), m_path.toStdString());
    }

    void aKilledProgramLosesNothingThatItAcknowledged()
    {
        int killedOnTheWay = 0, recoveries = 0;
        engine::Rng chance(2026);
        for (std::uint64_t run = 1; run <= 50; ++run) {
            init();
            // What the script makes, moment by moment. The copy has a path and a journal of its own.
            std::vector<engine::Files> states;
            {
                const auto copy = m_folder.filePath(QStringLiteral("copy.superion"));
                engine::saveProject(smallProject(), copy.toStdString());
                Document document;
                document.open(copy);
                const auto note = [&] { states.push_back(dataOf(*document.snapshot())); };
                note();
                engine::Rng rng(run);
                for (int number = 0; number < scriptLength; ++number)
                    step(document, rng, number, copy, note);
                document.discardChanges();
            }

            QProcess program;
            program.start(QCoreApplication::applicationFilePath(),
                          {QStringLiteral("--edit"), m_path, QString::number(run)});
            QVERIFY(program.waitForStarted());
            QByteArray said;
            while (!said.startsWith("ready\n")) {
                QVERIFY(program.waitForReadyRead());
                said += program.readAllStandardOutput();
            }
            const auto patience =
                std::ptrdiff_t(1 + chance.below(35)); // lines, so that a slow machine is killed on the way too
            while (said.count('\n') < patience && program.waitForReadyRead())
                said += program.readAllStandardOutput();
            QThread::usleep(unsigned(chance.below(3000)));
            program.kill();
            program.waitForFinished();
            said += program.readAllStandardOutput();
            QCOMPARE(program.exitStatus(), QProcess::CrashExit);
            const auto lines = said.left(said.lastIndexOf('\n')).split('\n');
            const int acknowledged = lines.last() == "ready" ? 0 : lines.last().toInt();
            killedOnTheWay += acknowledged > 0 && acknowledged + 1 < int(states.size()) - 1;

            recoveries += find().has_value();
            const auto data = dataOf(recovered());
            const auto at = std::find(states.begin() + acknowledged, states.end(), data);
            QVERIFY2(at != states.end(),
                     qPrintable(QStringLiteral("run %1, %2 acknowledged").arg(run).arg(acknowledged)));
            QVERIFY(!find() || !find()->isDamaged);
        }
        qInfo("killed on the way: %d of 50, with something to recover: %d", killedOnTheWay, recoveries);
        QVERIFY(killedOnTheWay >= 10);
        QVERIFY(recoveries >= 10);
    }

    void whatACrashLeftIsOneCommand()
    {
        engine::Project end;
        {
            Document document;
            document.open(m_path);
            engine::Rng rng(5);
            for (int i = 0; i < 20; ++i)
                randomEdit(document, rng);
            crash(document);
            end = *document.snapshot();
        }
        const auto recovery = find();
        QVERIFY(recovery && !recovery->isOfAnotherState && !recovery->isDamaged);
        QVERIFY(recovery->edits > 10);
        QVERIFY(std::abs(recovery->last.secsTo(QDateTime::currentDateTimeUtc())) < 60);
        {
            Document document;
            document.open(m_path);
            document.recover(*recovery);
            QVERIFY(engine::projectToFiles(*document.snapshot()) == engine::projectToFiles(end)); // and the audit log
            QVERIFY(document.isModified());
            document.undoStack()->undo();
            QCOMPARE(dataOf(*document.snapshot()), dataOf(smallProject()));
            document.undoStack()->redo();
        }
        QCOMPARE(dataOf(recovered()), dataOf(end)); // the next crash costs nothing either
        QCOMPARE(journalFiles().size(), std::size_t(1));
    }

    void theDifferencesCanBeListed()
    {
        {
            Document document;
            document.open(m_path);
            document.addEntries({simpleEntry("x")}, {}, "");
            document.removeEntries({"b"});
            document.setStatus({"c"}, engine::Status::Verified);
            document.addEntries({simpleEntry("y")}, {}, "");
            document.removeEntries({"y"});
            crash(document);
        }
        const auto change = changeBy(savedProject(), find()->parts);
        QVERIFY(change == (Change{.added = {"x"}, .changed = {"c"}, .removed = {"b"}}));
        discard(*find());
        QVERIFY(!find());
        QVERIFY(journalFiles().empty());
    }

    void anUndoneCommandLeavesNothingToRecover()
    {
        {
            Document document;
            document.open(m_path);
            document.removeEntries({"b"});
            document.flush();
            document.undoStack()->undo();
            document.flush();
            QVERIFY(!journalFiles().empty());
            QVERIFY(!find());
        }
        QVERIFY(journalFiles().empty());
    }

    void aSaveEndsTheJournal()
    {
        Document document;
        document.open(m_path);
        document.setTitle("Other");
        document.flush();
        QCOMPARE(journalFiles().size(), std::size_t(1));
        document.save();
        QVERIFY(journalFiles().empty());
        document.setTitle("Third");
        document.flush();
        const auto elsewhere = m_folder.filePath(QStringLiteral("elsewhere"));
        document.saveAs(elsewhere);
        QVERIFY(journalFiles().empty());
        document.setTitle("Fourth");
        document.discardChanges();
        QVERIFY(journalFiles().empty());
    }

    void theEndOfTheTurnWritesByItself()
    {
        Document document;
        document.open(m_path);
        QSignalSpy written(&document, &Document::journalWritten);
        for (const char *title : {"1", "2", "3"})
            document.setTitle(title);
        QVERIFY(journalFiles().empty());
        QVERIFY(written.wait());
        QCOMPARE(written.count(), 1);
        Document().open(m_path);
        QCOMPARE(journalFiles().size(), std::size_t(1));
    }

    void aTornOrDamagedJournalGivesWhatComesBefore()
    {
        std::vector<engine::Files> states;
        {
            Document document;
            document.open(m_path);
            engine::Rng rng(11);
            for (int i = 0; i < 25; ++i) {
                states.push_back(dataOf(*document.snapshot()));
                randomEdit(document, rng);
            }
            document.flush();
            states.push_back(dataOf(*document.snapshot()));
        }
        const auto file = find()->file;
        const auto bytes = engine::readFile(file);
        engine::Rng rng(12);
        const auto indexOf = [&](const engine::Files &data) {
            return std::find(states.begin(), states.end(), data) - states.begin();
        };
        std::ptrdiff_t last = 0;
        const std::size_t step = 1 + bytes.size() / 150;
        for (std::size_t length = 0; length < bytes.size(); length += step) {
            engine::writeFile(file, std::string_view(bytes).substr(0, length));
            const auto index = indexOf(dataOf(recovered()));
            QVERIFY(index < std::ssize(states));
            QVERIFY(index >= last);
            QVERIFY(!find() || !find()->isDamaged);
            last = index;
        }
        QVERIFY(last >= 20);
        int damaged = 0;
        for (int i = 0; i < 150; ++i) {
            auto wrong = bytes;
            wrong[rng.below(wrong.size())] ^= char(1 << rng.below(8));
            engine::writeFile(file, wrong);
            QVERIFY(indexOf(dataOf(recovered())) < std::ssize(states) - 1);
            damaged += find() && find()->isDamaged;
        }
        QVERIFY(damaged > 100); // not all: a wrong length can look torn, a wrong beginning like no journal of ours
    }

    void aJournalOfAnotherStateIsKeptAsideAndNotApplied()
    {
        {
            Document document;
            document.open(m_path);
            document.setTitle("Lost");
            crash(document);
        }
        auto project = savedProject();
        project.title = "Changed elsewhere";
        engine::saveProject(project, m_path.toStdString());
        const auto recovery = find();
        QVERIFY(recovery && recovery->isOfAnotherState);
        QVERIFY(recovery->parts.isEmpty());
        QCOMPARE(recovery->edits, 1);
        Document document;
        document.open(m_path);
        QVERIFY_EXCEPTION_THROWN(document.recover(*recovery), engine::Error);
        document.setTitle("Next");
        document.flush();
        const auto files = journalFiles();
        QCOMPARE(files.size(), std::size_t(2));
        QVERIFY(std::ranges::any_of(files, [](const auto &file) { return file.extension() == ".aside"; }));
    }

    void twoProgramsDoNotShareAJournal()
    {
        {
            Document first, second;
            first.open(m_path);
            second.open(m_path);
            first.setTitle("First");
            first.flush();
            QVERIFY(!find()); // it is in use
            second.setTitle("Second");
            second.flush();
            QCOMPARE(journalFiles().size(), std::size_t(2));
        }
        Document document;
        for (const char *title : {"First", "Second"}) {
            document.open(m_path);
            const auto recovery = find();
            QVERIFY(recovery);
            document.recover(*recovery);
            QCOMPARE(document.snapshot()->title, std::string(title));
            document.discardChanges();
            if (fs::exists(recovery->file))
                discard(*recovery);
        }
        QVERIFY(!find());
    }

    void aProjectThatWasNeverSavedIsRecoveredToo()
    {
        {
            Document document;
            document.addEntries({simpleEntry("x")}, {}, "");
            crash(document);
        }
        const engine::Project nothing;
        const auto recovery = findRecovery({}, nothing, stateOf(nothing));
        QVERIFY(recovery);
        Document document;
        document.recover(*recovery);
        QVERIFY(document.snapshot()->database.find("x"));
        document.saveAs(m_path);
        QVERIFY(!findRecovery({}, nothing, stateOf(nothing)));
    }

    void aJournalThatCannotBeWrittenIsToldAndTriedAgain()
    {
        fs::create_directories(recoveryFolder().parent_path());
        engine::writeFile(recoveryFolder(), "in the way");
        Document document;
        document.open(m_path);
        QSignalSpy failed(&document, &Document::journalFailed);
        document.setTitle("Kept");
        QVERIFY(failed.wait());
        QVERIFY(failed.first().first().toString().contains(QStringLiteral("recovery")));
        QVERIFY_EXCEPTION_THROWN(document.flush(), engine::Error);
        fs::remove(recoveryFolder());
        document.setThreshold(1e-3);
        document.flush();
        document.adopt(document.snapshot(), {}, {}); // lets go of the journal
        const auto recovery = find();
        QVERIFY(recovery);
        QCOMPARE(recovery->edits, 2);
        QCOMPARE(recovery->parts.title, std::optional(std::string("Kept")));
        QCOMPARE(recovery->parts.threshold_S_cm, std::optional(1e-3));
    }

    void theProjectIsSavedWhereNoJournalCanBe()
    {
        fs::create_directories(recoveryFolder().parent_path());
        engine::writeFile(recoveryFolder(), "in the way");
        Document document;
        document.open(m_path);
        document.setTitle("Kept");
        document.save();
        QVERIFY(!document.isModified());
        QCOMPARE(savedProject().title, std::string("Kept"));
    }

    void aCrashBetweenSavingAndItsEndRepeatsNothingAndLosesNothing()
    {
        {
            Document document;
            document.open(m_path);
            document.setTitle("Saved");
            document.setThreshold(1e-3);
            auto saving = document.forSaving();
            document.removeEntries({"a"});
            document.flush();
            saving.write(m_path.toStdString());
            document.removeEntries({"b"});
            document.flush();
        }
        QCOMPARE(savedProject().title, std::string("Saved"));
        const auto recovery = find();
        QVERIFY(recovery && !recovery->isOfAnotherState);
        QCOMPARE(recovery->edits, 2);
        QVERIFY(changeBy(savedProject(), recovery->parts) == (Change{.removed = {"a", "b"}}));
        QCOMPARE(recovery->audit.size(), std::size_t(2));
    }
};

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    const auto arguments = application.arguments();
    if (arguments.size() == 4 && arguments[1] == QLatin1String("--edit"))
        return edit(arguments[2], arguments[3].toULongLong());
    TestJournal test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_journal.moc"
