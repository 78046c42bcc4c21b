// Reads the CPU affinity and the cgroup's CPU quota.
#include "runtime/cpu.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <sched.h>
#include <string>
#include <thread>

namespace phial {
namespace {

std::optional<unsigned> in_cpus(double quota, double period) {
    if (quota <= 0 || period <= 0) return std::nullopt;
    return static_cast<unsigned>(std::clamp(std::ceil(quota / period), 1.0, 1e6));
}

std::optional<unsigned> least(std::optional<unsigned> a, std::optional<unsigned> b) {
    return a && b ? std::min(*a, *b) : (a ? a : b);
}

// cpu.max holds "max 100000" or "150000 100000".
std::optional<unsigned> version_2(std::filesystem::path const &group) {
    std::ifstream file(group / "cpu.max");
    double quota = 0;
    double period = 0;
    return file >> quota >> period ? in_cpus(quota, period) : std::nullopt;
}

std::optional<unsigned> version_1(std::filesystem::path const &group) {
    double quota = 0;
    double period = 0;
    std::ifstream quota_file(group / "cpu.cfs_quota_us");
    std::ifstream period_file(group / "cpu.cfs_period_us");
    return quota_file >> quota && period_file >> period ? in_cpus(quota, period) : std::nullopt;
}

// A limit of any group above holds too, so every one up to the root is asked.
template <class Read>
std::optional<unsigned> strictest(std::filesystem::path const &root, std::filesystem::path group, Read read) {
    auto limit = read(root);
    for (; group.has_relative_path(); group = group.parent_path())
        limit = least(limit, read(root / group.relative_path()));
    return limit;
}

} // namespace

std::optional<unsigned> cpu_quota(std::filesystem::path const &cgroup_root, std::string_view self) {
    std::optional<unsigned> limit;
    while (!self.empty()) {
        auto const line = self.substr(0, self.find('\n'));
        self.remove_prefix(std::min(self.size(), line.size() + 1));
        auto const first = line.find(':');
        auto const second = line.find(':', first + 1);
        if (first == line.npos || second == line.npos) continue;
        auto const controllers = line.substr(first + 1, second - first - 1);
        std::filesystem::path const group{line.substr(second + 1)};
        if (controllers.empty())
            limit = least(limit, strictest(cgroup_root, group, version_2));
        else if (controllers == "cpu" || controllers == "cpu,cpuacct" || controllers == "cpuacct,cpu")
            limit = least(limit, strictest(cgroup_root / "cpu", group, version_1));
    }
    return limit;
}

unsigned usable_cpus() {
    cpu_set_t set;
    CPU_ZERO(&set);
    unsigned const allowed = sched_getaffinity(0, sizeof set, &set) == 0 ? static_cast<unsigned>(CPU_COUNT(&set))
                                                                         : std::thread::hardware_concurrency();
    std::ifstream file("/proc/self/cgroup");
    std::string const self{std::istreambuf_iterator<char>(file), {}};
    return std::max(1U, std::min(allowed, cpu_quota("/sys/fs/cgroup", self).value_or(allowed)));
}

} // namespace phial
