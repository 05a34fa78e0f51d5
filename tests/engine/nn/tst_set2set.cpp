// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nn/set2set.h"

#include "tests/support/arrays.h"

using namespace engine;

namespace {
/// The graphs of golden/learn/set2set.json below each other.
struct Golden {
    Matrix X;
    Segments segments;
    Matrix memoryKernel, memoryBias, recurrentKernel, recurrentBias;
    int steps;

    explicit Golden(const nlohmann::json &json, bool weighted)
        : memoryKernel(matrixFrom(json["x_to_m_weight"])), memoryBias(matrixFrom(json["x_to_m_bias"])),
          recurrentKernel(matrixFrom(json["recurrent_kernel"])), recurrentBias(matrixFrom(json["recurrent_bias"])),
          steps(json["T"])
    {
        std::vector<double> weights;
        for (std::size_t s = 0; s < json["graphs"].size(); ++s) {
            const Matrix rows = matrixFrom(json["graphs"][s]);
            X.conservativeResize(X.rows() + rows.rows(), rows.cols());
            X.bottomRows(rows.rows()) = rows;
            segments.first.push_back(int(X.rows()));
            for (int i = 0; i < rows.rows(); ++i)
                weights.push_back(weighted ? json["weights"][s][i].get<double>() : 1.0);
        }
        segments.weight = Vector::Map(weights.data(), weights.size());
    }

    Set2SetWeights parameters() const { return {memoryKernel, memoryBias, recurrentKernel, recurrentBias}; }
};

struct Random {
    Matrix X;
    Segments segments;
    Matrix memoryKernel, memoryBias, recurrentKernel, recurrentBias;

    explicit Random(Rng rng, int F = 5, int h = 3)
        : X(randomMatrix(9, F, rng)), segments{.first = {0, 4, 5, 9}, .weight = Vector{{1, 2, 4, 1, 3, 2, 1, 1, 6}}},
          memoryKernel(randomMatrix(F, h, rng)), memoryBias(randomMatrix(1, h, rng)),
          recurrentKernel(0.3 * randomMatrix(2 * h, 4 * h, rng)), recurrentBias(randomMatrix(1, 4 * h, rng))
    {
    }

    Set2SetWeights parameters() const { return {memoryKernel, memoryBias, recurrentKernel, recurrentBias}; }
};
}

