// Reads the limits that the cgroup of a process sets.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace phial {

/// How to read one limit from a group's folder; nothing when it sets none. Version 1 has a tree for each controller.
template <class T>
struct cgroup_limit {
    std::string controller; // of version 1: "cpu", "memory"
    std::function<std::optional<T>(std::filesystem::path const &)> version_2;
    std::function<std::optional<T>(std::filesystem::path const &)> version_1;
};

/// The strictest value of a limit: each group is bound by the limits of all groups above it. `root` is /sys/fs/cgroup,
/// `self` the text of /proc/self/cgroup. Nothing when there is no limit; an unreadable file is not a limit.
template <class T>
[[nodiscard]] std::optional<T> strictest(cgroup_limit<T> const &limit, std::filesystem::path const &root,
                                         std::string_view self);

/// The text of /proc/self/cgroup, empty when there is none.
[[nodiscard]] std::string own_cgroups();

} // namespace phial
