// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/learning/megnet_network.h"

#include "tests/support/shared.h"

using namespace engine;

namespace {

/// A made-up crystal graph: every orbit with a multiplicity, mixed species, and bonds to any orbit.
Graph randomGraph(Rng &rng, int orbits, int bonds, bool hasIsolated)
{
    Graph g;
    g.firstBond = {0};
    for (int l = 0; l < 6; ++l)
        g.lengths_A.push_back(1.5 + 0.5 * l + 0.4 * rng.uniform());
    for (int a = 0; a < orbits; ++a) {
        g.orbits.multiplicity.push_back(1 + int(rng.below(4)));
        g.species.push_back({{1 + int(rng.below(90)), 0.7}, {1 + int(rng.below(90)), 0.2}});
        const int n = hasIsolated && a == 0 ? 0 : bonds - int(rng.below(3));
        for (int b = 0; b < n; ++b) {
            g.neighbour.push_back(int(rng.below(std::size_t(orbits))));
            g.count.push_back(1 + int(rng.below(3)));
            g.length.push_back(int(rng.below(6)));
        }
        g.firstBond.push_back(int(g.neighbour.size()));
    }
    for (const int l : g.length)
        g.distance_A.push_back(g.lengths_A[l]);
    return g;
}

/// The same graph with every orbit written out as that many equal atoms, and every bond as that many bonds of its own length.
Graph writtenOut(const Graph &graph)
{
    std::vector<int> firstCopy = {0};
    for (const int m : graph.orbits.multiplicity)
        firstCopy.push_back(firstCopy.back() + m);
    Graph g;
    g.firstBond = {0};
    for (int a = 0; a < graph.orbits.count(); ++a)
        for (int copy = 0; copy < graph.orbits.multiplicity[a]; ++copy) {
            g.orbits.multiplicity.push_back(1);
            g.species.push_back(graph.species[a]);
            for (int b = graph.firstBond[a]; b < graph.firstBond[a + 1]; ++b)
                for (int n = 0; n < graph.count[b]; ++n) {
                    g.neighbour.push_back(firstCopy[graph.neighbour[b]]);
                    g.distance_A.push_back(graph.distance_A[b]);
                    g.count.push_back(1);
                    g.length.push_back(int(g.lengths_A.size()));
                    g.lengths_A.push_back(graph.distance_A[b]);
                }
            g.firstBond.push_back(int(g.neighbour.size()));
        }
    return g;
}

std::vector<const Graph *> pointers(const std::vector<Graph> &graphs)
{
    std::vector<const Graph *> result;
    for (const auto &g : graphs)
        result.push_back(&g);
    return result;
}

std::vector<double> centres(int n)
{
    std::vector<double> c;
    for (int i = 0; i < n; ++i)
        c.push_back(6.0 * i / (n - 1));
    return c;
}

using Network = MegnetNetwork<double>;

Network::Vec someParameters(const MegnetShape &shape)
{
    auto p = Network::initialParameters(shape, Rng(1));
    Rng rng(2);
    for (Eigen::Index i = 0; i < p.size(); ++i)
        p(i) += 0.05 * rng.normal();
    return p;
}

}

