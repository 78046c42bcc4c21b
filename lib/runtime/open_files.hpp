// The file descriptors of this process: how many may be open, and what the first three are.
#pragma once

#include <cstdint>

namespace phial {

/// Raises the soft limit to the hard one, if that is allowed, and returns the limit that holds then.
std::uint64_t raise_open_files() noexcept;

/// Opens /dev/null in place of stdin, stdout and stderr if they are closed. Otherwise a file or socket could get one of
/// their numbers, and with it the text that is meant for them. Writing there fails.
void occupy_standard_files() noexcept;

} // namespace phial
