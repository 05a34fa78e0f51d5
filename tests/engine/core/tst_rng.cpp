// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/rng.h"

#include "tests/support/shared.h"

#include <set>

using namespace engine;

class TestRng : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void momentsAreThoseOfTheDistributions()
    {
        Rng rng(7);
        const int n = 200000;
        double sumU = 0, sumN = 0, sumN2 = 0;
        for (int i = 0; i < n; ++i) {
            const double u = rng.uniform();
            QVERIFY(u >= 0.0 && u < 1.0);
            sumU += u;
            const double x = rng.normal();
            sumN += x;
            sumN2 += x * x;
        }
        COMPARE_NEAR(sumU / n, 0.5, 5 * 0.289 / std::sqrt(n)); // five standard errors
        COMPARE_NEAR(sumN / n, 0.0, 5 / std::sqrt(n));
        COMPARE_NEAR(sumN2 / n, 1.0, 5 * std::sqrt(2.0 / n));
    }

    void belowIsUniform()
    {
        Rng rng(3);
        std::array<int, 7> counts{};
        for (int i = 0; i < 70000; ++i)
            ++counts[rng.below(7)];
        for (const int c : counts)
            COMPARE_NEAR(c, 10000, 5 * std::sqrt(10000 * 6.0 / 7));
    }

    void aSplitDependsOnTheSeedAndNotOnTheDraws()
    {
        Rng used(42);
        for (int i = 0; i < 10; ++i)
            used.next();
        QCOMPARE(used.split(3), Rng(42).split(3));
        std::set<std::uint64_t> firsts;
        for (std::uint64_t i = 0; i < 1000; ++i)
            firsts.insert(Rng(42).split(i).next());
        QCOMPARE(firsts.size(), 1000u);
        QVERIFY(Rng(1).split(2).split(3) != Rng(1).split(3).split(2));
    }

    void aStoredStateContinuesTheSequence()
    {
        Rng rng(5);
        rng.normal();
        Rng copy = Rng::fromState(rng.state());
        QCOMPARE(copy, rng);
        for (int i = 0; i < 5; ++i)
            QCOMPARE(copy.next(), rng.next());
    }

    void aPermutationHoldsEveryIndexOnce()
    {
        const auto order = Rng(9).permutation(100);
        QCOMPARE(std::set<std::size_t>(order.begin(), order.end()).size(), 100u);
    }
};

QTEST_APPLESS_MAIN(TestRng)
#include "tst_rng.moc"
