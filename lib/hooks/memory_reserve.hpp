// A reserve of memory for small blocks, used when malloc has none left.
#pragma once

namespace phial {

/// When a large block cannot be allocated, one request fails: std::bad_alloc, and a 503. A small block may be one that
/// Asio cannot continue without: its initiating functions throw past the coroutine, and the coroutine or the process is
/// lost. So operator new (replaced in the .cpp) takes blocks of up to 2 KiB from a reserve of 4 MiB when malloc fails.
///
/// Whether more than a quarter of the reserve is in use: then no new work should be accepted. Thread-safe.
[[nodiscard]] bool memory_reserve_is_low() noexcept;

} // namespace phial