class TestSet2Set : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void agreesWithTheReference_data()
    {
        QTest::addColumn<bool>("weighted");
        QTest::addColumn<QString>("expected");
        QTest::newRow("rows count alike") << false << "out";
        QTest::newRow("rows have weights") << true << "out_weighted";
    }

    void agreesWithTheReference()
    {
        NEEDS_SHARED("golden/learn/set2set.json");
        QFETCH(bool, weighted);
        QFETCH(QString, expected);
        const auto json = sharedJson("golden/learn/set2set.json");
        const Golden golden(json, weighted);
        const Matrix q = set2set(golden.X, golden.segments, golden.parameters(), golden.steps);
        COMPARE_MATRIX(q, matrixFrom(json[expected.toStdString()]), 1e-10);
    }

    void theCellStateIsNotCarried()
    {
        NEEDS_SHARED("golden/learn/set2set.json");
        const auto json = sharedJson("golden/learn/set2set.json");
        const Golden golden(json, false);
        const Matrix q = set2set(golden.X, golden.segments, golden.parameters(), golden.steps);
        QVERIFY(largestDifference(q, matrixFrom(json["out_if_cell_were_carried_DO_NOT_MATCH"])) > 0.01);
    }

    void gradientsAgreeWithTheReference()
    {
        NEEDS_SHARED("golden/learn/set2set_gradient.json");
        const auto json = sharedJson("golden/learn/set2set_gradient.json");
        const Golden golden(sharedJson("golden/learn/set2set.json"), false);
        const Matrix c = matrixFrom(json["c"]);

        Set2Set layer;
        Matrix q(golden.segments.count(), c.cols());
        layer.forward(golden.X, golden.segments, golden.parameters(), golden.steps, q);
        COMPARE_NEAR((q * c.transpose()).sum(), json["loss"].get<double>(), 1e-9);

        Matrix dWm = golden.memoryKernel, dbm = golden.memoryBias, dR = golden.recurrentKernel,
               dbr = golden.recurrentBias, dX = golden.X;
        layer.backward(golden.X, golden.segments, golden.parameters(), c.replicate(q.rows(), 1), {dWm, dbm, dR, dbr},
                       dX);
        COMPARE_MATRIX(dWm, matrixFrom(json["d_x_to_m_weight"]), 1e-10);
        COMPARE_MATRIX(dbm, matrixFrom(json["d_x_to_m_bias"]), 1e-10);
        COMPARE_MATRIX(dR, matrixFrom(json["d_recurrent_kernel"]), 1e-10);
        COMPARE_MATRIX(dbr, matrixFrom(json["d_recurrent_bias"]), 1e-10);
        int first = 0;
        for (const auto &graph : json["d_graphs"]) {
            const Matrix expected = matrixFrom(graph);
            COMPARE_MATRIX(dX.middleRows(first, expected.rows()), expected, 1e-10);
            first += int(expected.rows());
        }
    }

    void gradientsAgreeWithFiniteDifferences_data()
    {
        QTest::addColumn<int>("steps");
        for (const int steps : {1, 2, 3, 5})
            QTest::addRow("%d steps", steps) << steps;
    }

    void gradientsAgreeWithFiniteDifferences()
    {
        QFETCH(int, steps);
        Random r(Rng(11));
        Rng rng(12);
        const Matrix c = randomMatrix(3, 6, rng); // loss = Σ c q
        const auto loss = [&] { return set2set(r.X, r.segments, r.parameters(), steps).cwiseProduct(c).sum(); };
        Set2Set layer;
        Matrix q(3, 6), dWm = r.memoryKernel, dbm = r.memoryBias, dR = r.recurrentKernel, dbr = r.recurrentBias,
                        dX = r.X;
        layer.forward(r.X, r.segments, r.parameters(), steps, q);
        layer.backward(r.X, r.segments, r.parameters(), c, {dWm, dbm, dR, dbr}, dX);
        COMPARE_MATRIX(dWm, finiteDifferences(r.memoryKernel, loss), 1e-6);
        COMPARE_MATRIX(dbm, finiteDifferences(r.memoryBias, loss), 1e-6);
        COMPARE_MATRIX(dR, finiteDifferences(r.recurrentKernel, loss), 1e-6);
        COMPARE_MATRIX(dbr, finiteDifferences(r.recurrentBias, loss), 1e-6);
        COMPARE_MATRIX(dX, finiteDifferences(r.X, loss), 1e-6);
    }

    void aRowOfWeightTwoIsTwoRows()
    {
        const Random r(Rng(21));
        Matrix X(0, r.X.cols());
        Segments expanded;
        for (int s = 0; s < r.segments.count(); ++s) {
            for (int i = r.segments.first[s]; i < r.segments.first[s + 1]; ++i) {
                const int copies = int(r.segments.weight(i));
                X.conservativeResize(X.rows() + copies, r.X.cols());
                X.bottomRows(copies).rowwise() = r.X.row(i);
            }
            expanded.first.push_back(int(X.rows()));
        }
        expanded.weight = Vector::Ones(X.rows());
        COMPARE_MATRIX(set2set(X, expanded, r.parameters(), 3), set2set(r.X, r.segments, r.parameters(), 3), 1e-13);
    }

    void aRowOfWeightZeroDoesNotCount()
    {
        Random r(Rng(22));
        r.segments.weight(1) = 0.0;
        const Matrix without = set2set(r.X, r.segments, r.parameters(), 3);
        r.X.row(1) *= 1e6; // would take over the softmax's maximum
        COMPARE_MATRIX(set2set(r.X, r.segments, r.parameters(), 3), without, 1e-13);
    }

    void aStructureAloneGivesWhatItGivesInABatch()
    {
        const Random r(Rng(23));
        const Matrix batch = set2set(r.X, r.segments, r.parameters(), 3);
        for (int s = 0; s < r.segments.count(); ++s) {
            const int first = r.segments.first[s], n = r.segments.size(s);
            const Matrix alone = set2set(r.X.middleRows(first, n),
                                         Segments::single(r.segments.weight.segment(first, n)), r.parameters(), 3);
            COMPARE_MATRIX(alone, batch.row(s), 1e-13);
        }
    }

    void theOrderOfRowsDoesNotMatter()
    {
        const Random r(Rng(24));
        Matrix X = r.X;
        X.topRows(4) = r.X.topRows(4).colwise().reverse();
        Segments segments = r.segments;
        segments.weight.head(4) = r.segments.weight.head(4).reverse();
        COMPARE_MATRIX(set2set(X, segments, r.parameters(), 3), set2set(r.X, r.segments, r.parameters(), 3), 1e-13);
    }

    void shapesThatDoNotFitAreErrors()
    {
        Random r(Rng(25));
        THROWS_ERROR(set2set(r.X, r.segments, r.parameters(), 0), "steps must be at least 1");
        THROWS_ERROR(set2set(r.X.leftCols(4), r.segments, r.parameters(), 3), "shapes");
        THROWS_ERROR(set2set(r.X.topRows(8), r.segments, r.parameters(), 3), "one weight per row");
        r.recurrentBias = Matrix::Zero(1, 3);
        THROWS_ERROR(set2set(r.X, r.segments, r.parameters(), 3), "shapes");
    }
};

QTEST_APPLESS_MAIN(TestSet2Set)
#include "tst_set2set.moc"
