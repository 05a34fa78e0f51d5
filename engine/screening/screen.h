// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/progress.h"
#include "engine/crystal/composition.h"
#include "engine/learning/ensemble.h"
#include "engine/screening/training_distance.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace engine {

/// One screened structure.
struct Candidate {
    std::string id;
    std::string formula; ///< reduced
    Prediction prediction;
    std::optional<double> bandGap_eV;
    std::string bandGapSource; ///< "database", "predicted", or empty
    double dTraining = 0;      ///< distance to the nearest training structure (atomsets.md section 8)
    std::string nearestTrainingId;
    bool isNovel = false; ///< not within the tolerance of a training composition
    bool isIntermetallic = false;
    bool isOrdered = true;
    bool hasLithium = true;
    bool operator==(const Candidate &) const = default;
};

struct ScreenOptions {
    double noveltyTolerance = 0.05; ///< absolute atomic fraction (crystal.md section 8)
    bool strictIntermetallics = false;
    bool operator==(const ScreenOptions &) const = default;
};

struct Screening {
    std::vector<Candidate> candidates; ///< in the order of the structures, without the rejected ones
    std::vector<Reject> rejects;
};

/// Throws Error that names both networks when `parent` is not the one the ensemble's features come from.
void requireParent(const Ensemble &ensemble, const Megnet &parent);

/// The networks of a screening, and what is computed of the ensemble once: made ready for batch after batch.
class Screener {
public:
    /// `bandGap` predicts the gap where a structure brings none (property "band_gap", "bandgap", "band_gap_eV" or "bandgap_eV",
    /// in eV). That model has never seen a metal; with `metal`, a structure that it calls a metal (P ≥ 0.5) gets gap 0 instead.
    /// Each model builds graphs with its own cutoff and basis. Throws Error as requireParent, when the ensemble has no members, and for a model of another property.
    Screener(Ensemble ensemble, Megnet parent, std::optional<Megnet> bandGap = {}, std::optional<Megnet> metal = {},
             const ScreenOptions &options = {});

    /// Structures in parallel; the same result for any number of threads. Structures without features (unknown elements, nothing
    /// within the cutoff) become rejects.
    Screening screen(const std::vector<Structure> &structures, const Progress &progress) const;

    const Ensemble &ensemble() const { return m_ensemble; }

private:
    Ensemble m_ensemble;
    Megnet m_parent;
    std::optional<Megnet> m_bandGap, m_metal;
    ScreenOptions m_options;
    TrainingDistance m_distance;
    std::vector<Composition> m_trainingCompositions;
};

}
