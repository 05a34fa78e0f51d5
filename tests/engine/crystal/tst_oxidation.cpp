// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/crystal/oxidation.h"

#include "engine/core/rng.h"
#include "engine/crystal/element.h"

#include "tests/support/shared.h"

#include <algorithm>
#include <cmath>

using namespace engine;

namespace {
Composition fromSymbols(const nlohmann::json &amounts)
{
    Composition result;
    for (const auto &[symbol, amount] : amounts.items())
        result[atomicNumber(symbol).value()] = amount;
    return result;
}

std::string written(const std::map<int, int> &states)
{
    std::string text;
    for (const auto &[Z, state] : states)
        text += symbolOf(Z) + std::to_string(state) + " ";
    return text;
}

int sign(int x)
{
    return (x > 0) - (x < 0);
}

/// The rule by trying everything, in the order in which ties are decided.
std::map<int, int> byTryingAll(const Composition &composition)
{
    std::vector<int> order;
    for (const auto &[Z, amount] : composition)
        order.push_back(Z);
    const auto X = [](int Z) { return element(Z).electronegativity.value_or(0); };
    std::ranges::sort(order, {}, [&](int Z) { return std::pair(X(Z), symbolOf(Z)); });
    const auto candidates = [](int Z) {
        return element(Z).chargeCandidates.empty() ? std::vector{0} : element(Z).chargeCandidates;
    };
    std::vector<std::size_t> ranks(order.size());
    std::map<int, int> best;
    for (const int Z : order)
        best[Z] = 0;
    double bestCost = 1e9;
    for (;;) {
        double charge = 0, cost = 0;
        bool hasNegative = false;
        for (std::size_t i = 0; i < order.size(); ++i) {
            const int q = candidates(order[i])[ranks[i]];
            charge += q * composition.at(order[i]);
            cost += 0.02 * double(ranks[i]);
            hasNegative |= q < 0;
            for (std::size_t j = 0; j < i; ++j)
                cost += q > 0 && candidates(order[j])[ranks[j]] < 0 && X(order[j]) < X(order[i]) ? 0.2 : 0;
        }
        cost += std::abs(charge) / atoms(composition);
        if (hasNegative && cost < bestCost - 1e-12) {
            bestCost = cost;
            for (std::size_t i = 0; i < order.size(); ++i)
                best[order[i]] = candidates(order[i])[ranks[i]];
        }
        std::size_t i = order.size();
        while (i > 0 && ++ranks[i - 1] == candidates(order[i - 1]).size())
            ranks[--i] = 0;
        if (i == 0)
            return best;
    }
}
}

