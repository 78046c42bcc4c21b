// How many files and sockets this process may hold open.
#pragma once

#include <cstdint>

namespace phial {

/// Raises the soft limit to the hard one, as far as that is allowed, and returns what holds then.
std::uint64_t raise_open_files() noexcept;

} // namespace phial
