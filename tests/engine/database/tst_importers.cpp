// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/database/importers.h"

#include "engine/project/archive.h"
#include "tests/support/shared.h"

using namespace engine;

namespace {
std::filesystem::path sample(const std::string &name)
{
    return std::filesystem::path(SUPERION_TEST_DATA) / "import" / name;
}

Import import(const std::string &format, const std::vector<std::filesystem::path> &paths, const ColumnMap &columns = {})
{
    const auto sources = allFiles(paths);
    return importerFor(format, sources).read(sources, columns, {});
}

int countOf(const Import &import, const std::function<bool(const Entry &)> &claim)
{
    return int(std::ranges::count_if(import.database.entries, claim));
}

int positives(const Import &import)
{
    return countOf(import, [](const Entry &e) { return isSuperionic(e); });
}

Summary summaryOf(const Import &import)
{
    return summarise(import.database, 1e-4, [](const Entry &) { return nullptr; });
}
}

class TestImporters : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void conductivitiesInAllSpellings_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<double>("value");
        QTest::addColumn<bool>("isUpperBound");
        QTest::newRow("plain") << "1.2e-4" << 1.2e-4 << false;
        QTest::newRow("bound") << "<1E-10" << 1e-10 << true;
        QTest::newRow("bound with a space") << " < 1E-8" << 1e-8 << true;
        QTest::newRow("bound, typographic") << QStringLiteral("≤1E-8") << 1e-8 << true;
        QTest::newRow("overline on the last digit") << QStringLiteral("1.30E-10\u0305") << 1.3e-10 << false;
        QTest::newRow("overline after a space") << QStringLiteral(" 2.04E-9\u0305 ") << 2.04e-9 << false;
        QTest::newRow("typographic minus") << QStringLiteral("1.2E−4") << 1.2e-4 << false;
        QTest::newRow("en dash") << QStringLiteral("1.2E–4") << 1.2e-4 << false;
        QTest::newRow("power of ten") << QStringLiteral("3 × 10^-5") << 3e-5 << false;
        QTest::newRow("power of ten, flattened") << QStringLiteral("3·10−5") << 3e-5 << false;
        QTest::newRow("soft hyphen and byte-order mark") << QStringLiteral("\ufeff1E\u00ad-5") << 1e-5 << false;
    }
    void conductivitiesInAllSpellings()
    {
        QFETCH(QString, text);
        QFETCH(double, value);
        QFETCH(bool, isUpperBound);
        const auto result = parseConductivity(text.toStdString());
        QVERIFY(result.has_value());
        QCOMPARE(result->value, value);
        QCOMPARE(result->isUpperBound, isUpperBound);
    }

    void otherTextsAreNoConductivity()
    {
        for (const char *text : {"", "<", "fast", "1e-4 S/cm", "1,5e-4", "nan", "x10-5", "\xcc", "\xff\xfe"})
            QVERIFY2(!parseConductivity(text), text);
    }

    void formatsAreGuessedFromTheSources()
    {
        for (const char *format : {"obelix", "mchaffie", "laskowski", "liverpool", "csv"})
            QCOMPARE(importerFor("", allFiles({sample(format)})).name, std::string(format));
        QCOMPARE(importerFor("", allFiles({sample("obelix"), sample("mchaffie")})).name, std::string("mchaffie"));
        THROWS_ERROR(importerFor("", {{"x.txt", "x"}}), "the formats are: mchaffie, obelix, laskowski, liverpool, csv");
        THROWS_ERROR(importerFor("xlsx", {}), "\"xlsx\" is no format of tables; the formats are: mchaffie");
    }

    void withoutItsTableAFormatSaysWhatItNeeds()
    {
        const std::vector<File> none{{"notes.txt", "x"}, {"empty.csv", ""}};
        for (const auto &importer : importers())
            QVERIFY_EXCEPTION_THROWN(importer.read(none, {}, {}), Error);
        THROWS_ERROR(importerFor("obelix", none).read(none, {}, {}), "no table of OBELiX among the sources");
        THROWS_ERROR(importerFor("csv", none).read(none, {}, {}), "no .csv or .tsv with a header row");
    }

    void obelixIdsAreTexts()
    {
        const auto result = import("obelix", {sample("obelix")});
        std::vector<std::string> ids;
        for (const auto &entry : result.database.entries)
            ids.push_back(entry.id);
        QCOMPARE(ids, (std::vector<std::string>{"019", "1e5", "abc"}));
        const auto &first = *result.database.find("019");
        QCOMPARE(first.spaceGroupSymbol, std::string("Ia-3d"));
        QCOMPARE(first.spaceGroupNumber, 230);
        QCOMPARE(first.icsd, std::string("1234"));
        QCOMPARE(first.structureFile, std::string("019.cif"));
        QCOMPARE(first.note, std::string("first, with a comma"));
        QCOMPARE(first.extra.at("Cif ID"), std::string("done"));
        QVERIFY(result.database.find("1e5")->measurement.isUpperBound);
        QVERIFY(result.database.find("1e5")->structureFile.empty());
        QCOMPARE(result.structures.at("abc.cif"), readFile(sample("obelix/cifs/abc.cif")));
    }

    void obelixTestRowsAreSetAside()
    {
        for (const auto &paths :
             {std::vector{sample("obelix")}, std::vector{sample("obelix/train.csv"), sample("obelix/test.csv")}}) {
            const auto result = import("obelix", paths);
            QCOMPARE(result.database.find("abc")->partition, Partition::Test);
            QCOMPARE(countOf(result, [](const Entry &e) { return e.partition == Partition::Test; }), 1);
        }
        QCOMPARE(import("obelix", {sample("obelix/all.csv")}).database.find("abc")->partition, Partition::Training);
    }

    void badRowsAndStrayFilesAreNamed()
    {
        QCOMPARE(import("obelix", {sample("obelix")}).rejects,
                 (std::vector<Reject>{{"all.csv:4", "\"fast\" is no conductivity"},
                                      {"obelix/cifs/zzz.cif", "no row of the table has its name as ID"}}));
    }

    void oneNameForTwoStructuresIsNamed()
    {
        auto sources = allFiles({sample("obelix")});
        sources.push_back({"more/abc.cif", "another"});
        const auto result = importerFor("obelix", sources).read(sources, {}, {});
        QCOMPARE(result.rejects[0].name, std::string("more/abc.cif"));
        QVERIFY(result.structures.at("abc.cif") != "another");
    }

    void mchaffieMeasuredOrExtrapolated()
    {
        const auto result = import("mchaffie", {sample("mchaffie/conductivities.csv")});
        QCOMPARE(result.database.entries.size(), 2u);
        QCOMPARE(result.database.find("icsd-1234")->measurement.how, HowObtained::Measured);
        QCOMPARE(result.database.find("icsd-777")->measurement.how, HowObtained::Extrapolated);
        QCOMPARE(result.database.find("icsd-777")->measurement.lowestTemperature_K, std::optional(473.0));
        QCOMPARE(result.rejects, (std::vector<Reject>{{"conductivities.csv:4", "\"warm\" is no temperature in K"}}));
    }

    void mchaffieTakesStructuresByCollectionCode()
    {
        const auto own = import("mchaffie", {sample("mchaffie")});
        QCOMPARE(own.structures.at("icsd-777.cif"), readFile(sample("mchaffie/icsd/ICSD_CollCode777.cif")));
        QCOMPARE(own.structures.at("icsd-1234.cif"), readFile(sample("mchaffie/icsd/other.cif")));
        const auto joined = import("mchaffie", {sample("mchaffie/conductivities.csv"), sample("obelix")});
        QCOMPARE(joined.structures.size(), 1u);
        QCOMPARE(joined.structures.at("icsd-1234.cif"), readFile(sample("obelix/cifs/019.cif")));
        QCOMPARE(joined.database.find("icsd-1234")->spaceGroupNumber, 230);
        QCOMPARE(joined.database.find("icsd-1234")->link, LinkKind::Matched);
    }

    void laskowskiInFourShapes()
    {
        const auto digitized = import("laskowski", {sample("laskowski/digitized.csv")});
        QCOMPARE(digitized.database.entries.size(), 3u);
        QCOMPARE(digitized.database.entries[0].icsd, std::string("1234"));
        QCOMPARE(digitized.database.entries[1].formula, std::string("0.30Li2X·0.7GeX2"));
        QCOMPARE(digitized.database.entries[1].measurement.sigma_S_cm, 1.2e-4);
        QCOMPARE(digitized.database.entries[1].measurement.ea_eV, std::optional(0.17));
        QCOMPARE(digitized.database.entries[2].id, std::string("laskowski-0004"));
        QCOMPARE(digitized.database.entries[2].formula, std::string("β-LiXC"));
        QCOMPARE(digitized.rejects.size(), 1u);
        QCOMPARE(digitized.rejects[0].name, std::string("digitized.csv:4"));

        const auto withDois = import("laskowski", {sample("laskowski/with_dois.csv")});
        QCOMPARE(withDois.database.entries[0].measurement.doi, std::string("10.0000/one"));
        QCOMPARE(withDois.database.entries[0].spaceGroupNumber, 2);

        const auto labels = import("laskowski", {sample("laskowski/labels.csv")});
        QCOMPARE(labels.database.entries.size(), 2u);
        QCOMPARE(labels.database.entries[1].icsd, std::string("1235"));

        const auto fromPdf = import("laskowski", {sample("laskowski/from_pdf.csv")});
        QCOMPARE(fromPdf.database.entries[1].spaceGroupSymbol, std::string("Ia-3d"));
        QCOMPARE(fromPdf.database.entries[1].measurement.ea_eV, std::optional(0.124));
        QCOMPARE(fromPdf.database.entries[2].spaceGroupSymbol, std::string("P-1"));
        QCOMPARE(fromPdf.rejects, (std::vector<Reject>{{"from_pdf.csv:3", "a piece of a name broken over rows"}}));
    }

    void laskowskiTakesTheMostCompleteShape()
    {
        const auto result = import("laskowski", {sample("laskowski")});
        QCOMPARE(result.database.entries.size(), 1u);
        QCOMPARE(result.rejects.size(), 3u);
        QCOMPARE(result.rejects[0].reason, std::string("holds the same data as with_dois.csv, which was read"));
    }

    void liverpoolKeepsRoomTemperature()
    {
        const auto result = import("liverpool", {sample("liverpool")});
        QCOMPARE(result.database.entries.size(), 1u);
        QCOMPARE(result.database.entries[0].id, std::string("liverpool-2"));
        QCOMPARE(result.database.entries[0].extra.at("temperature"), std::string("22.06"));
        QCOMPARE(result.rejects.size(), 2u);
        QCOMPARE(result.rejects[0].name, std::string("LiIon.csv:2"));
        QVERIFY(result.rejects[0].reason.starts_with("measured at 300 °C"));
        QVERIFY(result.rejects[1].reason.ends_with("there is one of that id already"));
    }

    void aTableOfOnesOwnNeedsAMap()
    {
        const ColumnMap columns{.id = "name",
                                .sigma = "sigma_mS_cm",
                                .spaceGroup = "sg",
                                .temperature = "T",
                                .icsd = "code",
                                .structure = "file",
                                .sigmaUnit = "mS/cm",
                                .temperatureUnit = "K"};
        const auto result = import("csv", {sample("csv/own.csv"), sample("csv/a.cif")}, columns);
        QCOMPARE(result.database.entries.size(), 2u);
        const auto &first = result.database.entries[0];
        QCOMPARE(first.measurement.sigma_S_cm, 5e-4);
        QCOMPARE(first.structureFile, std::string("A1.cif"));
        QCOMPARE(first.icsd, std::string("155950"));
        QCOMPARE(first.extra.at("colour"), std::string("red"));
        QCOMPARE(first.spaceGroupSymbol, std::string("Ia-3d"));
        QCOMPARE(first.spaceGroupNumber, 230);
        QCOMPARE(result.database.entries[1].spaceGroupNumber, 225);
        QVERIFY(!result.database.entries[1].spaceGroupSymbol.empty());
        QVERIFY(result.database.entries[1].measurement.isUpperBound);

        std::vector<std::string> names;
        for (const auto &reject : result.rejects)
            names.push_back(reject.name);
        QCOMPARE(names, (std::vector<std::string>{"own.csv:9", "own.csv:3", "own.csv:4", "own.csv:5", "own.csv:6",
                                                  "own.csv:7", "own.csv:8", "own.csv:10"}));
        QCOMPARE(result.rejects[4].reason,
                 std::string("its structure missing.cif is not among the sources; the entry goes without"));
    }

    void unitsAreConverted()
    {
        const auto sigma = [](const std::string &unit, const std::string &text) {
            const std::vector<File> sources{{"t.csv", "id,sigma_S_cm\na," + text + "\n"}};
            return importerFor("csv", sources)
                .read(sources, {.sigmaUnit = unit}, {})
                .database.entries.at(0)
                .measurement.sigma_S_cm;
        };
        QCOMPARE(sigma("S/cm", "2e-4"), 2e-4);
        QCOMPARE(sigma("mS/cm", "0.2"), 2e-4);
        QCOMPARE(sigma("S/m", "0.02"), 2e-4);
        QCOMPARE(sigma("log10(S/cm)", "-3"), 1e-3);
        THROWS_ERROR(sigma("mS/m", "1"), "one of S/cm, mS/cm, S/m, log10(S/cm) is needed");
    }

    void rowsWithoutIdsAreNumbered()
    {
        const std::vector<File> sources{{"dir/t.csv", "sigma_S_cm\n1e-4\n1e-5\n"}};
        const auto result = importerFor("csv", sources).read(sources, {.id = ""}, {});
        QCOMPARE(result.database.entries[1].id, std::string("t-0002"));
    }

    void missingColumnsAreNamedBesideThosePresent()
    {
        THROWS_ERROR(import("csv", {sample("csv/own.csv")}),
                     "own.csv: no column \"id\"; it has: name, formula, sigma_mS_cm");
        THROWS_ERROR(import("csv", {sample("csv/plain.csv")}, {.sigma = "sigma"}), "no column \"sigma\"; it has: id");
        THROWS_ERROR(import("csv", {sample("csv/plain.csv")}, {.ea = "Ea"}), "no column \"Ea\"");
        THROWS_ERROR(import("csv", {sample("csv/plain.csv")}, {.sigma = ""}), "names no column of conductivities");
        THROWS_ERROR(import("csv", {sample("csv/plain.csv")}, {.temperatureUnit = "F"}), "C or K is needed");
        QCOMPARE(import("csv", {sample("csv/plain.csv")}).database.entries.size(), 1u);
    }

    void importsStopOnRequest()
    {
        std::stop_source source;
        source.request_stop();
        const auto sources = allFiles({sample("obelix")});
        QVERIFY_EXCEPTION_THROWN(importerFor("", sources).read(sources, {}, {{}, source.get_token()}), Cancelled);
    }

    // The counts below are those of the tables as published.

    void obelixAsPublished()
    {
        NEEDS_SHARED("data/obelix/all.csv");
        const auto result = import("", {sharedPath("data/obelix")});
        QCOMPARE(result.rejects, std::vector<Reject>{});
        const auto summary = summaryOf(result);
        QCOMPARE(summary.values, 599);
        QCOMPARE(summary.positive, 268);
        QCOMPARE(summary.upperBounds, 37);
        QCOMPARE(summary.withStructure, 321);
        QCOMPARE(summary.positiveWithStructure, 113);
        QCOMPARE(summary.spaceGroups, 55);
        QCOMPARE(summary.spaceGroupsWithStructure, 52);
        QCOMPARE(summary.sigmaMin_S_cm, 4.2e-18);
        QCOMPARE(summary.sigmaMax_S_cm, 0.025);
        QCOMPARE(result.structures.size(), 321u);
        const auto isTest = [](const Entry &e) { return e.partition == Partition::Test; };
        QCOMPARE(countOf(result, isTest), 121);
        QCOMPARE(countOf(result, [&](const Entry &e) { return isTest(e) && !e.structureFile.empty(); }), 67);
        QCOMPARE(result.database.find("jqc")->icsd, std::string("155950"));
    }

    void mchaffieAsPublished()
    {
        NEEDS_SHARED("data/literature/mchaffie2025");
        const auto table = sharedPath("data/literature/mchaffie2025/ionic_conductivity_database.csv");
        const auto alone = import("", {table});
        QCOMPARE(alone.rejects, std::vector<Reject>{});
        QCOMPARE(alone.database.entries.size(), 571u);
        QCOMPARE(positives(alone), 217);
        QCOMPARE(countOf(alone, [](const Entry &e) { return e.measurement.how == HowObtained::Measured; }), 436);
        QCOMPARE(countOf(alone, [](const Entry &e) { return e.measurement.sigma_S_cm < 1e-20; }), 7);

        NEEDS_SHARED("data/obelix/all.csv");
        const auto joined = import("", {table, sharedPath("data/obelix")});
        QCOMPARE(joined.rejects, std::vector<Reject>{});
        QCOMPARE(countOf(joined, [](const Entry &e) { return e.extra.contains("OBELiX ID"); }), 251);
        QCOMPARE(joined.structures.size(), 248u);
    }

    void laskowskiAsPublished()
    {
        NEEDS_SHARED("data/literature/laskowski2023");
        const auto folder = sharedPath("data/literature/laskowski2023");
        const auto digitized = import("", {folder / "digitized_data_for_SSEs.csv"});
        // One value is printed as "<1E10".
        QCOMPARE(digitized.database.entries.size(), 1345u);
        QCOMPARE(digitized.rejects.size(), 1u);
        QCOMPARE(countOf(digitized, [](const Entry &e) { return e.measurement.ea_eV.has_value(); }), 850);
        QCOMPARE(countOf(digitized, [](const Entry &e) { return !e.icsd.empty(); }), 346);
        const auto withDois = import("", {folder / "laskowski_with_dois.csv"});
        QCOMPARE(withDois.database.entries.size(), 1345u);
        QCOMPARE(import("", {folder / "Semi-supervised_labels.csv"}).database.entries.size(), 344u);
        // 1,345 rows with a conductivity, one of them "<1E10"; 583 pieces of names
        const auto fromPdf = import("", {folder / "laskowski_semi-fromatted.csv"});
        QCOMPARE(fromPdf.database.entries.size(), 1344u);
        QCOMPARE(fromPdf.rejects.size(), 584u);
        QCOMPARE(fromPdf.database.entries[0].measurement.sigma_S_cm, 1.3e-10);
    }

    void liverpoolAsPublished()
    {
        NEEDS_SHARED("data/literature/liverpool");
        const auto result = import("", {sharedPath("data/literature/liverpool")});
        QCOMPARE(result.database.entries.size() + result.rejects.size(), 820u);
        QCOMPARE(
            std::ranges::count_if(result.rejects, [](const Reject &r) { return r.reason.starts_with("measured at"); }),
            355);
        QCOMPARE(positives(result), 183);
    }
};

QTEST_APPLESS_MAIN(TestImporters)
#include "tst_importers.moc"
