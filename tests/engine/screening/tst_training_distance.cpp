// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/screening/training_distance.h"

#include "tests/support/arrays.h"

#include <Eigen/QR>

using namespace engine;

class TestTrainingDistance : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void agreesWithTheReference()
    {
        NEEDS_SHARED("golden/learn/d_training.json");
        const auto json = sharedJson("golden/learn/d_training.json");
        const Matrix training = matrixFrom(json["train"]), query = matrixFrom(json["query"]);
        const TrainingDistance distance(training);
        COMPARE_MATRIX(distance.variances().transpose(), matrixFrom(json["explained_variance"]), 1e-10);
        for (int i = 0; i < query.rows(); ++i) {
            COMPARE_NEAR(distance.nearest(query.row(i)).scaled, json["d_training"][i].get<double>(), 1e-10);
            COMPARE_NEAR(distance.toCentroid(query.row(i)), json["distance_to_centroid"][i].get<double>(), 1e-10);
        }
    }

    void aTrainingSampleIsAtDistanceZeroFromItself()
    {
        Rng rng(1);
        const Matrix training = randomMatrix(30, 8, rng);
        const TrainingDistance distance(training);
        for (int i = 0; i < training.rows(); ++i) {
            QCOMPARE(distance.nearest(training.row(i)).scaled, 0.0);
            QCOMPARE(distance.nearest(training.row(i)).index, i);
        }
    }

    void theMeanDistanceToTheCentroidIsOne()
    {
        Rng rng(2);
        const Matrix training = randomMatrix(50, 5, rng);
        const TrainingDistance distance(training);
        double sum = 0.0;
        for (int i = 0; i < training.rows(); ++i)
            sum += distance.toCentroid(training.row(i));
        COMPARE_NEAR(sum / 50.0, 1.0, 1e-12);
    }

    void rotationAndShiftDoNotMatter()
    {
        Rng rng(3);
        const Matrix training = randomMatrix(30, 4, rng), query = randomMatrix(1, 4, rng),
                     shift = randomMatrix(1, 4, rng);
        const Matrix Q = Eigen::HouseholderQR<Eigen::MatrixXd>(randomMatrix(4, 4, rng)).householderQ();
        const auto before = TrainingDistance(training).nearest(query.row(0));
        const auto after = TrainingDistance((training * Q).rowwise() + shift.row(0)).nearest(query * Q + shift);
        QCOMPARE(after.index, before.index);
        COMPARE_NEAR(after.scaled, before.scaled, 1e-12);
    }

    void directionsWithoutSpreadAreLeftOut()
    {
        // Four different columns, then eight combinations of them, as when only four elements occur.
        Rng rng(4);
        const Matrix base = randomMatrix(20, 4, rng), mix = randomMatrix(4, 12, rng);
        const TrainingDistance distance(base * mix);
        QCOMPARE(int(distance.variances().size()), 4);
        const RowVector query = randomMatrix(1, 4, rng) * mix;
        QVERIFY(distance.nearest(query).scaled < 10.0);
    }

    void impossibleRequestsAreErrors()
    {
        THROWS_ERROR(TrainingDistance(Matrix::Ones(1, 3)), "at least two training samples");
        THROWS_ERROR(TrainingDistance(Matrix::Constant(5, 3, 0.1)), "samples that differ");
        Rng rng(5);
        const TrainingDistance distance(randomMatrix(5, 3, rng));
        THROWS_ERROR(distance.nearest(RowVector::Zero(4)), "has 4 features, the training samples 3");
    }
};

QTEST_APPLESS_MAIN(TestTrainingDistance)
#include "tst_training_distance.moc"
