// How many CPUs this process may use.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

namespace phial {

/// CPUs to plan for: those the scheduler lets us run on, or fewer when the cgroup's quota (rounded up) is smaller.
/// At least 1.
[[nodiscard]] unsigned usable_cpus();

/// The quota of the cgroup files below `cgroup_root` (version 2: cpu.max of the process's group and every group above
/// it; version 1: cpu/cpu.cfs_*), in whole CPUs rounded up; nothing when there is no limit or no such file.
/// `self` is the text of /proc/self/cgroup. Never throws: an unreadable file is not a limit.
[[nodiscard]] std::optional<unsigned> cpu_quota(std::filesystem::path const &cgroup_root, std::string_view self);

} // namespace phial
