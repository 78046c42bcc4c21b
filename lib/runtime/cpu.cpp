#include "phial/runtime/cpu.hpp"

#include "phial/runtime/cgroup.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sched.h>
#include <thread>

namespace phial {
namespace {

std::optional<unsigned> in_cpus(double quota, double period) {
    if (quota <= 0 || period <= 0) return std::nullopt;
    return static_cast<unsigned>(std::clamp(std::ceil(quota / period), 1.0, 1e6));
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

} // namespace

std::optional<unsigned> cpu_quota(std::filesystem::path const &cgroup_root, std::string_view self) {
    return strictest<unsigned>({"cpu", version_2, version_1}, cgroup_root, self);
}

unsigned usable_cpus() {
    cpu_set_t set;
    CPU_ZERO(&set);
    unsigned const allowed = sched_getaffinity(0, sizeof set, &set) == 0 ? static_cast<unsigned>(CPU_COUNT(&set))
                                                                         : std::thread::hardware_concurrency();
    return std::max(1U, std::min(allowed, cpu_quota("/sys/fs/cgroup", own_cgroups()).value_or(allowed)));
}

} // namespace phial
