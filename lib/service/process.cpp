#include "phial/service/process.hpp"

#include "phial/logging/record.hpp"
#include "phial/runtime/open_files.hpp"
#include "phial/settings/settings_table.hpp"

#include <boost/system/system_error.hpp>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <malloc.h>
#include <sys/wait.h>
#include <system_error>

namespace phial {
namespace {

// Bytes. glibc would raise the threshold to the largest block it has seen, and keep the memory of many large bodies.
constexpr int large_block = 256 * 1024;

constexpr char const *no_thread =
    "a thread cannot be started. Raise the limit of threads (ulimit -u, pids.max of the cgroup) or the memory";

bool is_lack_of_threads(std::error_code const &e) { return e == std::errc::resource_unavailable_try_again; }

void report(std::string const &fault) {
    std::fprintf(stderr, "%s: %s\n", ::program_invocation_short_name, one_line(fault).c_str());
}

} // namespace

void prepare_process() {
    occupy_standard_files();
    std::signal(SIGPIPE, SIG_IGN);
    // A SIGHUP that no thread waits for must not end the service; sigwait takes it although it is ignored.
    std::signal(SIGHUP, SIG_IGN);
    // The kernel then removes children when they end; those that have ended before are waited for here.
    std::signal(SIGCHLD, SIG_IGN);
    while (::waitpid(-1, nullptr, WNOHANG) > 0) continue;
    std::signal(SIGXFSZ, SIG_IGN); // writing to a file that may not grow fails instead
    ::mallopt(M_MMAP_THRESHOLD, large_block);
}

int run_main(std::function<int()> const &body) {
    try {
        return body();
    } catch (settings_error const &e) {
        for (auto const &fault : e.faults()) report(fault);
        return 2;
    } catch (std::system_error const &e) {
        report(is_lack_of_threads(e.code()) ? no_thread : e.what());
        return 1;
    } catch (boost::system::system_error const &e) { // of the log's thread
        report(is_lack_of_threads(e.code()) ? no_thread : e.what());
        return 1;
    } catch (std::exception const &e) {
        report(e.what());
        return 1;
    }
}

} // namespace phial
