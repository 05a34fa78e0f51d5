// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/screening/rank.h"

#include "tests/support/shared.h"

#include <algorithm>

using namespace engine;

namespace {

// Passes every filter unless changed.
Candidate good(const std::string &id, double p)
{
    return {.id = id,
            .formula = "Li3PS4",
            .prediction = {p, 0.1},
            .bandGap_eV = 2.5,
            .bandGapSource = "database",
            .isNovel = true};
}

std::vector<std::string> idsOf(const std::vector<Candidate> &candidates)
{
    std::vector<std::string> ids;
    for (const Candidate &c : candidates)
        ids.push_back(c.id);
    return ids;
}

std::string reasonAgainst(const Candidate &candidate, const RankOptions &options = {})
{
    const Ranking ranking = rank({candidate}, options);
    return ranking.excluded.empty() ? "" : ranking.excluded[0].reason;
}

}

class TestRank : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theLikeliestComeFirst()
    {
        QCOMPARE(idsOf(rank({good("a", 0.6), good("b", 0.9), good("c", 0.7)}, {}).candidates),
                 (std::vector<std::string>{"b", "c", "a"}));
    }

    void tiesAreBrokenBySpreadThenDistanceThenId()
    {
        Candidate narrow = good("z", 0.8), near = good("y", 0.8), first = good("a", 0.8), second = good("b", 0.8);
        narrow.prediction.sd = 0.05;
        near.dTraining = 0.1;
        first.dTraining = second.dTraining = 0.2;
        const std::vector<std::string> expected = {"z", "y", "a", "b"};
        std::vector<Candidate> all = {first, second, near, narrow};
        do {
            QCOMPARE(idsOf(rank(all, {}).candidates), expected);
        } while (std::next_permutation(all.begin(), all.end(),
                                       [](const Candidate &a, const Candidate &b) { return a.id < b.id; }));
    }

    void everyFilterGivesItsReason()
    {
        QCOMPARE(reasonAgainst(good("a", 0.9)), std::string());
        QCOMPARE(reasonAgainst(good("a", 0.25)), std::string("P 0.250 below 0.5"));

        Candidate c = good("a", 0.9);
        c.bandGap_eV = 0.31;
        QCOMPARE(reasonAgainst(c), std::string("band gap 0.31 eV below 1 eV"));
        c.bandGap_eV.reset();
        QCOMPARE(reasonAgainst(c), std::string("band gap unknown"));
        QCOMPARE(reasonAgainst(c, {.minimumBandGap_eV = 0}), std::string());

        c = good("a", 0.9);
        c.isNovel = false;
        QCOMPARE(reasonAgainst(c), std::string("composition is in the training data"));
        QCOMPARE(reasonAgainst(c, {.novelOnly = false}), std::string());

        c = good("a", 0.9);
        c.isIntermetallic = true;
        QCOMPARE(reasonAgainst(c), std::string("intermetallic"));
        QCOMPARE(reasonAgainst(c, {.excludeIntermetallics = false}), std::string());

        c = good("a", 0.9);
        c.hasLithium = false;
        QCOMPARE(reasonAgainst(c), std::string("contains no lithium"));
        QCOMPARE(reasonAgainst(c, {.containsLithium = false}), std::string());

        QCOMPARE(reasonAgainst(good("a", 0.9), {.excludedElements = {"Tl", "S"}}), std::string("contains S"));
    }

    void allReasonsAreGiven()
    {
        Candidate c = good("a", 0.1);
        c.isNovel = false;
        c.isIntermetallic = true;
        QCOMPARE(reasonAgainst(c),
                 std::string("P 0.100 below 0.5; composition is in the training data; intermetallic"));
    }

    void theLimitsThemselvesPass()
    {
        Candidate c = good("a", 0.5);
        c.bandGap_eV = 1.0;
        QCOMPARE(reasonAgainst(c), std::string());
    }

    void nothingIsLost()
    {
        const Ranking ranking = rank({good("a", 0.9), good("b", 0.2), good("c", 0.1)}, {});
        QCOMPARE(ranking.candidates.size(), 1u);
        QCOMPARE(ranking.excluded.size(), 2u);
        QCOMPARE(ranking.excluded[0].candidate.id, std::string("b"));
    }

    void anElementThatIsNoneIsRefused()
    {
        THROWS_ERROR(rank({}, {.excludedElements = {"Xx"}}), "\"Xx\" is no element");
    }
};

QTEST_APPLESS_MAIN(TestRank)
#include "tst_rank.moc"
