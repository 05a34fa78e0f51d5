// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/crystal/composition.h"
#include "engine/crystal/read.h"

#include "tests/support/shared.h"
#include "tests/support/structure_flaws.h"

using namespace engine;
using nlohmann::json;

namespace {

/// Caesium chloride, as a server sends it.
json attributes()
{
    return {{"lattice_vectors", {{4, 0, 0}, {0, 4, 0}, {0, 0, 4}}},
            {"cartesian_site_positions", {{0, 0, 0}, {2, 2, 2}}},
            {"species_at_sites", {"Cs", "Cl"}},
            {"species",
             {{{"name", "Cs"}, {"chemical_symbols", {"Cs"}}, {"concentration", {1.0}}},
              {{"name", "Cl"}, {"chemical_symbols", {"Cl"}}, {"concentration", {1.0}}}}},
            {"chemical_formula_reduced", "ClCs"},
            {"dimension_types", {1, 1, 1}},
            {"_mp_band_gap", 5.5},
            {"_mp_stable", true}};
}

json entry(const json &values = attributes(), const std::string &id = "mp-1")
{
    return {{"id", id}, {"type", "structures"}, {"attributes", values}};
}

json response(const json &data)
{
    return {{"data", data}, {"meta", {{"api_version", "1.1.0"}}}};
}

ReadResult read(const json &value)
{
    return readStructures({"set/x.json", value.dump(1)});
}

/// The attributes with one changed.
json with(const char *name, const json &value)
{
    json changed = attributes();
    changed[name] = value;
    return changed;
}

}

