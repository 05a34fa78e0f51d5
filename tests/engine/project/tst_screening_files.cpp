// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/project/screening_files.h"

#include "tests/support/shared.h"

using namespace engine;

namespace {

Screening sample()
{
    Screening s;
    s.candidates.push_back({.id = "a,\"b\"",
                            .formula = "Li10Ge(PS6)2",
                            .prediction = {0.1 + 0.2, 1e-17},
                            .bandGap_eV = 2.5,
                            .bandGapSource = "database",
                            .dTraining = 1.0 / 3.0,
                            .nearestTrainingId = "9s4",
                            .isNovel = true});
    s.candidates.push_back(
        {.id = "b", .formula = "NaCl", .isIntermetallic = true, .isOrdered = false, .hasLithium = false});
    s.rejects.push_back({"c", "no atoms"});
    return s;
}

}

class TestScreeningFiles : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsWrittenAsJsonReadsBackToTheLastDigit()
    {
        const Screening back = readScreening(screeningJson(sample()), "s.json");
        QCOMPARE(back.candidates, sample().candidates);
        QCOMPARE(back.rejects, sample().rejects);
    }

    void whatIsWrittenAsCsvReadsBackToTheLastDigit()
    {
        QCOMPARE(readScreening(writeCsv(candidatesTable(sample().candidates)), "s.csv").candidates,
                 sample().candidates);
    }

    void theJsonHasTheNamesThatScriptsDependOn()
    {
        const auto json = nlohmann::json::parse(screeningJson(sample()));
        for (const char *key : {"id", "formula", "p", "sd", "bandGap_eV", "bandGapSource", "dTraining",
                                "nearestTrainingId", "isNovel", "isIntermetallic", "isOrdered"})
            QVERIFY2(json["candidates"][0].contains(key), key);
        QVERIFY(json["candidates"][1]["bandGap_eV"].is_null());
        QCOMPARE(json["rejects"][0]["id"].get<std::string>(), std::string("c"));
    }

    void lithiumIsReadFromTheFormulaWhenTheColumnIsMissing()
    {
        Csv table = candidatesTable(sample().candidates);
        table.header.pop_back();
        for (auto &row : table.rows)
            row.pop_back();
        QCOMPARE(readScreening(writeCsv(table), "s.csv").candidates, sample().candidates);
    }

    void wrongTablesAreNamedWithTheirPlace()
    {
        THROWS_ERROR(readScreening("{\"candidates\":[{\"id\":\"x\"}]}", "s.json"),
                     "s.json: not the table that screen writes");
        THROWS_ERROR(readScreening("{\"candidates\":[", "s.json"), "s.json: not the table");
        THROWS_ERROR(readScreening("id,formula\nx,LiF\n", "s.csv"), "no column \"p\"");
        std::string text = writeCsv(candidatesTable(sample().candidates));
        text.replace(text.find("true"), 4, "maybe");
        THROWS_ERROR(readScreening(text, "s.csv"), "s.csv:2: column \"isNovel\" holds \"maybe\", not true or false");
    }
};

QTEST_APPLESS_MAIN(TestScreeningFiles)
#include "tst_screening_files.moc"
