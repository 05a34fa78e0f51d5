// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/project/project.h"

#include <string>

namespace engine {

/// A line for the audit log: now, and by the user of this machine. `entry` may be empty. The variable SOURCE_DATE_EPOCH, seconds since
/// 1970, replaces the clock where files must be the same every time (reproducible-builds.org).
AuditRecord auditRecord(std::string entry, std::string what, std::string why);

}
