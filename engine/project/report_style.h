// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace engine {

/// The style sheet of the report: light and dark screens, phones, and paper.
extern const char *const reportStyle;

}
