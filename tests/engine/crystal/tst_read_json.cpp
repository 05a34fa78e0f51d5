// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/crystal/composition.h"
#include "engine/crystal/read.h"

#include "tests/support/shared.h"
#include "tests/support/structure_flaws.h"

#include <array>

using namespace engine;
using nlohmann::json;

namespace {

const json cube = {{"matrix", {{4, 0, 0}, {0, 4, 0}, {0, 0, 4}}}};

json siteOf(const json &species, const json &abc = {0, 0, 0})
{
    return {{"species", species}, {"abc", abc}};
}

json structureOf(const std::vector<json> &sites, const json &lattice = cube)
{
    return {{"@class", "Structure"}, {"lattice", lattice}, {"sites", sites}};
}

/// Caesium chloride with another metal.
json salt(const std::string &metal)
{
    return structureOf(
        {siteOf({{{"element", metal}, {"occu", 1}}}), siteOf({{{"element", "Cl"}, {"occu", 1}}}, {0.5, 0.5, 0.5})});
}

json nested(json value, int times)
{
    while (times-- > 0)
        value = json::array({value});
    return value;
}

ReadResult read(const std::string &text)
{
    return readStructures({"set/x.json", text});
}

Structure only(const json &value)
{
    return readPymatgenJson(value.dump(), "x.json").structures.at(0);
}

std::vector<std::string> idsOf(const ReadResult &result)
{
    std::vector<std::string> ids;
    for (const Structure &structure : result.structures)
        ids.push_back(structure.id);
    return ids;
}

using Ids = std::vector<std::string>;
using Rejects = std::vector<Reject>;

}

