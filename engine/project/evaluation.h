// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/csv.h"
#include "engine/learning/ensemble.h"
#include "engine/learning/metrics.h"

#include <string>
#include <vector>

namespace engine {

struct TestPrediction {
    std::string id;
    Prediction prediction;
    double log10Sigma = 0; ///< measured, σ in S/cm
    bool label = false;    ///< is superionic
    bool operator==(const TestPrediction &) const = default;
};

/// How an ensemble does on samples it has not seen. Positive is predicted where the members' mean is at least 0.5.
struct Evaluation {
    double aucPr = 0; ///< average precision; not a number without a positive
    double aucPrTrapezoid = 0, rocAuc = 0, mcc = 0;
    Confusion confusion;
    std::vector<TestPrediction> predictions; ///< in the order of the samples
};

Evaluation evaluate(const Ensemble &ensemble, const Dataset &samples);

/// Columns id, p, sd, log10_sigma, label.
Csv testTable(const Evaluation &evaluation);

}
