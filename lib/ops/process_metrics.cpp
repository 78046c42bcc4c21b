// Reads /proc/self, and calls getrusage(2) and getrlimit(2).
#include "phial/ops/process_metrics.hpp"

#include <cstdint>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

namespace phial {
namespace {

double seconds(timeval t) noexcept { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; }

void append_cpu(exposition &out) {
    rusage used{};
    if (::getrusage(RUSAGE_SELF, &used) != 0) return;
    out.family("process_cpu_seconds_total", "counter", "CPU time in user mode and in the kernel.");
    out.sample({}, seconds(used.ru_utime) + seconds(used.ru_stime));
}

// In /proc/self/stat the other fields follow the name in parentheses, which may contain anything.
void append_stat(exposition &out) {
    std::ifstream file("/proc/self/stat");
    std::string line;
    if (!std::getline(file, line)) return;
    std::size_t name_end = line.rfind(')');
    // Fields by their numbers in proc(5): the state, which follows the name, is the third.
    auto const field = [&line, name_end](int number) -> std::uint64_t {
        auto position = name_end;
        for (int i = 2; i < number && position != line.npos; ++i) position = line.find(' ', position + 1);
        return position == line.npos ? 0 : std::strtoull(line.c_str() + position, nullptr, 10);
    };
    if (name_end == line.npos) return;
    out.family("process_threads", "gauge", "Threads.");
    out.sample({}, field(20));
    out.family("process_virtual_memory_bytes", "gauge", "Address space in use.");
    out.sample({}, field(23));
    out.family("process_resident_memory_bytes", "gauge", "Memory in use.");
    out.sample({}, field(24) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)));

    timespec since_boot{};
    timespec now{};
    if (::clock_gettime(CLOCK_BOOTTIME, &since_boot) != 0 || ::clock_gettime(CLOCK_REALTIME, &now) != 0) return;
    auto const in_seconds = [](timespec t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
    };
    auto const started = static_cast<double>(field(22)) / static_cast<double>(::sysconf(_SC_CLK_TCK));
    out.family("process_start_time_seconds", "gauge", "When the process began, in seconds since 1970.");
    out.sample({}, in_seconds(now) - in_seconds(since_boot) + started);
}

void append_files(exposition &out) {
    std::error_code ec;
    std::uint64_t open = 0;
    for (std::filesystem::directory_iterator i("/proc/self/fd", ec), end; !ec && i != end; i.increment(ec)) ++open;
    if (!ec && open > 0) {
        out.family("process_open_fds", "gauge", "Open file descriptors.");
        out.sample({}, open - 1); // without the one used for listing them
    }
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    out.family("process_max_fds", "gauge", "File descriptors that may be open.");
    out.sample({}, std::uint64_t{limit.rlim_cur});
}

} // namespace

void append_process_metrics(exposition &out) {
    append_cpu(out);
    append_stat(out);
    append_files(out);
}

} // namespace phial
