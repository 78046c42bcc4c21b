// Each case runs in a child process.
#include "phial/runtime/bounded_end.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace phial;
using namespace std::chrono_literals;

namespace {

struct outcome {
    int status;
    std::string on_stderr;
};

// The end of a child process that does `work` and then exits with 7.
outcome in_a_process(std::function<void()> const &work) {
    int ends[2];
    BOOST_REQUIRE(::pipe(ends) == 0);
    auto const child = ::fork();
    if (child == 0) {
        ::dup2(ends[1], STDERR_FILENO);
        ::close(ends[0]);
        ::close(ends[1]);
        work();
        ::_exit(7);
    }
    ::close(ends[1]);
    outcome out{};
    char bytes[200];
    for (ssize_t n = 0; (n = ::read(ends[0], bytes, sizeof bytes)) > 0;)
        out.on_stderr.append(bytes, static_cast<std::size_t>(n));
    ::close(ends[0]);
    BOOST_REQUIRE(::waitpid(child, &out.status, 0) == child);
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(bounded_ends)

BOOST_AUTO_TEST_CASE(a_thread_that_cannot_be_joined_does_not_keep_the_process) {
    auto const got = in_a_process([] {
        bounded_end end;
        std::jthread const stuck([] {
            for (;;) ::pause();
        });
        end.begin(1ms, "not waited for");
    });
    BOOST_TEST(WIFEXITED(got.status));
    BOOST_TEST(WEXITSTATUS(got.status) == 0);
    BOOST_TEST(got.on_stderr == "not waited for\n");
}

BOOST_AUTO_TEST_CASE(what_ends_in_time_ends_as_ever) {
    auto const got = in_a_process([] {
        bounded_end end;
        end.begin(1h, "not waited for");
    });
    BOOST_TEST(WEXITSTATUS(got.status) == 7);
    BOOST_TEST(got.on_stderr == "");
}

BOOST_AUTO_TEST_CASE(nothing_is_bounded_before_the_end_begins) {
    auto const got = in_a_process([] { bounded_end const end; });
    BOOST_TEST(WEXITSTATUS(got.status) == 7);
}

BOOST_AUTO_TEST_SUITE_END()
