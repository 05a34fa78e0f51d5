// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace engine {

enum class HowObtained { Measured, Interpolated, Extrapolated, Unknown };
enum class ProvenanceKind { Text, Table, Figure, Unknown };
enum class LinkKind { None, SameSample, SamePaper, Matched };
enum class Status { Draft, Submitted, Verified, Disputed, Resolved, Superseded, Excluded };
enum class Partition { Training, Test };

/// A conductivity at the project's temperature, and where it comes from.
struct Measurement {
    double sigma_S_cm = 0.0;
    bool isUpperBound = false; ///< "<1E-10": the true value lies below
    HowObtained how = HowObtained::Unknown;
    std::optional<double> lowestTemperature_K; ///< of the points, when extrapolated
    std::optional<double> ea_eV;
    std::string method;       ///< "impedance"
    ProvenanceKind provenance = ProvenanceKind::Unknown;
    std::string doi;
    std::string figure;       ///< label in the paper

    bool operator==(const Measurement &) const = default;
};

/// One compound: a conductivity and, where there is one, the structure it was measured on.
struct Entry {
    std::string id;
    std::string formula;            ///< cell content or formula unit, as the source gives it
    Measurement measurement;
    std::string spaceGroupSymbol;   ///< as the source gives it, trimmed
    int spaceGroupNumber = 0;       ///< 0 when unknown
    std::string family;
    std::string icsd;               ///< collection code, digits only; empty when unknown
    std::string structureFile;      ///< name under structures/, empty when there is none
    LinkKind link = LinkKind::None;
    Partition partition = Partition::Training;
    Status status = Status::Draft;
    std::string exclusionReason;    ///< when excluded or superseded
    std::string curator, verifier;
    std::string note;
    std::map<std::string, std::string> extra; ///< further columns of the source, kept as read

    bool operator==(const Entry &) const = default;
};

/// σ > threshold, strictly; an upper bound at or below the threshold is not superionic.
bool isSuperionic(const Entry &entry, double threshold_S_cm = 1e-4);

std::string_view toText(HowObtained);
std::string_view toText(ProvenanceKind);
std::string_view toText(LinkKind);
std::string_view toText(Status);
std::string_view toText(Partition);

}
