// SPDX-License-Identifier: GPL-3.0-or-later
// The mathematics of crystals on the 321 structures of OBELiX, most of them disordered.
#include "engine/crystal/composition.h"
#include "engine/crystal/element.h"
#include "engine/crystal/oxidation.h"
#include "engine/crystal/read.h"
#include "engine/crystal/reduce.h"
#include "engine/crystal/simplify.h"
#include "engine/project/archive.h"

#include "tests/support/shared.h"

#include <QRegularExpression>

#include <algorithm>
#include <map>

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
};

QTEST_APPLESS_MAIN(TestObelix)
#include "tst_obelix.moc"
