// Words of a shell's command.
#pragma once

#include <string>
#include <string_view>

namespace phial {

/// As one word of a command, quoted if it has to be.
[[nodiscard]] std::string shell_word(std::string_view s);

} // namespace phial
