// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/project/figure.h"
#include "engine/project/main_job.h"

namespace engine {

/// Fig. 1a of the paper: space group against log₁₀ σ. Entries without a readable structure or space group, and those below
/// `hiddenBelow`, are not shown.
Figure conductivityBySpaceGroup(const std::vector<ShownEntry> &entries, double threshold_S_cm);

/// Fig. 1b: count against log₁₀ σ, ordered and disordered stacked; entries without a structure are on top.
Figure conductivityHistogram(const std::vector<ShownEntry> &entries, double threshold_S_cm);

/// Values of log₁₀ σ below this are hidden: beyond what impedance can measure, and they would flatten all others.
inline constexpr double hiddenBelow_log10Sigma = -20;

/// All predictions of the cross-validation as one curve, those of every fold in grey, and what chance gives.
Figure precisionRecallFigure(const CrossValidation &validation);

enum class EpochQuantity { Loss, AucPr, Mcc };
/// Mean over the folds against the epoch, ±1 standard deviation as a band, the controls as rules.
Figure epochFigure(const CrossValidation &validation, EpochQuantity quantity);

/// P(superionic) against the measured log₁₀ σ, quadrants counted, misclassified ones outlined.
Figure testFigure(const Evaluation &test, double threshold_S_cm);

/// How many candidates have which P, ordered and disordered stacked.
Figure screeningHistogram(const std::vector<Candidate> &candidates, bool hasLogCounts);

/// P against the distance to the training data, coloured by the spread of the ensemble.
Figure distanceFigure(const std::vector<Candidate> &candidates);

}
