// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/crystal/read.h"

#include "engine/core/text.h"
#include "engine/crystal/read_parts.h"

#include <algorithm>

namespace engine {

namespace {

enum class Format { None, Cif, Json, Poscar };

Format formatOfName(std::string_view name)
{
    const std::string ending = endingOf(name);
    for (const char *known : {"cif", "mcif", "mmcif"})
        if (ending == known)
            return Format::Cif;
    for (const char *known : {"vasp", "poscar", "contcar"})
        if (ending == known)
            return Format::Poscar;
    if (ending == "json")
        return Format::Json;
    // POSCAR, CONTCAR.relaxed, POSCAR_Li3PS4
    const auto slash = name.find_last_of("/\\");
    const std::string base = lowered(slash == name.npos ? name : name.substr(slash + 1));
    return base.starts_with("poscar") || base.starts_with("contcar") ? Format::Poscar : Format::None;
}

Format formatOfContent(std::string_view text)
{
    const std::string_view start = trimmed(text);
    if (start.starts_with('{') || start.starts_with('['))
        return Format::Json;
    // The first line that is neither empty nor a comment.
    for (const std::string_view line : split(start, '\n')) {
        const std::string first = lowered(trimmed(line));
        if (first.empty() || first.starts_with('#'))
            continue;
        if (first.starts_with("data_"))
            return Format::Cif;
        break;
    }
    return Format::Poscar;
}

/// An OPTIMADE response has "data" whose entries have "attributes"; pymatgen's files have no such word.
bool isOptimade(std::string_view text)
{
    return text.find("\"data\"") != text.npos &&
           (text.find("\"attributes\"") != text.npos || text.find("\"optimade\"") != text.npos ||
            text.find("\"api_version\"") != text.npos);
}

}

bool looksLikeStructure(std::string_view name)
{
    return formatOfName(name) != Format::None;
}

ReadResult readStructures(const File &file, const ReadOptions &options)
{
    const std::string start = lowered(trimmed(std::string_view(file.bytes).substr(0, 200)));
    if (start.starts_with("<!doctype") || start.starts_with("<html"))
        return {{}, {{file.name, "a web page, not a structure; was the download refused?"}}};
    Format format = formatOfName(file.name);
    if (format == Format::None)
        format = formatOfContent(file.bytes);
    switch (format) {
    case Format::Cif:
        return readCifBlocks(file.bytes, file.name, options);
    case Format::Json:
        return isOptimade(file.bytes) ? readOptimadeRecords(file.bytes, file.name, options)
                                      : readPymatgenRecords(file.bytes, file.name, options);
    case Format::Poscar:
    case Format::None:
        break;
    }
    ReadResult result = readPoscarText(file.bytes, file.name, options);
    if (formatOfName(file.name) == Format::None) // a POSCAR is all it can be, but most likely it is not
        for (Reject &reject : result.rejects)
            reject.reason =
                "neither CIF (data_ comes first) nor JSON ({ or [ comes first), and no POSCAR: " + reject.reason;
    return result;
}

}
