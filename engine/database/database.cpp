// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/database/database.h"

#include <algorithm>

namespace engine {

const Entry *Database::find(std::string_view id) const
{
    const auto at = std::ranges::lower_bound(entries, id, {}, [](const Entry &e) { return std::string_view(e.id); });
    return at != entries.end() && at->id == id ? &*at : nullptr;
}

void Database::add(Entry entry)
{
    check(entry);
    const auto at = std::ranges::lower_bound(entries, entry.id, {}, &Entry::id);
    if (at != entries.end() && at->id == entry.id)
        throw Error("entry " + entry.id + ": there is one of that id already");
    entries.insert(at, std::move(entry));
}

}
