#include "phial/runtime/cpu.hpp"

#include "phial/runtime/cgroup.hpp"
#include "phial/runtime/system_file.hpp"

#include <algorithm>
#include <cstdint>
#include <sched.h>
#include <string_view>
#include <thread>

namespace phial {
namespace {

// Rounded up. No quota, or no period: no limit.
std::optional<unsigned> in_cpus(std::string_view quota_text, std::string_view period_text) {
    auto const quota = take_number(quota_text);
    auto const period = take_number(period_text);
    if (quota.value_or(0) == 0 || period.value_or(0) == 0) return std::nullopt;
    constexpr std::uint64_t most = 1'000'000;
    return static_cast<unsigned>(std::min((*quota - 1) / *period + 1, most));
}

// cpu.max holds "max 100000" or "150000 100000".
std::optional<unsigned> version_2(std::filesystem::path const &group) {
    auto const text = read_system_file(group / "cpu.max");
    auto const space = std::min(text.find(' '), text.size());
    return in_cpus({text.data(), space}, {text.data() + space, text.size() - space});
}

// A quota of -1 is none.
std::optional<unsigned> version_1(std::filesystem::path const &group) {
    return in_cpus(read_system_file(group / "cpu.cfs_quota_us"), read_system_file(group / "cpu.cfs_period_us"));
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
