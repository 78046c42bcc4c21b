// Room for a body whose head came among others.
#include "phial/http/http_error.hpp"
#include "phial/http/response.hpp"
#include "phial/server/inbox.hpp"
#include "phial/server/server_loop.hpp"

#include <boost/asio/ip/address_v4.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <string>
#include <string_view>
#include <sys/socket.h>

using namespace phial;

namespace {

constexpr std::size_t body_size = 50'000;

// How many bytes the body had, and in how many pieces it came.
task<response> measure(request &rq) {
    std::size_t bytes = 0, pieces = 0;
    while (auto const piece = co_await rq.body().next()) {
        bytes += piece->size();
        ++pieces;
    }
    if (bytes > 0) BOOST_TEST(pieces <= 2 * bytes / 4096);
    co_return text(std::to_string(bytes), " bytes");
}

task<response> reject(request &rq) { co_return response(rq.notes.refused.status); }

// Requests without a body that have so many bytes together.
std::string requests(std::size_t size) {
    constexpr std::string_view begin = "GET / HTTP/1.1\r\nHost: localhost\r\nX: ", end = "\r\n\r\n";
    std::string all;
    while (all.size() < size) {
        auto const left = size - all.size();
        auto const one = left < 400 ? left : 200;
        all.append(begin).append(one - begin.size() - end.size(), 'x').append(end);
    }
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(body_rooms)

BOOST_AUTO_TEST_CASE(a_body_comes_whole_wherever_in_the_buffer_its_head_ends) {
    std::string const head =
        "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: " + std::to_string(body_size) +
        "\r\n\r\n";
    for (std::size_t const room : {0U, 1U, 16U, 4095U, 4096U, 30'000U}) {
        BOOST_TEST_CONTEXT(room << " bytes of room") {
            loops on{1};
            server_options options;
            options.context.host = "localhost";
            server owner{on, std::move(options), {measure, reject}};
            server_loop loop{on[0], owner};
            std::array<int, 2> ends{};
            BOOST_REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) == 0);
            descriptor const client(ends[1]);
            loop.serve(descriptor(ends[0]), boost::asio::ip::address_v4::loopback());
            auto const run = [&] {
                on[0].context().restart();
                while (on[0].context().poll() > 0) {
                }
            };
            auto const send = [&](std::string const &bytes) {
                BOOST_REQUIRE(::send(client.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) == std::ssize(bytes));
                run();
            };
            send(requests(inbox::capacity - room - head.size()) + head);
            send(std::string(body_size, 'b'));
            (void)::shutdown(client.get(), SHUT_WR);
            run();
            std::string all(1 << 20, '\0');
            auto const n = ::recv(client.get(), all.data(), all.size(), MSG_WAITALL);
            all.resize(n < 0 ? 0 : static_cast<std::size_t>(n));
            BOOST_TEST(all.ends_with(std::to_string(body_size) + " bytes"));
            BOOST_TEST(loop.is_empty());
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
