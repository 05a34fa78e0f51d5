// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stdexcept>
#include <string>

namespace engine {

/// The outside world is wrong: a file, an option, a measurement. The message names the thing and, if
/// possible, the cure ("Li3N.cif: no _cell_length_a"); it is shown to the user as it is.
class Error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// One of many inputs that could not be used; the others went on.
struct Reject {
    std::string name;   ///< file, id or row
    std::string reason; ///< as an Error's message, without the name

    bool operator==(const Reject &) const = default;
};

/// The user changed their mind. Not an error, never shown as one.
class Cancelled : public std::exception {
public:
    const char *what() const noexcept override { return "stopped on request"; }
};

}
