// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace engine {

enum class HowObtained { Measured, Interpolated, Extrapolated, Unknown };
enum class ProvenanceKind { Text, Table, Figure, Unknown };

/// How the structure belongs to the conductivity; Matched: by formula, space group and lattice, or by collection code.
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
    std::string method; ///< "impedance"
    ProvenanceKind provenance = ProvenanceKind::Unknown;
    std::string doi;
    std::string figure; ///< label in the paper

    bool operator==(const Measurement &) const = default;
};

/// One compound: a conductivity and, where there is one, the structure it was measured on.
struct Entry {
    std::string id;
    std::string formula; ///< cell content or formula unit, as the source gives it
    Measurement measurement;
    std::string spaceGroupSymbol; ///< as the source gives it, trimmed
    int spaceGroupNumber = 0;     ///< 0 when unknown
    std::string family;
    std::string icsd;          ///< collection code, digits only; empty when unknown
    std::string structureFile; ///< name under structures/, empty when there is none
    LinkKind link = LinkKind::None;
    Partition partition = Partition::Training;
    Status status = Status::Draft;
    std::string exclusionReason; ///< when excluded or superseded
    std::string curator, verifier;
    std::string note;
    std::map<std::string, std::string> extra; ///< further columns of the source, kept as read

    bool operator==(const Entry &) const = default;
};

/// σ > threshold, strictly. An upper bound never shows that σ lies above, so it is not superionic.
bool isSuperionic(const Entry &entry, double threshold_S_cm = 1e-4);

/// Throws Error that names the entry and what is wrong with it: no id or one that cannot be part of a file name, σ that is no
/// positive number or over 100 S/cm (no ion conducts so well: the minus of an exponent is missing), a space group above 230,
/// an ICSD code that is no number, a structure file with a folder in its name.
void check(const Entry &entry);

std::string_view toText(HowObtained);    ///< "measured", "interpolated", "extrapolated", "unknown"
std::string_view toText(ProvenanceKind); ///< "text", "table", "figure", "unknown"
std::string_view toText(LinkKind);       ///< "none", "same sample", "same paper", "matched"
std::string_view toText(Status); ///< "draft", "submitted", "verified", "disputed", "resolved", "superseded", "excluded"
std::string_view toText(Partition); ///< "training", "test"

/// The way back, in any case of letters. Throw Error that lists the texts.
HowObtained parseHowObtained(std::string_view text);
ProvenanceKind parseProvenanceKind(std::string_view text);
LinkKind parseLinkKind(std::string_view text);
Status parseStatus(std::string_view text);
Partition parsePartition(std::string_view text);

}
