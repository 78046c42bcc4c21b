// Memory that is kept back for small blocks, for when there is none.
#pragma once

namespace phial {

/// A large block that cannot be had is one request's trouble: std::bad_alloc, and a 503. A small one may be what Asio
/// needs to go on at all: its initiating functions throw past the coroutine, which then is lost, or the process is. So
/// operator new (replaced in the .cpp) serves blocks of up to 2 KiB from a reserve of 4 MiB when malloc has none left.
///
/// Whether more than a quarter of the reserve is in use: the time to take on nothing new. Thread-safe.
[[nodiscard]] bool memory_reserve_is_low() noexcept;

} // namespace phial
