// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/project/report.h"
#include "engine/project/report_figures.h"

#include "tests/support/shared.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QXmlStreamReader>

#include <algorithm>

using namespace engine;

namespace {

// A job with a bit of everything, and texts that HTML does not take as they are.
MainJob sampleJob()
{
    MainJob job;
    job.title = "Lithium <test> & more";
    job.parentName = "parent.hdf5";
    job.parentSha256 = std::string(64, 'a');
    job.summary = {
        .values = 4, .withStructure = 3, .spaceGroups = 2, .ordered = 2, .disordered = 1, .positive = 2, .negative = 2};
    job.entries = {{"a", "LiF", -12.0, false, 225, true},
                   {"b", "Li3N", -3.0, false, 191, true},
                   {"c", "Li2O", -10.0, true, 225, false},
                   {"d", "LiX", -2.5, false, 0, {}},
                   {"e", "LiY", -25.0, false, 225, true}};
    job.trainingSamples = 4;
    job.trainingPositives = 2;
    CrossValidation &v = job.validation;
    for (int fold = 0; fold < 2; ++fold) {
        v.folds.push_back({"fold " + std::to_string(fold + 1), 2, 1, 2, 0.8 + 0.1 * fold, 0.75, 0.5});
        v.predictions.push_back({"p" + std::to_string(fold), fold, 0.9, true});
        v.predictions.push_back({"n" + std::to_string(fold), fold, 0.2, false});
        v.epochs.push_back({{1, 0.7, 0.5, 0.5, 0.0}, {2, 0.6, 0.8 + 0.1 * fold, 0.7, 0.4}});
    }
    v.aucPr = {0.85, 0.07};
    v.shuffledControl = {0.5, 0.0};
    v.meanControl = {0.5, 0.0};
    job.ensemble.members.resize(3);
    job.test = Evaluation{.aucPr = 0.9, .mcc = 0.5, .confusion = {1, 1, 1, 0}};
    job.test->predictions = {
        {"t1", {0.8, 0.1}, -3, true}, {"t2", {0.7, 0.2}, -8, false}, {"t3", {0.1, 0.05}, -9, false}};
    job.hasScreened = true;
    job.screening.candidates = {{.id = "s1",
                                 .formula = "Li10Ge(PS6)2",
                                 .prediction = {0.9, 0.05},
                                 .bandGap_eV = 2.0,
                                 .bandGapSource = "predicted",
                                 .dTraining = 0.5,
                                 .nearestTrainingId = "a",
                                 .isNovel = true},
                                {.id = "s2",
                                 .formula = "LiAl",
                                 .prediction = {0.3, 0.15},
                                 .dTraining = 1.5,
                                 .nearestTrainingId = "b",
                                 .isIntermetallic = true}};
    job.screening.rejects = {{"s3", "no <atoms>"}};
    job.ranking = rank(job.screening.candidates, job.options.ranking);
    return job;
}

std::string bytesOf(const std::vector<File> &files, const std::string &name)
{
    const auto found = std::find_if(files.begin(), files.end(), [&](const File &f) { return f.name == name; });
    return found == files.end() ? std::string() : found->bytes;
}

std::size_t marksIn(const Figure &figure)
{
    return std::size_t(QString::fromStdString(toSvg(figure)).count(QStringLiteral("class=\"mark\"")));
}

}

