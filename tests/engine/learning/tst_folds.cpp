// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/learning/folds.h"

#include "tests/support/shared.h"

#include <algorithm>
#include <set>

using namespace engine;

namespace {
std::vector<bool> labels(int n, int positives)
{
    std::vector<bool> y(n);
    for (int i = 0; i < positives; ++i)
        y[(i * 7) % n] = true;
    return y;
}
}

class TestFolds : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everySampleIsValidatedOnce()
    {
        std::multiset<std::size_t> seen;
        for (const Fold &fold : stratifiedKFold(labels(321, 113), 5, Rng(1))) {
            seen.insert(fold.validation.begin(), fold.validation.end());
            std::vector<std::size_t> all = fold.training;
            all.insert(all.end(), fold.validation.begin(), fold.validation.end());
            std::sort(all.begin(), all.end());
            for (std::size_t i = 0; i < all.size(); ++i)
                QCOMPARE(all[i], i);
            QCOMPARE(all.size(), 321u);
            QVERIFY(std::is_sorted(fold.training.begin(), fold.training.end()));
            QVERIFY(std::is_sorted(fold.validation.begin(), fold.validation.end()));
        }
        QCOMPARE(seen.size(), 321u);
        QCOMPARE(std::set<std::size_t>(seen.begin(), seen.end()).size(), 321u);
    }

    void sizesAndSharesAreEven_data()
    {
        QTest::addColumn<int>("n");
        QTest::addColumn<int>("positives");
        QTest::addColumn<int>("k");
        QTest::newRow("OBELiX") << 321 << 113 << 5;
        QTest::newRow("as few as can be") << 15 << 5 << 5;
        QTest::newRow("mostly positive") << 40 << 33 << 7;
    }

    void sizesAndSharesAreEven()
    {
        QFETCH(int, n);
        QFETCH(int, positives);
        QFETCH(int, k);
        const auto y = labels(n, positives);
        const auto folds = stratifiedKFold(y, k, Rng(2));
        QCOMPARE(int(folds.size()), k);
        for (const Fold &fold : folds) {
            const int size = int(fold.validation.size());
            const int count =
                int(std::count_if(fold.validation.begin(), fold.validation.end(), [&](std::size_t i) { return y[i]; }));
            QVERIFY(size == n / k || size == n / k + 1);
            QVERIFY(count == positives / k || count == positives / k + 1);
        }
        QCOMPARE(folds.front().name, std::string("fold 1"));
    }

    void theSeedDecides()
    {
        const auto y = labels(50, 20);
        QCOMPARE(stratifiedKFold(y, 5, Rng(3)), stratifiedKFold(y, 5, Rng(3)));
        QVERIFY(stratifiedKFold(y, 5, Rng(3)) != stratifiedKFold(y, 5, Rng(4)));
    }

    void impossibleFoldsAreErrors()
    {
        THROWS_ERROR(stratifiedKFold(labels(50, 20), 1, Rng(1)), "at least 2, not 1");
        THROWS_ERROR(stratifiedKFold(labels(50, 4), 5, Rng(1)), "4 positive samples, too few for 5 folds");
        THROWS_ERROR(stratifiedKFold(labels(50, 47), 5, Rng(1)), "3 negative samples, too few for 5 folds");
        THROWS_ERROR(stratifiedKFold({}, 5, Rng(1)), "0 positive samples");
    }
};

QTEST_APPLESS_MAIN(TestFolds)
#include "tst_folds.moc"
