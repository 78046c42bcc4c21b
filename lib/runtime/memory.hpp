// How much memory this process may use.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

namespace phial {

/// Bytes to plan for: the machine's memory, or less when the cgroup's limit is smaller.
[[nodiscard]] std::uint64_t usable_memory();

/// The limit of the cgroup files below `cgroup_root` (version 2: memory.max, version 1: memory.limit_in_bytes) in
/// bytes; nothing when there is none. See strictest() in cgroup.hpp.
[[nodiscard]] std::optional<std::uint64_t> memory_limit(std::filesystem::path const &cgroup_root,
                                                        std::string_view self);

} // namespace phial