class TestOxidation : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void compoundsAreBalanced_data()
    {
        QTest::addColumn<QString>("formula");
        QTest::addColumn<QString>("states");
        QTest::newRow("salt") << "LiCl"
                              << "Li1 Cl-1 ";
        QTest::newRow("phosphate") << "LiFePO4"
                                   << "Li1 O-2 P5 Fe2 ";
        QTest::newRow("phosphide") << "Li3P"
                                   << "Li1 P-3 ";
        QTest::newRow("hydroxide") << "LiOH"
                                   << "H1 Li1 O-2 ";
        QTest::newRow("hydride") << "LiBH4"
                                 << "H-1 Li1 B3 ";
        QTest::newRow("garnet, fractional") << "Li6.4La3Zr1.4Ta0.6O12"
                                            << "Li1 O-2 Zr4 La3 Ta5 ";
        QTest::newRow("Zintl phase") << "LiCaAs"
                                     << "Li1 Ca2 As-3 ";
        QTest::newRow("perchlorate") << "LiClO4"
                                     << "Li1 O-2 Cl7 ";
        QTest::newRow("alloy: no negative candidate") << "LiAl"
                                                      << "Li0 Al0 ";
        QTest::newRow("element") << "S8"
                                 << "S0 ";
        QTest::newRow("noble gas") << "LiHe"
                                   << "He0 Li0 ";
    }
    void compoundsAreBalanced()
    {
        QFETCH(QString, formula);
        QFETCH(QString, states);
        const OxidationGuess guess = guessOxidationStates(parseFormula(formula.toStdString()));
        QCOMPARE(QString::fromStdString(written(guess.states)), states);
        COMPARE_NEAR(guess.residual_e_per_atom, 0, 1e-12);
    }

    void whatIsLeftIsReportedPerAtom()
    {
        // Li +1, Cl −1: 2 − 1 = 1 electron on 3 atoms.
        COMPARE_NEAR(guessOxidationStates(parseFormula("Li2Cl")).residual_e_per_atom, 1.0 / 3, 1e-12);
    }

    void nothingIsGuessedForNothing() { QVERIFY(guessOxidationStates({}).states.empty()); }

    void theSearchFindsWhatTryingAllFinds()
    {
        Rng rng{5};
        for (int i = 0; i < 400; ++i) {
            Composition composition;
            for (std::size_t n = 2 + rng.below(5); n > 0; --n)
                composition[int(1 + rng.below(largestZ))] =
                    i % 2 ? double(1 + rng.below(6)) : 0.001 * double(1 + rng.below(9000));
            QCOMPARE(written(guessOxidationStates(composition).states), written(byTryingAll(composition)));
        }
    }

    void manyElementsAreNoHarm()
    {
        Rng rng{8};
        Composition all, uneven, ligands;
        for (int Z = 1; Z <= largestZ; ++Z) {
            all[Z] = 1;
            uneven[Z] = rng.uniform();
            if (element(Z).chargeCandidates.size() > 1)
                ligands[Z] = rng.uniform();
        }
        for (const Composition &composition : {all, uneven, ligands}) {
            const OxidationGuess guess = guessOxidationStates(composition);
            QCOMPARE(guess.states.size(), composition.size());
            QVERIFY(guess.residual_e_per_atom < 3);
        }
    }

    void theGuessDoesNotDependOnTheSizeOfTheFormula()
    {
        Rng rng{6};
        for (int i = 0; i < 100; ++i) {
            Composition small, large;
            for (int n = 0; n < 4; ++n)
                small[int(1 + rng.below(largestZ))] = double(1 + rng.below(12));
            for (const auto &[Z, amount] : small)
                large[Z] = 16 * amount;
            QCOMPARE(guessOxidationStates(large).states, guessOxidationStates(small).states);
        }
    }

    void structuresKeepTheStatesOfTheFile()
    {
        Structure structure;
        structure.sites.resize(2);
        structure.sites[0].occupants = {{{.Z = 26, .oxidationState = 3}, 0.5}};
        structure.sites[1].occupants = {{{.Z = 17, .oxidationState = -1}, 1.0}};
        QCOMPARE(withOxidationStates(structure), structure);
    }

    void guessedStatesAreMarkedByAWarning()
    {
        Structure structure;
        structure.sites.resize(2);
        structure.sites[0].occupants = {{{.Z = 3}, 0.5}};
        structure.sites[1].occupants = {{{.Z = 17}, 1.0}};
        const Structure charged = withOxidationStates(structure);
        QCOMPARE(charged.sites[0].occupants[0].species.oxidationState, 1.0);
        QCOMPARE(charged.sites[1].occupants[0].species.oxidationState, -1.0);
        QVERIFY(!charged.hasOxidationStates);
        QCOMPARE(charged.warnings.size(), 1u);
        QCOMPARE(QString::fromStdString(charged.warnings[0].text),
                 QString("oxidation states guessed from the composition: Li +1, Cl −1; they leave 0.33 e per atom"));
        QCOMPARE(withOxidationStates(charged), charged);
    }

    void anAmountOfNothingIsNoHarm()
    {
        Structure structure;
        structure.sites.resize(1);
        structure.sites[0].occupants = {{{.Z = 3}, 1.0}, {{.Z = 17}, 0.0}};
        QCOMPARE(withOxidationStates(structure).sites[0].occupants[1].species.oxidationState, 0.0);
    }

    void signsOfAllObelixStructuresAreAsExpected()
    {
        NEEDS_SHARED("golden/learn/oxi_signs.json");
        const auto golden = sharedJson("golden/learn/oxi_signs.json").at("entries");
        QCOMPARE(golden.size(), 321u);
        for (const auto &[id, entry] : golden.items()) {
            const OxidationGuess guess = guessOxidationStates(fromSymbols(entry.at("amounts")));
            QCOMPARE(guess.states.size(), entry.at("signs").size());
            for (const auto &[symbol, expected] : entry.at("signs").items())
                QVERIFY2(sign(guess.states.at(*atomicNumber(symbol))) == expected.get<int>(),
                         (id + ": " + written(guess.states)).c_str());
            COMPARE_NEAR(guess.residual_e_per_atom, entry.at("residual_per_atom").get<double>(), 2e-6);
        }
    }

    /// The peer lets the atoms of one element differ, and answers with their mean. One state per element can say the same
    /// only where the peer's mean is a whole number: there ours must be among the peer's solutions, and be its first in at
    /// least nine of ten. (Fe3O4 and Mn3O4 cannot be said; LiBH4 is the known error of the peer, its second is ours.)
    void wholeAnswersOfThePeerAreOurs()
    {
        NEEDS_SHARED("golden/crystal/oxidation.json");
        int comparable = 0, same = 0;
        const auto golden = sharedJson("golden/crystal/oxidation.json").at("entries");
        for (const auto &entry : golden) {
            const std::string formula = entry.at("formula");
            const auto ours = guessOxidationStates(parseFormula(formula)).states;
            const auto equals = [&](const nlohmann::json &solution) {
                return std::ranges::all_of(solution.items(), [&](const auto &item) {
                    return ours.at(*atomicNumber(item.key())) == item.value().template get<double>();
                });
            };
            const auto &solutions = entry.at("first");
            const bool isWhole = std::ranges::any_of(solutions, [](const nlohmann::json &solution) {
                return std::ranges::all_of(solution,
                                           [](const nlohmann::json &x) { return x == std::round(x.get<double>()); });
            });
            if (!isWhole)
                continue;
            ++comparable;
            same += equals(solutions[0]);
            QVERIFY2(std::ranges::any_of(solutions, equals), (formula + ": " + written(ours)).c_str());
        }
        QCOMPARE(comparable, 16);
        QVERIFY2(same >= 0.9 * comparable, qPrintable(QString::number(same)));
    }
};

QTEST_APPLESS_MAIN(TestOxidation)
#include "tst_oxidation.moc"
