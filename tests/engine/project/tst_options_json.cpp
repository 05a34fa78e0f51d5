// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/project/options_json.h"

#include "engine/crystal/read.h"
#include "engine/database/importers.h"
#include "engine/learning/pretraining.h"
#include "engine/learning/training.h"
#include "engine/screening/screen.h"
#include "tests/support/shared.h"

using namespace engine;

namespace {
template <class Options>
bool readsBack(const Options &options)
{
    return optionsFromJson<Options>(toJson(options), "x") == options;
}

// Every field can be set from the text that its JSON shows.
template <class Options>
bool everyFieldCanBeSet(const Options &options)
{
    const auto json = nlohmann::json::parse(toJson(options));
    Options set;
    for (const auto &name : optionNames<Options>()) {
        const auto &value = json.at(name);
        setOption(set, name, value.is_string() ? value.template get<std::string>() : value.dump());
    }
    return set == options && json.size() == optionNames<Options>().size();
}
}

class TestOptionsJson : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyStructReadsBack()
    {
        const TrainingOptions training{.pooling = "set2set",
                                       .layers = 3,
                                       .l2Initial = 0.1 + 0.2,
                                       .lookahead = true,
                                       .learningRate = 1.234e-5,
                                       .perSite = true};
        const PretrainingOptions pretraining{.property = "band_gap", .classify = true, .seed = 18446744073709551615u};
        const FeatureOptions features{.simplification = Simplification::CANS, .layer = 3};
        const GraphOptions graph{.cutoff_A = 4.5, .mergeEqualSites = false, .sameLength_A = 1e-3};
        const ScreenOptions screen{.noveltyTolerance = 0.1, .strictIntermetallics = true};
        const ReadOptions reading{.largestOccupancySum = 1.5};
        const ColumnMap columns{.id = "", .sigma = "σ, \"total\"", .sigmaUnit = "mS/cm"};
        QVERIFY(readsBack(training) && everyFieldCanBeSet(training));
        QVERIFY(readsBack(pretraining) && everyFieldCanBeSet(pretraining));
        QVERIFY(readsBack(features) && everyFieldCanBeSet(features));
        QVERIFY(readsBack(graph) && everyFieldCanBeSet(graph));
        QVERIFY(readsBack(screen) && everyFieldCanBeSet(screen));
        QVERIFY(readsBack(reading) && everyFieldCanBeSet(reading));
        QVERIFY(readsBack(columns) && everyFieldCanBeSet(columns));
    }

    void missingKeysKeepTheirDefaults()
    {
        QCOMPARE(optionsFromJson<TrainingOptions>("{}", "x"), TrainingOptions());
        QCOMPARE(optionsFromJson<TrainingOptions>("{\"epochs\": 7}", "x"), (TrainingOptions{.epochs = 7}));
        QCOMPARE(optionsFromJson<TrainingOptions>("{\"epochs\": 1e2}", "x").epochs, 100);
    }

    void unknownKeysNameTheNearest()
    {
        THROWS_ERROR(optionsFromJson<TrainingOptions>("{\"epoch\": 7}", "run.json"),
                     "run.json: there is no option \"epoch\"; the nearest is \"epochs\"");
        TrainingOptions options;
        THROWS_ERROR(setOption(options, "learning-rate", "1"), "the nearest is \"learningRate\"");
    }

    void wrongTypesSayWhatIsTaken()
    {
        const auto training = [](const char *json) { optionsFromJson<TrainingOptions>(json, "run.json"); };
        THROWS_ERROR(training("{\"epochs\": \"many\"}"), "run.json: epochs takes a whole number, not \"many\"");
        THROWS_ERROR(training("{\"epochs\": 1.5}"), "epochs takes a whole number, not 1.5");
        THROWS_ERROR(training("{\"epochs\": 1e300}"), "epochs takes a whole number");
        THROWS_ERROR(training("{\"learningRate\": null}"), "learningRate takes a number, not null");
        THROWS_ERROR(training("{\"lookahead\": 1}"), "lookahead takes true or false, not 1");
        THROWS_ERROR(training("{\"model\": []}"), "model takes a text in quotes, not []");
        THROWS_ERROR(optionsFromJson<PretrainingOptions>("{\"seed\": -1}", "x"), "seed takes a whole number from 0");
        THROWS_ERROR(optionsFromJson<FeatureOptions>("{\"simplification\": \"cats\"}", "x"),
                     "simplification takes camn, can, camns or cans, not \"cats\"");
        THROWS_ERROR(optionsFromJson<FeatureOptions>("{\"simplification\": 1}", "x"), "camns or cans, not 1");
        TrainingOptions options;
        THROWS_ERROR(setOption(options, "epochs", "many"), "epochs takes a whole number, not \"many\"");
        THROWS_ERROR(setOption(options, "lookahead", "yes"), "lookahead takes true or false, not \"yes\"");
    }

    void otherTextsAreNoOptions()
    {
        THROWS_ERROR(optionsFromJson<TrainingOptions>("[1]", "run.json"), "run.json: is no JSON object");
        THROWS_ERROR(optionsFromJson<TrainingOptions>("{\n\"epochs\": }", "run.json"),
                     "run.json: is no JSON: parse error at line 2");
        THROWS_ERROR(optionsFromJson<TrainingOptions>("", "run.json"), "run.json: is no JSON");
    }

    void theNearestHasTheFewestEdits()
    {
        QCOMPARE(nearestTo("epohcs", {"layers", "epochs", "neurons"}), std::string("epochs"));
        QCOMPARE(nearestTo("", {"abc", "a"}), std::string("a"));
    }
};

QTEST_APPLESS_MAIN(TestOptionsJson)
#include "tst_options_json.moc"
