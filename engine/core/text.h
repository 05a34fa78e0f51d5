// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace engine {

std::string_view trimmed(std::string_view text);
std::string lowered(std::string_view text); ///< ASCII letters only
std::vector<std::string_view> split(std::string_view text, char separator);
std::vector<std::string_view> words(std::string_view text); ///< separated by any white space

bool isUtf8(std::string_view bytes); ///< well-formed: no stray bytes, overlong forms or surrogates

/// The whole text as a number with a decimal point, whatever the locale; leading +, ".5" and "5." are numbers.
/// Nothing for anything else, infinities and not-a-number included.
std::optional<double> parseDouble(std::string_view text);
std::optional<long> parseInteger(std::string_view text);

/// The shortest text that reads back as the same double: "0.1", "1e-08".
std::string shortest(double value);

/// With a fixed number of digits, for people: fixed(2.345, 2) is "2.35".
std::string fixed(double value, int decimals);

/// "1,2,3" from {"1", "2", "3"} and ",".
std::string joined(const std::vector<std::string> &parts, std::string_view separator);

}
