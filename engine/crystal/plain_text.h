// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace engine {

/// The bytes of a text file as UTF-8 with LF line ends: UTF-16 is transcoded when it starts with a byte-order mark, which is
/// taken off; CR LF and single CR become LF, form feeds become blanks; a DOS Ctrl-Z that ends the file goes. The number of a
/// line stays what an editor shows. Throws Error for a compressed file.
std::string plainText(std::string_view bytes);

}
