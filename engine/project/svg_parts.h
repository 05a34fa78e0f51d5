// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/project/figure.h"

#include <array>
#include <string>
#include <string_view>

/// Small texts that figures are put together from. A namespace of their own, because their names are as short as their results.
namespace engine::svg {

struct ColourNames {
    const char *name, *light, *dark;
};
/// In the order of Colour. Okabe and Ito 2008, "Color Universal Design"; the dark variants are lightened to keep 3:1 against the dark
/// ground.
extern const std::array<ColourNames, 9> palette;
const ColourNames &names(Colour colour);

std::string fill(Colour colour);   ///< attributes: the light colour, and the class that dark screens look for
std::string stroke(Colour colour); ///< the same for lines

std::string escaped(std::string_view text); ///< for XML and HTML
std::string px(double value);               ///< with two decimals at most
double textWidth(std::string_view text, double size);

std::string viridis(double part);                                   ///< "#440154" at 0 to "#fde725" at 1
std::string markPath(Shape shape, double x, double y, double size); ///< the d of a path

}
