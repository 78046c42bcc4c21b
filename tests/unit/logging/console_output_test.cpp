// A pipe as stdout: read, not read, closed.
#include "logging/console_output.hpp"
#include "support/pipe.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <string>
#include <system_error>
#include <thread>

using namespace phial;
using namespace phial::testing;
using namespace std::chrono_literals;
using clock_ = std::chrono::steady_clock;

BOOST_AUTO_TEST_SUITE(console_outputs)

BOOST_AUTO_TEST_CASE(lines_go_to_the_descriptor) {
    pipe_ends pipe;
    console_output to(pipe.writing());
    BOOST_TEST(!to.write("a\n"));
    BOOST_TEST(!to.write("b\nc\n"));
    pipe.close_writing();
    BOOST_TEST(pipe.read_all() == "a\nb\nc\n");
    BOOST_TEST(to.name() == "stdout");
}

BOOST_AUTO_TEST_CASE(a_slow_reader_is_waited_for) {
    pipe_ends pipe;
    auto const line = std::string(1'000'000, 'x') + '\n'; // more than a pipe holds
    std::string got;
    std::thread reader([&] { got = pipe.read_all(); });
    console_output to(pipe.writing());
    BOOST_TEST(!to.write(line));
    pipe.close_writing();
    reader.join();
    BOOST_TEST((got == line));
}

BOOST_AUTO_TEST_CASE(who_does_not_read_is_waited_for_until_that_is_ended) {
    pipe_ends pipe;
    console_output to(pipe.writing());
    auto const much = std::string(200'000, 'x') + '\n';
    std::error_code failure;
    std::thread writer([&] { failure = to.write(much); });
    pipe.wait_until_full();
    auto const begun = clock_::now();
    to.wait_no_longer_than(begun + 50ms);
    writer.join();
    BOOST_TEST((clock_::now() - begun < 2s));
    BOOST_TEST((failure == std::errc::stream_timeout));
    BOOST_TEST((to.write("next\n") == std::errc::stream_timeout)); // at once
    auto const part = pipe.read_available();
    BOOST_TEST((!part.empty() && part.size() < much.size()));
    BOOST_TEST(!to.write("after\n"));
    BOOST_TEST(pipe.read_available() == "\nafter\n"); // the line that has no end gets one
}

BOOST_AUTO_TEST_CASE(a_closed_pipe_is_a_failure) {
    std::signal(SIGPIPE, SIG_IGN);
    pipe_ends pipe;
    pipe.close_reading();
    console_output to(pipe.writing());
    BOOST_TEST((to.write("a\n") == std::errc::broken_pipe));
    std::signal(SIGPIPE, SIG_DFL);
}

BOOST_AUTO_TEST_CASE(a_closed_descriptor_is_a_failure) {
    pipe_ends pipe;
    int const closed = pipe.writing();
    console_output to(closed);
    pipe.close_writing();
    BOOST_TEST((to.write("a\n") == std::errc::bad_file_descriptor));
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_a_failure) {
    descriptor const full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
    console_output to(full.get());
    BOOST_TEST((to.write("a\n") == std::errc::no_space_on_device));
}

BOOST_AUTO_TEST_SUITE_END()
