// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/matrix.h"
#include "engine/core/rng.h"

namespace engine {

/// Uniform between ±√(6 / (rows + cols)) (Glorot and Bengio 2010, eq. 16).
Matrix glorotUniform(int rows, int cols, Rng &rng);

/// A random matrix with orthonormal rows or columns, whichever are fewer (Saxe, McClelland and Ganguli 2014).
Matrix orthogonal(int rows, int cols, Rng &rng);

}
