// The files and sockets of this process: how many may be open, and that the first three are what they should be.
#pragma once

#include <cstdint>

namespace phial {

/// Raises the soft limit to the hard one, as far as that is allowed, and returns what holds then.
std::uint64_t raise_open_files() noexcept;

/// Opens something in place of stdin, stdout and stderr if they are closed, so that no file or socket gets their
/// numbers and what is meant for them. Writing there fails.
void occupy_standard_files() noexcept;

} // namespace phial
