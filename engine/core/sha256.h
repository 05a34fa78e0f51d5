// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace engine {

/// SHA-256 (FIPS 180-4) of the bytes, in 64 hexadecimal digits: how files are recognised whatever their name.
std::string sha256(std::string_view bytes);

}