class TestReport : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void allTablesAndFiguresAreThere()
    {
        const std::vector<File> files = reportFiles(sampleJob());
        for (const char *name : {"index.html", "candidates.csv", "excluded.csv", "rejects.csv", "validation.csv",
                                 "predictions.csv", "epochs.csv", "test.csv", "options.json", "fig1a.svg", "fig1b.svg",
                                 "precision-recall.svg", "epochs-loss.svg", "epochs-auc-pr.svg", "epochs-mcc.svg",
                                 "test.svg", "screening-histogram.svg", "screening-histogram-log.svg", "distance.svg"})
            QVERIFY2(!bytesOf(files, name).empty(), name);
    }

    void everyFigureIsWellFormed()
    {
        for (const File &f : reportFiles(sampleJob())) {
            if (!f.name.ends_with(".svg"))
                continue;
            QXmlStreamReader xml(QByteArray::fromStdString(f.bytes));
            while (!xml.atEnd())
                xml.readNext();
            QVERIFY2(!xml.hasError(), qPrintable(QString::fromStdString(f.name) + ": " + xml.errorString()));
        }
    }

    void thePageIsWellFormedToo()
    {
        // Apart from its void elements and the doctype, it is written so that a strict reader takes it.
        QString page = QString::fromStdString(bytesOf(reportFiles(sampleJob()), "index.html"));
        page.replace(QStringLiteral("<br>"), QStringLiteral("<br/>"));
        page.replace(QRegularExpression(QStringLiteral("<meta ([^>]*)>")), QStringLiteral("<meta \\1/>"));
        QXmlStreamReader xml(page);
        while (!xml.atEnd())
            xml.readNext();
        QVERIFY2(!xml.hasError(), qPrintable(xml.errorString() + " in line " + QString::number(xml.lineNumber())));
        QVERIFY(page.contains(QStringLiteral("Lithium &lt;test&gt; &amp; more")));
        QVERIFY(page.contains(QStringLiteral("Li<sub>10</sub>Ge(PS<sub>6</sub>)<sub>2</sub>")));
    }

    void everyShownEntryHasAMark()
    {
        const MainJob job = sampleJob();
        QCOMPARE(marksIn(conductivityBySpaceGroup(job.entries, 1e-4)),
                 3u); // d has no structure, e lies below what is shown
        QCOMPARE(marksIn(testFigure(*job.test, 1e-4)), 3u);
        QCOMPARE(marksIn(distanceFigure(job.screening.candidates)), 2u);
    }

    void theHistogramsCountEverything()
    {
        double sum = 0;
        const Figure f = conductivityHistogram(sampleJob().entries, 1e-4);
        for (const FigureBars &b : f.bars)
            for (std::size_t i = 0; i < b.low.size(); ++i)
                sum += b.high[i] - b.low[i];
        QCOMPARE(sum, 4.0); // all but the one below what is shown
    }

    void everyMarkAndBarKnowsWhomItStandsFor()
    {
        const MainJob job = sampleJob();
        for (const Figure &f : {conductivityBySpaceGroup(job.entries, 1e-4), testFigure(*job.test, 1e-4),
                                distanceFigure(job.screening.candidates)})
            for (const FigurePoints &p : f.points) {
                QCOMPARE(p.ids.size(), p.x.size());
                for (std::size_t i = 0; i < p.ids.size(); ++i)
                    QVERIFY2(p.labels[i].starts_with(p.ids[i]), p.labels[i].c_str());
            }
        for (const Figure &f :
             {conductivityHistogram(job.entries, 1e-4), screeningHistogram(job.screening.candidates, false)})
            for (const FigureBars &b : f.bars)
                for (std::size_t i = 0; i < b.high.size(); ++i)
                    QCOMPARE(double(b.ids[i].size()), b.high[i] - b.low[i]);
    }

    void theSameJobGivesTheSameBytes() { QCOMPARE(reportFiles(sampleJob()), reportFiles(sampleJob())); }

    void withoutTestAndScreeningThoseFilesAreLeftOut()
    {
        MainJob job = sampleJob();
        job.test.reset();
        job.hasScreened = false;
        const std::vector<File> files = reportFiles(job);
        for (const char *name : {"test.csv", "test.svg", "candidates.csv", "distance.svg"})
            QVERIFY2(bytesOf(files, name).empty(), name);
        QVERIFY(!bytesOf(files, "index.html").empty());
    }

    void itIsWrittenWholeAndKeepsOtherFiles()
    {
        QTemporaryDir dir;
        const std::filesystem::path folder = std::filesystem::path(dir.path().toStdString()) / "a" / "report";
        writeReport(sampleJob(), folder);
        writeFile(folder / "notes.txt", "mine");
        writeReport(sampleJob(), folder);
        QCOMPARE(readFile(folder / "notes.txt"), std::string("mine"));
        QCOMPARE(readFile(folder / "index.html"), bytesOf(reportFiles(sampleJob()), "index.html"));
        QVERIFY(!std::filesystem::exists(folder / ".new"));
    }

    void aPlaceThatIsNoFolderIsNamed()
    {
        QTemporaryDir dir;
        const std::filesystem::path file = std::filesystem::path(dir.path().toStdString()) / "file";
        writeFile(file, "x");
        THROWS_ERROR(writeReport(sampleJob(), file), "the report cannot be written");
    }
};

QTEST_APPLESS_MAIN(TestReport)
#include "tst_report.moc"
