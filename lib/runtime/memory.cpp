#include "phial/runtime/memory.hpp"

#include "phial/runtime/cgroup.hpp"
#include "phial/runtime/system_file.hpp"

#include <algorithm>
#include <string_view>
#include <unistd.h>

namespace phial {
namespace {

// A number of bytes, or "max".
std::optional<std::uint64_t> number_in(std::filesystem::path const &path) {
    auto const text = read_system_file(path);
    std::string_view rest = text;
    return take_number(rest);
}

} // namespace

std::optional<std::uint64_t> memory_limit(std::filesystem::path const &cgroup_root, std::string_view self) {
    return strictest<std::uint64_t>(
        {"memory", [](std::filesystem::path const &group) { return number_in(group / "memory.max"); },
         [](std::filesystem::path const &group) { return number_in(group / "memory.limit_in_bytes"); }},
        cgroup_root, self);
}

std::uint64_t usable_memory() {
    auto const machine =
        static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    return std::min(machine, memory_limit("/sys/fs/cgroup", own_cgroups()).value_or(machine));
}

} // namespace phial
