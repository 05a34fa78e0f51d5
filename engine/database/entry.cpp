// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/database/entry.h"

#include "engine/core/error.h"
#include "engine/core/text.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace engine {

namespace {
// In the order of the enums.
constexpr std::array<std::string_view, 4> howTexts{"measured", "interpolated", "extrapolated", "unknown"};
constexpr std::array<std::string_view, 4> provenanceTexts{"text", "table", "figure", "unknown"};
constexpr std::array<std::string_view, 4> linkTexts{"none", "same sample", "same paper", "matched"};
constexpr std::array<std::string_view, 7> statusTexts{"draft",    "submitted",  "verified", "disputed",
                                                      "resolved", "superseded", "excluded"};
constexpr std::array<std::string_view, 2> partitionTexts{"training", "test"};

template <class Enum, std::size_t n>
Enum parseEnum(std::string_view text, const std::array<std::string_view, n> &texts, const char *kind)
{
    const auto found = std::ranges::find(texts, lowered(trimmed(text)));
    if (found == texts.end())
        throw Error("\"" + std::string(text) + "\" is no " + kind + "; one of " +
                    joined({texts.begin(), texts.end()}, ", ") + " is needed");
    return Enum(found - texts.begin());
}

// An id names files (points/<id>.csv), on every system.
bool isUsableAsName(std::string_view text)
{
    if (text.empty() || text.front() == '.' || text != trimmed(text) || !isUtf8(text))
        return false;
    return std::ranges::none_of(text, [](unsigned char c) { return c < 0x20 || c == '/' || c == '\\' || c == ':'; });
}
}

bool isSuperionic(const Entry &entry, double threshold_S_cm)
{
    return !entry.measurement.isUpperBound && entry.measurement.sigma_S_cm > threshold_S_cm;
}

void check(const Entry &entry)
{
    if (entry.id.empty())
        throw Error("an entry without an id");
    const auto fail = [&](const std::string &why) { throw Error("entry " + entry.id + ": " + why); };
    if (!isUsableAsName(entry.id))
        fail("an id names files, so it cannot begin with a dot or hold slashes, colons, line ends or outer spaces, and is UTF-8");
    const double sigma_S_cm = entry.measurement.sigma_S_cm;
    if (!std::isfinite(sigma_S_cm) || sigma_S_cm <= 0)
        fail("a conductivity of " + shortest(sigma_S_cm) + " S/cm; it must be above 0");
    if (sigma_S_cm > 100)
        fail("a conductivity of " + shortest(sigma_S_cm) + " S/cm is no ion's; is a minus sign missing?");
    if (entry.spaceGroupNumber < 0 || entry.spaceGroupNumber > 230)
        fail("space group " + std::to_string(entry.spaceGroupNumber) + "; the numbers are 1 to 230, or 0 for unknown");
    if (!std::ranges::all_of(entry.icsd, [](char c) { return c >= '0' && c <= '9'; }))
        fail("an ICSD collection code is a number, not \"" + entry.icsd + "\"");
    if (!entry.structureFile.empty() && !isUsableAsName(entry.structureFile))
        fail("\"" + entry.structureFile + "\" is no name of a file under structures/");
}

std::string_view toText(HowObtained value)
{
    return howTexts[std::size_t(value)];
}
std::string_view toText(ProvenanceKind value)
{
    return provenanceTexts[std::size_t(value)];
}
std::string_view toText(LinkKind value)
{
    return linkTexts[std::size_t(value)];
}
std::string_view toText(Status value)
{
    return statusTexts[std::size_t(value)];
}
std::string_view toText(Partition value)
{
    return partitionTexts[std::size_t(value)];
}

HowObtained parseHowObtained(std::string_view text)
{
    return parseEnum<HowObtained>(text, howTexts, "way to obtain a conductivity");
}

ProvenanceKind parseProvenanceKind(std::string_view text)
{
    return parseEnum<ProvenanceKind>(text, provenanceTexts, "kind of provenance");
}

LinkKind parseLinkKind(std::string_view text)
{
    return parseEnum<LinkKind>(text, linkTexts, "kind of link to a structure");
}

Status parseStatus(std::string_view text)
{
    return parseEnum<Status>(text, statusTexts, "status");
}

Partition parsePartition(std::string_view text)
{
    return parseEnum<Partition>(text, partitionTexts, "partition");
}

}
