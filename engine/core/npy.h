// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/matrix.h"

#include <string>
#include <string_view>

namespace engine {

/// NumPy's .npy format, version 1.0, little-endian float64 in C order, shape (rows, cols). Bit-exact both ways.
std::string writeNpy(const Matrix &array);

/// Reads float32 or float64, C or Fortran order, of one or two dimensions (n values become n × 1).
/// Throws Error that begins with `name` for anything else.
Matrix readNpy(std::string_view bytes, std::string_view name);

}