class TestReadOptimade : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsOneEntryAndMany()
    {
        for (const json &data : {entry(), json::array({entry()})}) {
            const ReadResult result = read(response(data));
            QCOMPARE(int(result.structures.size()), 1);
            const Structure &structure = result.structures[0];
            QCOMPARE(structure.id, std::string("x"));
            QCOMPARE(flawOf(structure), std::string());
            QCOMPARE(compositionOf(structure), (Composition{{17, 1.0}, {55, 1.0}}));
            QCOMPARE(structure.sites[1].fractional, Vector3(0.5, 0.5, 0.5));
            QCOMPARE(structure.headerFormula, std::string("ClCs"));
            QCOMPARE(structure.properties.at("_mp_band_gap"), std::string("5.5"));
            QCOMPARE(structure.properties.at("_mp_stable"), std::string("true"));
            QCOMPARE(structure.properties.at("id"), std::string("mp-1"));
            QVERIFY(!structure.hasOxidationStates);
        }
        json unnamed = entry();
        unnamed.erase("id");
        const ReadResult many = read(response({entry(), entry(attributes(), "mp-2"), entry(), unnamed}));
        std::vector<std::string> ids;
        for (const Structure &structure : many.structures)
            ids.push_back(structure.id);
        QCOMPARE(ids, (std::vector<std::string>{"x#mp-1", "x#mp-2", "x#mp-1-2", "x#4"}));
        QVERIFY(many.rejects.empty());
    }

    void speciesHoldSharesAndVacancies()
    {
        json values = with("species", {{{"name", "A"},
                                        {"chemical_symbols", {"Na", "Li", "vacancy", "Kr"}},
                                        {"concentration", {0.25, 0.5, 0.25, 0}}}});
        values["species_at_sites"] = {"A", "Cl"}; // Cl is not described: its name is an element
        const Structure structure = read(response(entry(values))).structures.at(0);
        QCOMPARE(structure.sites[0].occupants, (std::vector<Occupant>{{{3, {}}, 0.5}, {{11, {}}, 0.25}}));
        QCOMPARE(structure.sites[0].label, std::string("A"));
        QCOMPARE(structure.sites[1].occupancyOf(17), 1.0);

        values = attributes();
        values["species"] = {{{"name", "Cs"}, {"chemical_symbols", {"X"}}},
                             {{"name", "Cl"}, {"chemical_symbols", {"Cl"}}}};
        QCOMPARE(compositionOf(read(response(entry(values))).structures.at(0)), (Composition{{17, 1.0}}));

        values = attributes();
        values.erase("species");
        QCOMPARE(compositionOf(read(response(entry(values))).structures.at(0)), (Composition{{17, 1.0}, {55, 1.0}}));
    }

    void oneBadEntryStopsNoOther()
    {
        const ReadResult result = read(response({entry(), entry(with("lattice_vectors", 4), "mp-2")}));
        QCOMPARE(int(result.structures.size()), 1);
        QCOMPARE(
            result.rejects,
            (std::vector<Reject>{{"set/x.json#mp-2", "no lattice_vectors; ask the server for it in response_fields"}}));
    }

    void brokenEntriesSayWhy_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char *name, const json &value, const char *reason) {
            QTest::newRow(name) << QString::fromStdString(value.dump()) << reason;
        };
        const auto changed = [&](const char *label, const char *name, const json &value, const char *reason) {
            row(label, response(entry(with(name, value))), reason);
        };
        row("no data", {{"data", 5}, {"meta", {{"api_version", "1"}}}},
            "no OPTIMADE response (an object with \"data\")");
        row("an empty answer", response(json::array()), "the response holds no structures");
        row("no attributes", response({{{"id", "mp-1"}, {"attributes", nullptr}}}), "no attributes");
        row("an entry that is none", response({5}), "no attributes");
        changed("a slab", "dimension_types", {1, 1, 0}, "not periodic in three dimensions");
        changed("no positions", "cartesian_site_positions", nullptr,
                "no cartesian_site_positions; ask the server for it");
        changed("no names", "species_at_sites", nullptr, "no species_at_sites; ask the server for it");
        changed("too few names", "species_at_sites", {"Cs"}, "2 positions but 1 entries in species_at_sites");
        changed("no atoms", "species_at_sites", json::array(), "2 positions but 0 entries");
        changed("an unknown name", "species_at_sites", {"Cs", "Q"}, "site 2: the species \"Q\" is not described");
        changed("half a position", "cartesian_site_positions", {{0, 0, 0}, {2, 2}},
                "site 2: its position should be three numbers");
        changed("far away", "cartesian_site_positions", {{0, 0, 0}, {2, 2, 1e6}}, "Cl lies over 1000 cells away");
        changed("no lattice", "lattice_vectors", {{4, 0, 0}, {0, 4, 0}}, "the lattice should be three vectors");
        changed("unknown lattice", "lattice_vectors", {{4, 0, 0}, {0, 4, 0}, {nullptr, nullptr, nullptr}},
                "a lattice vector should be three numbers");
        changed("flat", "lattice_vectors", {{4, 0, 0}, {0, 4, 0}, {4, 4, 0}}, "enclose no volume");
        changed("a species without name", "species", {{{"chemical_symbols", {"Cs"}}}},
                "lacks name or chemical_symbols");
        changed("species that are no list", "species", {{{"name", "Cs"}, {"chemical_symbols", "Cs"}}},
                "lacks name or chemical_symbols");
        changed("too few shares", "species",
                {{{"name", "Cs"}, {"chemical_symbols", {"Cs", "Li"}}, {"concentration", {1}}}},
                "species Cs needs one concentration for each chemical symbol");
        changed("no element", "species", {{{"name", "Cs"}, {"chemical_symbols", {"Qq"}}}},
                "species Cs: \"Qq\" is no element");
        changed("a negative share", "species",
                {{{"name", "Cs"}, {"chemical_symbols", {"Cs", "Cs"}}, {"concentration", {1.5, -0.5}}}},
                "species Cs: the concentration -0.5 of Cs is negative");
        changed("overfull", "species",
                {{{"name", "Cs"}, {"chemical_symbols", {"Cs", "Li"}}, {"concentration", {2, 1}}}},
                "the occupancies of site Cs at 0 0 0 (Li 1.0000 + Cs 2.0000) add up to 3.0000");
    }
    void brokenEntriesSayWhy()
    {
        QFETCH(QString, text);
        QFETCH(QString, reason);
        const ReadResult result = readStructures({"set/x.json", text.toStdString()});
        QVERIFY(result.structures.empty());
        QCOMPARE(int(result.rejects.size()), 1);
        QVERIFY2(result.rejects[0].reason.find(reason.toStdString()) != std::string::npos,
                 result.rejects[0].reason.c_str());
        QCOMPARE(result.rejects[0].name, std::string("set/x.json"));
        THROWS_ERROR(readOptimade(text.toStdString(), "x.json"), "x.json: ");
    }

    void brokenTextsNameTheLine()
    {
        std::string text = response(entry()).dump(1);
        text.insert(text.rfind('}'), "]");
        const ReadResult result = readStructures({"x.json", text});
        const auto lines = std::to_string(1 + std::ranges::count(text, '\n'));
        QVERIFY2(result.rejects.at(0).reason.starts_with("line " + lines + ": no JSON: "),
                 result.rejects.at(0).reason.c_str());
    }

    // A copy of such a value would need as many stack frames.
    void deepNestingIsNoDanger()
    {
        const int depth = 200000;
        const std::string nest = std::string(depth, '[') + std::string(depth, ']');
        for (const std::string &data : {nest, R"({"id": "a", "attributes": )" + nest + "}",
                                        R"([{"id": "a", "attributes": {"lattice_vectors": )" + nest + "}}]"}) {
            const ReadResult result = readStructures({"x.json", R"({"data": )" + data + R"(, "api_version": 1})"});
            QCOMPARE(int(result.rejects.size()), 1);
        }
    }
};

QTEST_GUILESS_MAIN(TestReadOptimade)
#include "tst_read_optimade.moc"
