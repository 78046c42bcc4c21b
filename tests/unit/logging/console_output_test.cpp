// A pipe as stdout: read, not read, closed.
#include "phial/logging/console_output.hpp"
#include "support/pipe.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <string>
#include <system_error>
#include <thread>
#include <unistd.h>

using namespace phial;
using namespace phial::testing;
using namespace std::chrono_literals;
using clock_ = std::chrono::steady_clock;

namespace {

// A terminal: its screen is read from `screen`.
struct terminal {
    terminal() : screen(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
        BOOST_REQUIRE(::grantpt(screen.get()) == 0);
        BOOST_REQUIRE(::unlockpt(screen.get()) == 0);
        line = descriptor(::open(::ptsname(screen.get()), O_RDWR | O_NOCTTY | O_CLOEXEC));
        BOOST_REQUIRE(line.get() >= 0);
    }

    // What it shows now.
    [[nodiscard]] std::string read_available() const {
        std::string out;
        std::array<char, 4096> buffer;
        for (pollfd from{screen.get(), POLLIN, 0}; ::poll(&from, 1, 200) == 1 && (from.revents & POLLIN) != 0;)
            out.append(buffer.data(), static_cast<std::size_t>(::read(from.fd, buffer.data(), buffer.size())));
        return out;
    }

    descriptor screen;
    descriptor line{-1};
};

} // namespace

BOOST_AUTO_TEST_SUITE(console_outputs)

BOOST_AUTO_TEST_CASE(a_terminal_nobody_reads_is_waited_for_until_that_is_ended) {
    for (auto const *const line : {"\n", "a\n", "ab\n", "a longer line\n"}) { // a line feed needs room for two
        BOOST_TEST_CONTEXT(line) {
            terminal const at;
            console_output to(at.line.get());
            std::string much;
            while (much.size() < 200'000) much += line;
            std::error_code failure;
            std::thread writer([&] { failure = to.write(much); });
            std::this_thread::sleep_for(100ms); // so that it is most likely writing
            to.wait_no_longer_than(clock_::now());
            writer.join();
            BOOST_TEST((failure == std::errc::stream_timeout || failure == std::errc::resource_unavailable_try_again));
            for (int i = 0; i < 300; ++i) (void)to.write(line); // until there is room for half a line only
            BOOST_TEST(!at.read_available().empty());
            BOOST_TEST(!to.write("after\n"));
            BOOST_TEST(at.read_available().find("after\r\n") != std::string::npos);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_terminal_stays_as_it_was_for_others) {
    terminal const at;
    console_output to(at.line.get());
    BOOST_TEST(!to.write("a\n"));
    BOOST_TEST((::fcntl(at.line.get(), F_GETFL) & O_NONBLOCK) == 0);
    BOOST_TEST(at.read_available() == "a\r\n");
}

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
    BOOST_TEST(pipe.read_available() == "\nafter\n"); // the incomplete line is ended first
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
