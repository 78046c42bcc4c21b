// What the machine allows: how many connections, how much memory, how much of a disk.
#pragma once

#include "phial/runtime/cpu.hpp"
#include "phial/runtime/memory.hpp"
#include "phial/runtime/open_files.hpp"

#include <cstdint>

namespace phial {

/// What the defaults of settings depend on.
struct machine {
    unsigned cpus = usable_cpus();
    std::uint64_t memory = usable_memory();
    std::uint64_t open_files = raise_open_files();
};

/// Files and sockets that are not a client's connection: listeners, logs, those of the pools.
constexpr std::uint64_t own_files = 64;

/// Connections that `on` has files and memory for, `wanted` at most. A quarter of the files is left for those that
/// requests open; a quarter of the memory is for connections, as bodies may hold one too.
[[nodiscard]] std::uint64_t default_connections(machine const &on, std::uint64_t wanted) noexcept;

/// Connections above `connections` that can be answered 503 at a time: half of the files that are left, 4 to 256.
[[nodiscard]] std::uint64_t turned_away_connections(machine const &on, std::uint64_t connections) noexcept;

} // namespace phial
