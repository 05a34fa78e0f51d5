// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/project/figure.h"
#include "engine/project/main_job.h"

#include <string>
#include <vector>

namespace engine {

/// All figures of the report, in the order of the page.
struct ReportFigures {
    std::vector<Figure> data, validation, epochs, test, screening;

    std::vector<const Figure *> all() const;
};
ReportFigures reportFigures(const MainJob &job);

/// The page, with the figures inside. `files` are the names of the tables beside it.
std::string reportHtml(const MainJob &job, const ReportFigures &figures, const std::vector<std::string> &files);

}
