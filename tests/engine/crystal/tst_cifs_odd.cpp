// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/text.h"
#include "engine/crystal/composition.h"
#include "engine/crystal/read.h"
#include "engine/project/archive.h"

#include "tests/support/shared.h"
#include "tests/support/structure_flaws.h"

#include <QElapsedTimer>

#include <map>

using namespace engine;

namespace {

/// "H8 C8 O8 / H16 C24 O8", or "! " and the reasons.
std::string outcomeOf(const ReadResult &result)
{
    std::vector<std::string> formulas, reasons;
    for (const Structure &structure : result.structures)
        formulas.push_back(formula(compositionOf(structure)));
    for (const Reject &reject : result.rejects)
        reasons.push_back(reject.reason);
    return joined(formulas, " / ") + (reasons.empty() ? "" : "! " + joined(reasons, " / "));
}

/// These concern the whole file; every other reason has a line.
bool concernsTheWholeFile(const std::string &reason)
{
    for (const char *kind : {"an empty file", "no crystal structure", "a macromolecular file", "a chemical component",
                             "reflection data without atoms"})
        if (reason.starts_with(kind))
            return true;
    return false;
}

}

class TestCifsOdd : public QObject {
    Q_OBJECT

    struct Read {
        ReadResult result;
        long lines = 0;
        qint64 time_ms = 0;
    };
    std::map<std::string, Read> m_files; // by name

private Q_SLOTS:
    void initTestCase()
    {
        NEEDS_SHARED("data/cifs_odd");
        visitFiles(
            sharedPath("data/cifs_odd"),
            [&](const File &file) {
                QElapsedTimer timer;
                timer.start();
                Read read{readStructures(file)};
                read.time_ms = timer.elapsed();
                const auto returns = std::ranges::count(file.bytes, '\r'), feeds = std::ranges::count(file.bytes, '\n');
                read.lines = 1 + std::max(returns, feeds);
                m_files[file.name.substr(file.name.find('/') + 1)] = std::move(read);
            },
            {}, looksLikeStructure);
        QCOMPARE(int(m_files.size()), 314);
    }

    void everyFileIsReadOrRefusedAsTheTableSays_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("expected");
        const std::string table = readFile(SUPERION_TEST_DATA "/crystal/cifs_odd.tsv");
        for (const std::string_view line : split(trimmed(table), '\n')) {
            const auto cells = split(line, '\t');
            const auto name = QString::fromStdString(std::string(cells.at(0)));
            QTest::newRow(qPrintable(name)) << name << QString::fromStdString(std::string(cells.at(1)));
        }
    }
    void everyFileIsReadOrRefusedAsTheTableSays()
    {
        QFETCH(QString, name);
        QFETCH(QString, expected);
        QVERIFY(m_files.contains(name.toStdString()));
        const Read &read = m_files.at(name.toStdString());
        const auto outcome = QString::fromStdString(outcomeOf(read.result));
        if (expected.startsWith('!'))
            QVERIFY2(outcome.startsWith(expected), qPrintable(outcome));
        else
            QCOMPARE(outcome, expected);
        QVERIFY2(read.time_ms < 5000, qPrintable(QString::number(read.time_ms) + " ms"));
    }

    void theTableNamesEveryFileOnce()
    {
        const std::string table = readFile(SUPERION_TEST_DATA "/crystal/cifs_odd.tsv");
        std::map<std::string, int> rows;
        for (const std::string_view line : split(trimmed(table), '\n'))
            ++rows[std::string(split(line, '\t').at(0))];
        QCOMPARE(rows.size(), m_files.size());
    }

    void everyRefusalNamesItsFileAndLine()
    {
        for (const auto &[name, read] : m_files)
            for (const Reject &reject : read.result.rejects) {
                QVERIFY2(reject.name.find(name) != std::string::npos, (name + " | " + reject.name).c_str());
                if (concernsTheWholeFile(reject.reason))
                    continue;
                const std::string message = name + " | " + reject.reason;
                QVERIFY2(reject.reason.starts_with("line "), message.c_str());
                const auto line = parseInteger(reject.reason.substr(5, reject.reason.find(':') - 5));
                QVERIFY2(line && *line >= 1 && *line <= read.lines, message.c_str());
            }
    }

    void everyStructureIsSound()
    {
        for (const auto &[name, read] : m_files)
            for (const Structure &structure : read.result.structures) {
                const std::string flaw = flawOf(structure);
                QVERIFY2(flaw.empty(), (name + " | " + flaw).c_str());
            }
    }
};

QTEST_GUILESS_MAIN(TestCifsOdd)
#include "tst_cifs_odd.moc"
