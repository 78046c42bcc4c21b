// Each crash happens in a child process.
#include "phial/logging/fatal_signals.hpp"
#include "support/pipe.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) // they have their own handlers

using namespace phial;
using namespace phial::testing;

namespace {

// A child ends by `signal` while another thread is about to write. Returns its output with stderr, and its exit status.
std::pair<std::string, int> crash(int signal) {
    pipe_ends pipe;
    auto const child = ::fork();
    if (child == 0) {
        rlimit const no_core{0, 0};
        ::setrlimit(RLIMIT_CORE, &no_core);
        ::dup2(pipe.writing(), STDERR_FILENO);
        fatal_signals const crashes;
        std::thread writer([&pipe, signal] {
            sigset_t all;
            ::sigfillset(&all);
            ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
            ::kill(::getpid(), signal);
            std::this_thread::sleep_for(std::chrono::milliseconds(20)); // the log's thread is still working
            (void)!::write(pipe.writing(), "last record", 11);
            std::this_thread::sleep_for(std::chrono::hours(1));
        });
        writer.join();
        ::_exit(1);
    }
    pipe.close_writing();
    auto text = pipe.read_all();
    int status = 0;
    ::waitpid(child, &status, 0);
    return {std::move(text), status};
}

} // namespace

BOOST_AUTO_TEST_SUITE(fatal_signal)

BOOST_AUTO_TEST_CASE(the_log_is_given_a_moment_and_the_process_ends_by_the_signal) {
    for (int const signal : fatal_signals::all) {
        BOOST_TEST_CONTEXT("signal " << signal) {
            auto const [text, status] = crash(signal);
            BOOST_TEST(WIFSIGNALED(status));
            BOOST_TEST(WTERMSIG(status) == signal);
            BOOST_TEST(text.find(std::string(program_invocation_short_name) + ": ends by SIG") != text.npos);
            BOOST_TEST(text.find("last record") != text.npos);
        }
    }
}

BOOST_AUTO_TEST_CASE(what_was_before_is_restored) {
    auto const before = std::signal(SIGFPE, SIG_IGN);
    {
        fatal_signals const crashes;
    }
    BOOST_TEST((std::signal(SIGFPE, before) == SIG_IGN));
    stack_t stack{};
    {
        fatal_signals const crashes;
    }
    BOOST_REQUIRE(::sigaltstack(nullptr, &stack) == 0);
    stack_t inside{};
    {
        fatal_signals const crashes;
        ::sigaltstack(nullptr, &inside);
    }
    BOOST_TEST(inside.ss_sp != stack.ss_sp);
}

BOOST_AUTO_TEST_SUITE_END()

#endif
