// SPDX-License-Identifier: GPL-3.0-or-later
// The mathematics of crystals on the 321 structures of OBELiX, most of them disordered.
#include "engine/crystal/composition.h"
#include "engine/crystal/element.h"
#include "engine/crystal/match.h"
#include "engine/crystal/oxidation.h"
#include "engine/crystal/read.h"
#include "engine/crystal/reduce.h"
#include "engine/crystal/simplify.h"
#include "engine/project/archive.h"

#include "tests/support/shared.h"

#include <QRegularExpression>

#include <algorithm>
#include <map>
#include <set>

using namespace engine;

namespace {
const std::map<std::string, Structure> &structures()
{
    static const auto all = [] {
        std::map<std::string, Structure> result;
        for (const File &file : allFiles({sharedPath("data/obelix/all_cifs.zip")}))
            if (looksLikeStructure(file.name))
                for (Structure &structure : readStructures(file).structures)
                    result[stemOf(file.name)] = std::move(structure);
        return result;
    }();
    return all;
}

/// Cells that the peer leaves as large as they are, and what they have without their centring: sites within its tolerance of each other spoil its count of partners.
const std::map<std::string, std::size_t> quirks{{"019", 48}, {"my9", 48}}; // both R-centred, 144 sites
}

class TestObelix : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        NEEDS_SHARED("data/obelix/all_cifs.zip");
        NEEDS_SHARED("golden/crystal/cif_summary.json");
        NEEDS_SHARED("golden/learn/oxi_signs.json");
        QCOMPARE(structures().size(), 321u);
    }

    void reducedFormulasEqualThePeers()
    {
        const auto golden = sharedJson("golden/crystal/cif_summary.json");
        for (const auto &[id, entry] : golden.items()) {
            // The peer writes a sum of occupancies just below a whole number as "16.0"; we write "16".
            QString expected = QString::fromStdString(entry.at("reduced_formula"));
            expected.replace(QRegularExpression("\\.0(?=[A-Z]|$)"), "");
            const auto ours = QString::fromStdString(reducedFormula(compositionOf(structures().at(id))));
            QVERIFY2(ours == expected, qPrintable(QString::fromStdString(id) + ": " + ours + " for " + expected));
        }
    }

    void primitiveCellsEqualThePeersButForItsQuirks()
    {
        const auto golden = sharedJson("golden/crystal/cif_summary.json");
        for (const auto &[id, entry] : golden.items()) {
            const Structure &structure = structures().at(id);
            const Structure primitive = primitiveCell(structure);
            const auto quirk = quirks.find(id);
            const std::size_t theirs = entry.at("primitive_n_sites");
            const std::size_t expected = quirk == quirks.end() ? theirs : quirk->second;
            QVERIFY2(primitive.sites.size() == expected, (id + ": " + std::to_string(primitive.sites.size()) +
                                                          " sites, expected " + std::to_string(expected))
                                                             .c_str());
            QVERIFY(quirk == quirks.end() || theirs > expected);
            // The same crystal: density and composition stay.
            const double times = double(structure.sites.size()) / double(primitive.sites.size());
            COMPARE_NEAR(primitive.lattice.volume_A3() * times, structure.lattice.volume_A3(),
                         1e-9 * structure.lattice.volume_A3());
            const Composition before = compositionOf(structure), after = compositionOf(primitive);
            for (const auto &[Z, amount] : before)
                COMPARE_NEAR(after.at(Z) * times, amount, 1e-9 * atoms(before));
        }
    }

    void signsAreAsExpected()
    {
        const auto golden = sharedJson("golden/learn/oxi_signs.json").at("entries");
        for (const auto &[id, entry] : golden.items()) {
            const OxidationGuess guess = guessOxidationStates(compositionOf(structures().at(id)));
            for (const auto &[symbol, expected] : entry.at("signs").items()) {
                const int state = guess.states.at(*atomicNumber(symbol));
                QVERIFY2((state > 0) - (state < 0) == expected.get<int>(), (id + ": " + symbol).c_str());
            }
        }
    }

    void simplificationsPreserveOccupancies()
    {
        for (const auto &[id, structure] : structures()) {
            const Structure camns = simplify(structure, Simplification::CAMNS);
            QCOMPARE(camns.sites.size(), structure.sites.size());
            for (std::size_t s = 0; s < camns.sites.size(); ++s) {
                COMPARE_NEAR(camns.sites[s].occupancy(), structure.sites[s].occupancy(), 1e-12);
                QCOMPARE(camns.sites[s].row, structure.sites[s].row);
            }
            const Composition can = compositionOf(simplify(structure, Simplification::CAN));
            QVERIFY(!can.contains(3));
            COMPARE_NEAR(atoms(compositionOf(simplify(structure, Simplification::CANS))), atoms(can), 1e-9);
        }
    }

    void duplicatesAreThePeersAndOneMore()
    {
        NEEDS_SHARED("golden/crystal/duplicates.json");
        const auto golden = sharedJson("golden/crystal/duplicates.json");
        for (const auto &pair : golden.at("same_composition_pairs")) {
            const std::string a = pair.at("a"), b = pair.at("b");
            if (quirks.contains(a) || quirks.contains(b))
                continue;
            const auto ours = match(structures().at(a), structures().at(b));
            const QByteArray name = QByteArray::fromStdString(a + " " + b);
            QVERIFY2((ours && ours->fits) == pair.at("fit").get<bool>(), name);
            QVERIFY2(ours.has_value() == !pair.at("rms").is_null(), name);
            if (ours)
                COMPARE_NEAR(ours->rms, pair.at("rms").get<double>(), 1e-3);
        }

        std::vector<std::string> ids;
        std::vector<Structure> all;
        for (const auto &[id, structure] : structures()) {
            ids.push_back(id);
            all.push_back(structure);
        }
        using Groups = std::set<std::set<std::string>>;
        Groups ours, expected;
        for (const auto &group : duplicateGroups(all)) {
            std::set<std::string> names;
            for (const std::size_t i : group)
                names.insert(ids[i]);
            ours.insert(names);
        }
        for (const auto &component : golden.at("components_of_fit_graph").at("components")) {
            const std::vector<std::string> members = component.at("ids");
            const std::vector<double> values = component.at("conductivity_S_cm");
            expected.insert({members.begin(), members.end()});
            QCOMPARE(members[keptDuplicate(values, members, KeepRule::Paper)],
                     component.at("kept_paper_code").get<std::string>());
            QCOMPARE(members[keptDuplicate(values, members, KeepRule::LowerMedian)],
                     component.at("kept_lower_median").get<std::string>());
        }
        // The peer does not find the primitive cell of 019, so it never meets the one that it is.
        expected.insert({"019", "qno"});
        QVERIFY(ours == expected);
    }
};

QTEST_APPLESS_MAIN(TestObelix)
#include "tst_obelix.moc"