class TestMegnetNetwork : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void itHasAsManyParametersAsThePublishedNetworks()
    {
        QCOMPARE(parameterCount({}), 167761u); // the count of every published file
    }

    void gradientsAgreeWithFiniteDifferences_data()
    {
        QTest::addColumn<bool>("isClassifier");
        QTest::addColumn<int>("blocks");
        QTest::addColumn<int>("steps");
        QTest::newRow("regression") << false << 3 << 2;
        QTest::newRow("classification, three steps") << true << 3 << 3;
        QTest::newRow("one block") << false << 1 << 2;
    }
    void gradientsAgreeWithFiniteDifferences()
    {
        QFETCH(bool, isClassifier);
        QFETCH(int, blocks);
        QFETCH(int, steps);
        const MegnetShape shape{.blocks = blocks, .set2setSteps = steps, .gaussians = 20, .isClassifier = isClassifier};
        Rng rng(3);
        std::vector<Graph> graphs;
        for (int i = 0; i < 4; ++i)
            graphs.push_back(randomGraph(rng, 3 + i, 8, i % 2 == 0));
        const auto batch = makeBatch<double>(pointers(graphs));
        Network network(shape, centres(20), 0.5);
        auto p = someParameters(shape);
        Eigen::VectorXd targets(4), gradient, unused;
        targets << 1, 0, 0.05, 1;
        if (isClassifier)
            targets(2) = 0;
        network.lossAndGradient(batch, p, targets, gradient);
        for (const auto &array : parameterArrays(shape)) {
            const auto size = std::size_t(array.rows) * std::size_t(array.cols);
            for (int n = 0; n < 4; ++n) {
                auto i = Eigen::Index(array.offset + rng.below(size));
                if (array.name.starts_with("embedding")) // only elements that occur have a gradient
                    i = Eigen::Index(array.offset) + batch.Z[rng.below(batch.Z.size())] * shape.embedding +
                        Eigen::Index(rng.below(std::size_t(shape.embedding)));
                const double h = 1e-5, kept = p(i);
                p(i) = kept + h;
                const double above = network.lossAndGradient(batch, p, targets, unused);
                p(i) = kept - h;
                const double below = network.lossAndGradient(batch, p, targets, unused);
                p(i) = kept;
                const double numeric = (above - below) / (2 * h);
                QVERIFY2(std::abs(numeric - gradient(i)) <= 1e-6 * (1 + std::abs(numeric)),
                         qPrintable(QString("%1: %2, numerically %3")
                                        .arg(QString::fromStdString(array.name))
                                        .arg(gradient(i), 0, 'g', 12)
                                        .arg(numeric, 0, 'g', 12)));
            }
        }
    }

    void orbitsWithMultiplicityGiveWhatAllAtomsGive()
    {
        const MegnetShape shape{.gaussians = 20};
        Rng rng(5);
        std::vector<Graph> graphs, full;
        for (int i = 0; i < 3; ++i) {
            graphs.push_back(randomGraph(rng, 4 + i, 9, i == 1));
            full.push_back(writtenOut(graphs.back()));
        }
        Network network(shape, centres(20), 0.5);
        const auto p = someParameters(shape);
        const Eigen::VectorXd y = network.outputs(makeBatch<double>(pointers(graphs)), p);
        const Eigen::VectorXd yFull = network.outputs(makeBatch<double>(pointers(full)), p);
        for (int i = 0; i < 3; ++i)
            COMPARE_NEAR(y(i), yFull(i), 1e-12);
        Eigen::VectorXd gradient, gradientFull;
        const Eigen::VectorXd targets = Eigen::VectorXd::Ones(3);
        network.lossAndGradient(makeBatch<double>(pointers(graphs)), p, targets, gradient);
        network.lossAndGradient(makeBatch<double>(pointers(full)), p, targets, gradientFull);
        QVERIFY((gradient - gradientFull).cwiseAbs().maxCoeff() < 1e-12);
    }

    void aGraphsOutputDoesNotDependOnItsCompany()
    {
        const MegnetShape shape{.gaussians = 20};
        Rng rng(6);
        std::vector<Graph> graphs;
        for (int i = 0; i < 5; ++i)
            graphs.push_back(randomGraph(rng, 2 + i, 7, false));
        Network network(shape, centres(20), 0.5);
        const auto p = someParameters(shape);
        const Eigen::VectorXd together = network.outputs(makeBatch<double>(pointers(graphs)), p);
        for (int i = 0; i < 5; ++i)
            COMPARE_NEAR(network.outputs(makeBatch<double>({&graphs[i]}), p)(0), together(i), 1e-12);
    }

    void recurrentKernelsStartOrthogonal()
    {
        const MegnetShape shape;
        const auto p = Network::initialParameters(shape, Rng(4));
        for (const auto &array : parameterArrays(shape))
            if (array.name.ends_with("recurrent_kernel")) {
                const Eigen::Map<const Network::Mat> R(p.data() + array.offset, array.rows, array.cols);
                QVERIFY((R * R.transpose()).isIdentity(1e-12));
            }
    }
};

QTEST_APPLESS_MAIN(TestMegnetNetwork)
#include "tst_megnet_network.moc"
