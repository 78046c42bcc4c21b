// What the machine allows: CPUs, memory, open files, and the connections that fit into them.
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

/// Connections that `host` has files and memory for, at most `wanted`. A quarter of the files is left for those that
/// requests open. Connections get a quarter of the memory, as bodies may hold another one.
[[nodiscard]] std::uint64_t default_connections(machine const &host, std::uint64_t wanted) noexcept;

/// Connections above `connections` that get a 503 at a time: half of the files that are left, but 4 to 256.
[[nodiscard]] std::uint64_t turned_away_connections(machine const &host, std::uint64_t connections) noexcept;

} // namespace phial
