// Raises RLIMIT_NOFILE.
#include "runtime/open_files.hpp"

#include <sys/resource.h>

namespace phial {

std::uint64_t raise_open_files() noexcept {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024; // what POSIX systems have always allowed
    auto const before = limit.rlim_cur;
    limit.rlim_cur = limit.rlim_max;
    return ::setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_max : before;
}

} // namespace phial