class TestReadJson : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsPublishedTables_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("column");
        QTest::newRow("formation energies") << "mp_ef_100"
                                            << "Ef";
        QTest::newRow("metals") << "mp_is_metal_100"
                                << "is_metal";
    }
    void readsPublishedTables()
    {
        NEEDS_SHARED("data/mp/maml_atomsets");
        QFETCH(QString, file);
        QFETCH(QString, column);
        const std::string name = "data/mp/maml_atomsets/" + file.toStdString() + ".json";
        const json table = sharedJson(name);
        const ReadResult result = readStructures({name, readFile(sharedPath(name))});
        QVERIFY(result.rejects.empty());
        QCOMPARE(result.structures.size(), table["structure"].size());
        QVERIFY(result.structures.size() >= 70);
        for (std::size_t i = 0; i < result.structures.size(); ++i) {
            const Structure &structure = result.structures[i];
            const json &expected = table["structure"][i];
            QCOMPARE(structure.id, file.toStdString() + "#" + std::to_string(i));
            QCOMPARE(structure.sites.size(), expected["sites"].size());
            COMPARE_NEAR(structure.lattice.volume_A3(), expected["lattice"]["volume"].get<double>(), 1e-6);
            Composition composition;
            for (const json &site : expected["sites"])
                composition[*atomicNumber(site["species"][0]["element"].get<std::string>())] += 1;
            QCOMPARE(compositionOf(structure), composition);
            QVERIFY(structure.properties.contains(column.toStdString()));
            QCOMPARE(flawOf(structure), std::string());
        }
    }

    void disorderedSitesKeepTheirSpeciesAndStates()
    {
        const Structure structure =
            only(structureOf({siteOf({{{"element", "Na"}, {"occu", 0.25}, {"oxidation_state", 1}},
                                      {{"element", "Li"}, {"occu", 0.5}, {"oxidation_state", 1.0}}},
                                     {-0.25, 1.5, 0}),
                              siteOf({{{"element", "Fe3+"}, {"occu", 0.75}},
                                      {{"element", "Fe"}, {"oxidation_state", 2}, {"occu", 0.25}}},
                                     {0.5, 0.5, 0.5})}));
        QCOMPARE(int(structure.sites.size()), 2);
        const Site &mixed = structure.sites[0];
        QCOMPARE(mixed.occupants, (std::vector<Occupant>{{{3, 1.0}, 0.5}, {{11, 1.0}, 0.25}}));
        QCOMPARE(mixed.fractional, Vector3(0.75, 0.5, 0));
        QCOMPARE(structure.sites[1].occupants, (std::vector<Occupant>{{{26, 2.0}, 0.25}, {{26, 3.0}, 0.75}}));
        QVERIFY(structure.hasOxidationStates);
        QVERIFY(!structure.isOrdered());
        QCOMPARE(structure.sites[0].row, -1);
        QVERIFY(!only(salt("Cs")).hasOxidationStates);
    }

    void positionsAndCellsMayBeGivenTheOtherWay()
    {
        const json lattice = {{"a", 4}, {"b", 5}, {"c", 6}, {"alpha", 90}, {"beta", 90}, {"gamma", 120}};
        json site = {{"species", {{{"element", "Li"}}}}, {"xyz", {0, 0, 1.5}}, {"label", "Li7"}};
        const Structure structure = only(structureOf({site}, lattice));
        COMPARE_NEAR(structure.lattice.parameters()[5], 120, 1e-9);
        COMPARE_NEAR(structure.sites[0].fractional[2], 0.25, 1e-12);
        QCOMPARE(structure.sites[0].label, std::string("Li7"));
        QCOMPARE(only(salt("Cs")).sites[0].label, std::string("Cs"));
        json withMatrix = lattice;
        withMatrix["matrix"] = cube["matrix"]; // the matrix wins
        COMPARE_NEAR(only(structureOf({site}, withMatrix)).lattice.volume_A3(), 64, 1e-9);
    }

    void vacanciesAndEmptySharesAreLeftOut()
    {
        const Structure structure = only(
            structureOf({siteOf({{{"element", "X0+"}, {"occu", 0.5}}, {{"element", "Li"}, {"occu", 0.5}}}),
                         siteOf({{{"element", "Xe"}, {"occu", 1}}, {{"element", "Kr"}, {"occu", 0}}}, {0.5, 0, 0})}));
        QCOMPARE(compositionOf(structure), (Composition{{3, 0.5}, {54, 1.0}}));
        QCOMPARE(structure.warnings, (std::vector<Warning>{{"1 dummy species (X) were left out as vacancies", 0}}));
    }

    void overfullSitesAreDividedAndSaid()
    {
        const json value =
            structureOf({siteOf({{{"element", "Li"}, {"occu", 0.9}}, {{"element", "Na"}, {"occu", 0.6}}})});
        const Structure structure = only(value);
        COMPARE_NEAR(structure.sites[0].occupancy(), 1, 1e-12);
        QCOMPARE(int(structure.warnings.size()), 1);
        THROWS_ERROR(readPymatgenJson(value.dump(), "x.json", {.largestOccupancySum = 1}),
                     "x.json: the occupancies of site Li at 0 0 0 (Li 0.9000 + Na 0.6000) add up to 1.5000");
    }

    void readsEveryLayoutOfAFile_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("ids");
        const auto row = [](const char *name, const json &value, const QStringList &ids) {
            QTest::newRow(name) << QString::fromStdString(value.dump(1)) << ids;
        };
        const json li = salt("Li"), na = salt("Na");
        row("one structure", li, {"x"});
        row("one record", {{"structure", li}, {"gap", 1.5}}, {"x"});
        row("a list", {li, na}, {"x#1", "x#2"});
        row("a list in a list", {json::array({li}), json::array({na})}, {"x#1.1", "x#2.1"});
        row("named structures", {{"LiCl", li}, {"NaCl", na}}, {"x#LiCl", "x#NaCl"});
        row("named records", {{"one", {{"structure", li}}}, {"two", {{"structure", na}}}}, {"x#one", "x#two"});
        row("records with ids", {{{"structure", li}, {"material_id", "mp-1"}}, {{"final", na}, {"task_id", "mp-2"}}},
            {"x#mp-1", "x#mp-2"});
        row("equal ids", {{{"structure", li}, {"id", 7}}, {{"structure", na}, {"id", 7}}}, {"x#7", "x#7-2"});
        row("columns", {{"structure", {li, na}}, {"gap", {1, 2}}}, {"x#0", "x#1"});
        row("columns by number", {{"structures", {{"10", na}, {"9", li}}}, {"gap", {{"9", 1}, {"10", 2}}}},
            {"x#9", "x#10"});
        row("a split table", {{"columns", {"gap", "structure"}}, {"index", {"p", "q"}}, {"data", {{1, li}, {2, na}}}},
            {"x#p", "x#q"});
        row("a split table without index",
            {{"columns", json::array({"structure"})}, {"data", {json::array({li}), json::array({na})}}},
            {"x#0", "x#1"});
    }
    void readsEveryLayoutOfAFile()
    {
        QFETCH(QString, text);
        QFETCH(QStringList, ids);
        const ReadResult result = read(text.toStdString());
        QVERIFY(result.rejects.empty());
        Ids expected;
        for (const QString &id : ids)
            expected.push_back(id.toStdString());
        QCOMPARE(idsOf(result), expected);
        QVERIFY(result.structures[0].sites[0].occupancyOf(3) == 1); // LiCl comes first
    }

    void otherColumnsBecomeProperties()
    {
        using Properties = std::map<std::string, std::string>;
        const json li = salt("Li"), na = salt("Na");
        const json record = {{"structure", li}, {"gap", 1.5},     {"stable", true},
                             {"n", 3},          {"tags", {1, 2}}, {"e", nullptr}};
        QCOMPARE(only(record).properties, (Properties{{"gap", "1.5"}, {"stable", "true"}, {"n", "3"}}));
        const ReadResult columns =
            read(json{{"structure", {{"9", li}, {"10", na}}}, {"gap", {{"9", 1.5}, {"10", 2.5}}}}.dump());
        QCOMPARE(columns.structures[1].properties, (Properties{{"gap", "2.5"}}));
        const ReadResult lists = read(json{{"structure", {li, na}}, {"gap", {1.5, 2.5}}, {"short", {1}}}.dump());
        QCOMPARE(lists.structures[1].properties, (Properties{{"gap", "2.5"}}));
        const ReadResult split =
            read(json{{"columns", {"gap", "structure"}}, {"index", {0}}, {"data", {{1.5, li}}}}.dump());
        QCOMPARE(split.structures[0].properties, (Properties{{"gap", "1.5"}}));
    }

    // Python writes NaN where JSON has no such word; within texts it is a word.
    void numbersOfPythonAreNull()
    {
        std::string text = json{{"structure", salt("Li")}, {"gap", 1}, {"low", 2}, {"name", "a \"NaN\" b"}}.dump();
        text.replace(text.find("1", text.find("gap")), 1, "NaN");
        text.replace(text.find("2", text.find("low")), 1, "-Infinity");
        const Structure structure = readPymatgenJson(text, "x.json").structures.at(0);
        QCOMPARE(structure.properties, (std::map<std::string, std::string>{{"name", "a \"NaN\" b"}}));
    }

    void oneBadStructureStopsNoOther_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("name");
        const json li = salt("Li"), broken = {{"lattice", 1}, {"sites", 2}};
        const auto row = [](const char *name, const json &value, const char *reject) {
            QTest::newRow(name) << QString::fromStdString(value.dump()) << reject;
        };
        row("in a list", {li, broken}, "set/x.json#2");
        row("in a dictionary", {{"good", li}, {"odd", broken}}, "set/x.json#odd");
        row("null in a column", {{"structure", {li, nullptr}}}, "set/x.json#1");
        row("null in a column by number", {{"structure", {{"0", li}, {"1", nullptr}}}}, "set/x.json#1");
        row("null in a split table",
            {{"columns", json::array({"structure"})}, {"data", {json::array({li}), json::array({nullptr})}}},
            "set/x.json#1");
        row("a row that is no row", {{"columns", json::array({"structure"})}, {"data", {json::array({li}), 5}}},
            "set/x.json#1");
    }
    void oneBadStructureStopsNoOther()
    {
        QFETCH(QString, text);
        QFETCH(QString, name);
        const ReadResult result = read(text.toStdString());
        QCOMPARE(int(result.structures.size()), 1);
        QCOMPARE(int(result.rejects.size()), 1);
        QCOMPARE(result.rejects[0].name, name.toStdString());
        QVERIFY(!result.rejects[0].reason.empty());
    }

    void brokenStructuresSayWhere_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char *name, const json &value, const char *reason) {
            QTest::newRow(name) << QString::fromStdString(value.dump()) << reason;
        };
        const json li = {{{"element", "Li"}, {"occu", 1}}};
        const auto withLattice = [&](const json &lattice) { return structureOf({siteOf(li)}, lattice); };
        const auto withSite = [&](const json &site) { return structureOf({siteOf(li), site}); };
        row("empty object", json::object(), "no structure in it (an object with \"lattice\" and \"sites\")");
        row("empty list", json::array(), "no structure in it");
        row("a number", 5, "no structure in it");
        row("too deep", nested(salt("Li"), 6), "no structure in it");
        row("no lattice numbers", withLattice({{"a", 4}, {"b", "5"}}), "neither a matrix nor a number for b");
        row("two vectors", withLattice({{"matrix", {{4, 0, 0}, {0, 4, 0}}}}), "the lattice should be three vectors");
        row("a text in a vector", withLattice({{"matrix", {{4, 0, 0}, {0, "4", 0}, {0, 0, 4}}}}),
            "a lattice vector should be three numbers");
        row("a flat cell", withLattice({{"matrix", {{4, 0, 0}, {0, 4, 0}, {4, 4, 0}}}}), "enclose no volume");
        row("a huge cell", withLattice({{"matrix", {{4e4, 0, 0}, {0, 4, 0}, {0, 0, 4}}}}), "longer than 10000 Å");
        row("a huge length", withLattice({{"a", 4e4}, {"b", 4}, {"c", 4}, {"alpha", 90}, {"beta", 90}, {"gamma", 90}}),
            "longer than 10000 Å");
        row("impossible angles",
            withLattice({{"a", 4}, {"b", 4}, {"c", 4}, {"alpha", 10}, {"beta", 90}, {"gamma", 150}}),
            "encloses no volume");
        row("sites are no list", {{"lattice", cube}, {"sites", 4}}, "\"sites\" should be a list");
        row("no sites", structureOf({}), "no atoms");
        row("a site that is none", withSite(3), "site 2 has no position (abc)");
        row("no position", withSite({{"species", li}}), "site 2 has no position (abc)");
        row("half a position", withSite(siteOf(li, {0, 0})), "site 2: abc should be three numbers");
        row("half a position, Cartesian", withSite({{"species", li}, {"xyz", {0, 0}}}),
            "site 2: xyz should be three numbers");
        row("far away", withSite(siteOf(li, {0, 0, 1e6})), "Li lies over 1000 cells away");
        row("no species", withSite({{"abc", {0, 0, 0}}}), "site 2 has no species");
        row("empty species", withSite(siteOf(json::array())), "site 2 has no species");
        row("a species without element", withSite(siteOf({{{"occu", 1}}})), "site 2: a species should have an element");
        row("a text as occupancy", withSite(siteOf({{{"element", "Li"}, {"occu", "1"}}})),
            "site 2: a species should have an element");
        row("no element", withSite(siteOf({{{"element", "Qq"}, {"occu", 1}}})), "site 2: \"Qq\" is no element");
        row("negative", withSite(siteOf({{{"element", "Li"}, {"occu", -0.5}}, {{"element", "Li"}, {"occu", 1}}})),
            "site 2: the occupancy -0.5 of Li is negative");
        row("an impossible state", withSite(siteOf({{{"element", "Li"}, {"oxidation_state", 1e300}}})),
            "site 2: the oxidation state 1e+300 of Li is impossible");
        row("overfull", withSite(siteOf({{{"element", "Na"}, {"occu", 2.5}}}, {0.5, 0, 0})),
            "the occupancies of site Na at 0.5 0 0 (Na 2.5000) add up to 2.5000");
        row("only vacancies", structureOf({siteOf({{{"element", "X"}, {"occu", 1}}})}), "no atoms");
    }
    void brokenStructuresSayWhere()
    {
        QFETCH(QString, text);
        QFETCH(QString, reason);
        const ReadResult result = read(text.toStdString());
        QVERIFY(result.structures.empty());
        QCOMPARE(int(result.rejects.size()), 1);
        QVERIFY2(result.rejects[0].reason.find(reason.toStdString()) != std::string::npos,
                 result.rejects[0].reason.c_str());
        QVERIFY(result.rejects[0].name.starts_with("set/x.json"));
    }

    void brokenTextsSayWhere()
    {
        QCOMPARE(read("{\n\"a\": 1,\n\"b\": }\n").rejects.at(0).reason.substr(0, 17), std::string("line 3: no JSON: "));
        QCOMPARE(read("{\n\"a\": [1,\n2").rejects.at(0).reason.substr(0, 17), std::string("line 3: no JSON: "));
        QVERIFY(read("{\"a\": 1e999}").rejects.at(0).reason.starts_with("no JSON: "));
        QVERIFY(read("").rejects.at(0).reason.starts_with("line 1: no JSON"));
        THROWS_ERROR(readPymatgenJson("[\n1,\n", "Li.json"), "Li.json:3: no JSON: ");
    }

    // A copy of such a value would need as many stack frames.
    void deepNestingIsNoDanger()
    {
        const int depth = 200000;
        const std::string nest = std::string(depth, '[') + std::string(depth, ']');
        QCOMPARE(int(read(nest).rejects.size()), 1);
        const std::string structure = R"({"lattice": {"matrix": [[4,0,0],[0,4,0],[0,0,4]]}, "sites": )" + nest + "}";
        QCOMPARE(int(read(structure).rejects.size()), 1);
        QCOMPARE(int(read(R"({"columns": ["structure"], "data": [[)" + structure + "]]}").rejects.size()), 1);
        QCOMPARE(int(read(R"({"structure": [)" + structure + "]}").rejects.size()), 1);
    }
};

QTEST_GUILESS_MAIN(TestReadJson)
#include "tst_read_json.moc"
