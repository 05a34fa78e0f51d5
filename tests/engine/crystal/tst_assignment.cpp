// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/crystal/assignment.h"

#include "engine/core/rng.h"

#include "tests/support/shared.h"

#include <algorithm>
#include <limits>
#include <numeric>

using namespace engine;

namespace {

constexpr double no = std::numeric_limits<double>::infinity();

double costOf(const Matrix &cost, const std::vector<int> &columns)
{
    double sum = 0;
    for (int row = 0; row < int(columns.size()); ++row)
        sum += cost(row, columns[row]);
    return sum;
}

double cheapestByEnumeration(const Matrix &cost)
{
    std::vector<int> columns(cost.rows());
    std::iota(columns.begin(), columns.end(), 0);
    double best = no;
    do
        best = std::min(best, costOf(cost, columns));
    while (std::ranges::next_permutation(columns).found);
    return best;
}

}

class TestAssignment : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothingIsCheaper()
    {
        Rng rng{11};
        int impossible = 0;
        for (int trial = 0; trial < 400; ++trial) {
            const int n = 1 + trial % 7;
            Matrix cost(n, n);
            for (double &c : cost.reshaped())
                c = rng.uniform() < 0.35 ? no : std::floor(10 * rng.uniform());
            const auto columns = cheapestAssignment(cost);
            const double expected = cheapestByEnumeration(cost);
            if (expected == no) {
                QVERIFY(!columns);
                ++impossible;
                continue;
            }
            QVERIFY(columns);
            QVERIFY(std::ranges::is_permutation(*columns, std::views::iota(0, n)));
            QCOMPARE(costOf(cost, *columns), expected);
        }
        QVERIFY(impossible > 10);
    }

    void theGreedyChoiceIsNotTaken()
    {
        Matrix cost(2, 2);
        cost << 1, 2, 1, 100;
        QCOMPARE(*cheapestAssignment(cost), (std::vector{1, 0}));
    }

    void largeTablesAreSolved()
    {
        // c_ij = (i + 1)(j + 1) is cheapest when the order is reversed: the rearrangement inequality.
        const int n = 150;
        Matrix cost(n, n);
        for (int i = 0; i < n; ++i)
            for (int j = 0; j < n; ++j)
                cost(i, j) = (i + 1) * (j + 1);
        const auto columns = cheapestAssignment(cost);
        for (int i = 0; i < n; ++i)
            QCOMPARE((*columns)[i], n - 1 - i);
    }
};

QTEST_APPLESS_MAIN(TestAssignment)
#include "tst_assignment.moc"
