// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/project/audit.h"

#include "engine/core/text.h"

#include <cstdlib>
#include <ctime>

namespace engine {

AuditRecord auditRecord(std::string entry, std::string what, std::string why)
{
    std::time_t now = std::time(nullptr);
    if (const char *fixed = std::getenv("SOURCE_DATE_EPOCH"))
        if (const auto seconds = parseInteger(fixed))
            now = *seconds;
    std::tm utc{};
    gmtime_r(&now, &utc);
    char time[32];
    std::strftime(time, sizeof time, "%Y-%m-%dT%H:%M:%SZ", &utc);
    const char *user = std::getenv("USER");
    return {time, user ? user : "", std::move(entry), std::move(what), std::move(why)};
}

}
