#include "phial/runtime/cgroup.hpp"

#include "phial/runtime/system_file.hpp"

#include <algorithm>
#include <cstdint>

namespace phial {
namespace {

bool is_in(std::string_view name, std::string_view list) noexcept {
    for (;;) {
        auto const one = list.substr(0, list.find(','));
        if (one == name) return true;
        if (one.size() == list.size()) return false;
        list.remove_prefix(one.size() + 1);
    }
}

template <class T>
void lower(std::optional<T> &least, std::optional<T> const &other) {
    if (other) least = least ? std::min(*least, *other) : *other;
}

} // namespace

template <class T>
std::optional<T> strictest(cgroup_limit<T> const &limit, std::filesystem::path const &root, std::string_view self) {
    std::optional<T> least;
    while (!self.empty()) { // lines of "<number>:<controllers>:<group>"; version 2 names no controller
        auto const line = self.substr(0, self.find('\n'));
        self.remove_prefix(std::min(self.size(), line.size() + 1));
        auto const first = line.find(':');
        auto const second = line.find(':', first + 1);
        if (first == line.npos || second == line.npos) continue;
        auto const controllers = line.substr(first + 1, second - first - 1);
        bool const is_version_2 = controllers.empty();
        if (!is_version_2 && !is_in(limit.controller, controllers)) continue;
        auto const &read = is_version_2 ? limit.version_2 : limit.version_1;
        auto const tree = is_version_2 ? root : root / limit.controller;
        lower(least, read(tree));
        for (std::filesystem::path group{line.substr(second + 1)}; group.has_relative_path();
             group = group.parent_path())
            lower(least, read(tree / group.relative_path()));
    }
    return least;
}

template std::optional<unsigned> strictest(cgroup_limit<unsigned> const &, std::filesystem::path const &,
                                           std::string_view);
template std::optional<std::uint64_t> strictest(cgroup_limit<std::uint64_t> const &, std::filesystem::path const &,
                                                std::string_view);

std::string own_cgroups() { return read_system_file("/proc/self/cgroup"); }

} // namespace phial
