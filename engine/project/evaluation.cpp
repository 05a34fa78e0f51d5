// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/project/evaluation.h"

#include "engine/core/text.h"

namespace engine {

Evaluation evaluate(const Ensemble &ensemble, const Dataset &dataset)
{
    std::vector<AtomFeatures> features;
    for (const Sample &s : dataset.samples)
        features.push_back(s.features);
    const std::vector<Prediction> predictions = predict(ensemble, features);

    Evaluation evaluation;
    std::vector<double> scores;
    std::vector<bool> labels;
    for (std::size_t i = 0; i < dataset.size(); ++i) {
        const Sample &s = dataset.samples[i];
        evaluation.predictions.push_back({s.id, predictions[i], s.log10Sigma, s.isSuperionic});
        scores.push_back(predictions[i].p);
        labels.push_back(s.isSuperionic);
    }
    evaluation.confusion = confusion(scores, labels);
    evaluation.mcc = mcc(evaluation.confusion);
    evaluation.aucPr = averagePrecision(scores, labels);
    evaluation.aucPrTrapezoid = aucPrTrapezoid(scores, labels);
    evaluation.rocAuc = rocAuc(scores, labels);
    return evaluation;
}

Csv testTable(const Evaluation &evaluation)
{
    Csv table{{"id", "p", "sd", "log10_sigma", "label"}, {}, {}};
    for (const TestPrediction &p : evaluation.predictions)
        table.rows.push_back(
            {p.id, shortest(p.prediction.p), shortest(p.prediction.sd), shortest(p.log10Sigma), p.label ? "1" : "0"});
    return table;
}

}
