// Sockets that wait in the set of their loop.
#include "phial/server/ready_set.hpp"

#include "phial/server/transport.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <vector>

using namespace phial;
namespace asio = boost::asio;
using boost::system::error_code;
using wait_type = transport::wait_type;

namespace {

// A transport, and its peer.
struct pair {
    explicit pair(ready_set &set) : pair(set, ends()) {}
    pair(ready_set &set, std::array<int, 2> const &fds) : peer(fds[1]), socket(descriptor(fds[0]), set) {}
    static std::array<int, 2> ends() {
        std::array<int, 2> fds{};
        BOOST_REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds.data()) == 0);
        return fds;
    }
    void send(std::string_view bytes) const {
        BOOST_REQUIRE(::send(peer.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) == std::ssize(bytes));
    }
    // Keeps how its next wait ends.
    void wait(wait_type what = wait_type::read) {
        ended.reset();
        socket.async_wait(what, [this](error_code ec) { ended = ec; });
    }

    descriptor peer;
    transport socket;
    std::optional<error_code> ended;
};

struct fixture {
    // Runs all that is ready; how many handlers of Asio's that took.
    std::size_t run() {
        context.restart();
        return context.poll();
    }
    std::string read(transport &from, std::size_t most = 100) {
        std::string bytes(most, '\0');
        bytes.resize(from.read_some(bytes, ec));
        return bytes;
    }

    asio::io_context context;
    ready_set set{context.get_executor()};
    error_code ec;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(ready_sets, fixture)

BOOST_AUTO_TEST_CASE(a_wait_ends_when_bytes_have_come) {
    for (std::size_t const others : {0U, 1U, 100U}) {
        BOOST_TEST_CONTEXT(others << " others") {
            std::vector<std::unique_ptr<pair>> idle;
            for (std::size_t n = 0; n < others; ++n) idle.emplace_back(std::make_unique<pair>(set))->wait();
            pair p(set);
            p.wait();
            run();
            BOOST_TEST(!p.ended);
            for (int round = 0; round < 3; ++round) {
                p.send("bytes");
                run();
                BOOST_REQUIRE(p.ended);
                BOOST_TEST(!*p.ended);
                BOOST_TEST(read(p.socket) == "bytes");
                p.wait();
                run();
                BOOST_TEST((!p.ended || read(p.socket).empty()));
            }
            for (auto const &i : idle) BOOST_TEST(!i->ended);
        }
    }
}

BOOST_AUTO_TEST_CASE(all_that_are_ready_are_completed_however_many) {
    std::vector<std::unique_ptr<pair>> pairs;
    for (int n = 0; n < 200; ++n) {
        pairs.push_back(std::make_unique<pair>(set));
        pairs.back()->wait();
        pairs.back()->send("x");
    }
    run();
    for (auto const &p : pairs) BOOST_TEST((p->ended == error_code()));
}

// Both are ready again whenever the set is asked.
BOOST_AUTO_TEST_CASE(sockets_that_are_always_ready_leave_turns_to_the_other_handlers_of_the_loop) {
    pair p(set), other(set);
    std::size_t ended = 0;
    bool has_turn = false;
    struct again {
        pair &waiting;
        std::size_t &ended;
        bool &has_turn;
        void operator()(error_code) const {
            ++ended;
            if (!has_turn) waiting.socket.async_wait(wait_type::read, *this);
        }
    };
    for (auto *each : {&p, &other}) {
        each->send("x");
        each->socket.async_wait(wait_type::read, again{*each, ended, has_turn});
    }
    context.poll_one();
    BOOST_TEST(ended == 64U);
    asio::post(context, [&] { has_turn = true; });
    run();
    BOOST_TEST(has_turn);
    BOOST_TEST(ended <= 3 * 64U);
}

// What was not read makes the next wait end at once.
BOOST_AUTO_TEST_CASE(bytes_that_are_left_and_the_end_of_the_peer_are_not_missed) {
    pair p(set), other(set);
    p.wait();
    p.send("bytes");
    p.peer = descriptor(-1);
    run();
    BOOST_TEST(read(p.socket, 3) == "byt");
    for (std::string_view const expected : {"es", ""}) {
        p.wait();
        run();
        BOOST_REQUIRE(p.ended);
        BOOST_TEST(read(p.socket) == expected);
    }
    BOOST_TEST(ec == asio::error::eof);
}

BOOST_AUTO_TEST_CASE(a_wait_for_room_ends_when_the_peer_has_read) {
    pair p(set);
    std::string const much(1 << 16, 'x');
    while (p.socket.write_some(much, {}, ec) > 0) {
    }
    BOOST_TEST(ec == asio::error::would_block);
    pair other(set); // so that it is asked which is ready
    other.wait();
    p.wait(wait_type::write);
    run();
    BOOST_TEST(!p.ended);
    std::string room(1 << 20, '\0');
    while (::recv(p.peer.get(), room.data(), room.size(), MSG_DONTWAIT) > 0) {
    }
    run();
    BOOST_TEST((p.ended == error_code()));
    p.wait(); // and now for bytes only
    run();
    BOOST_TEST(!p.ended);
}

// Otherwise the loop would be told of the same bytes again and again while a handler works.
BOOST_AUTO_TEST_CASE(bytes_that_nobody_waits_for_do_not_keep_the_loop_busy) {
    pair p(set), other(set);
    other.wait();
    p.wait();
    p.send("one");
    run();
    BOOST_TEST(p.ended.has_value());
    BOOST_TEST(run() <= 1U);
    for (int n = 0; n < 5; ++n) BOOST_TEST(run() == 0U);
    p.wait();
    run();
    BOOST_TEST(p.ended.has_value());
    BOOST_TEST(read(p.socket) == "one");
}

BOOST_AUTO_TEST_CASE(a_wait_that_is_cancelled_ends_later_with_operation_aborted) {
    pair p(set), other(set);
    other.wait();
    p.socket.cancel(); // nothing to cancel
    p.wait();
    run();
    p.send("bytes");
    p.socket.cancel();
    BOOST_TEST(!p.ended);
    run();
    BOOST_TEST((p.ended == asio::error::operation_aborted));
    p.wait(); // is not cancelled
    run();
    BOOST_TEST((p.ended == error_code()));
    BOOST_TEST(!other.ended);
}

BOOST_AUTO_TEST_CASE(a_wait_that_is_cancelled_while_another_ends_is_not_forgotten) {
    pair p(set), other(set);
    other.wait();
    p.socket.async_wait(wait_type::read, [&](error_code) { other.socket.cancel(); });
    p.send("bytes");
    run();
    BOOST_TEST((other.ended == asio::error::operation_aborted));
}

BOOST_AUTO_TEST_CASE(a_cancellation_slot_cancels_a_wait) {
    pair p(set);
    asio::cancellation_signal signal;
    std::optional<error_code> ended;
    p.socket.async_wait(wait_type::read,
                        asio::bind_cancellation_slot(signal.slot(), [&](error_code result) { ended = result; }));
    run();
    signal.emit(asio::cancellation_type::terminal);
    run();
    BOOST_TEST((ended == asio::error::operation_aborted));
}

BOOST_AUTO_TEST_CASE(a_descriptor_that_cannot_wait_ends_the_wait_with_its_error) {
    std::array<int, 2> fds{::open("/dev/null", O_RDONLY | O_CLOEXEC), ::open("/dev/null", O_RDONLY | O_CLOEXEC)};
    pair p(set, fds); // epoll takes no files
    p.wait();
    run();
    BOOST_TEST((p.ended == error_code(EPERM, boost::system::system_category())));
}

// One connection may end others: then their events must not be used any more.
BOOST_AUTO_TEST_CASE(an_event_of_a_transport_that_was_destroyed_is_dropped) {
    std::vector<std::unique_ptr<pair>> pairs;
    for (int n = 0; n < 3; ++n) pairs.push_back(std::make_unique<pair>(set));
    std::size_t completed = 0;
    for (auto &p : pairs) {
        p->socket.async_wait(wait_type::read, [&pairs, &completed](error_code) {
            ++completed;
            while (pairs.size() > 1) pairs.pop_back();
        });
        p->send("x");
    }
    run();
    BOOST_TEST(completed == 1U);
}

BOOST_AUTO_TEST_CASE(waits_are_dropped_and_not_completed_when_the_loop_has_ended) {
    pair p(set);
    auto const held = std::make_shared<int>();
    bool completed = false;
    p.socket.async_wait(wait_type::read, [held, &completed](error_code) { completed = true; });
    BOOST_TEST(held.use_count() == 2);
    set.close();
    BOOST_TEST(held.use_count() == 1);
    BOOST_TEST(!completed);
}

BOOST_AUTO_TEST_CASE(two_rooms_are_filled_and_two_buffers_are_sent_in_their_order) {
    pair p(set);
    std::string_view const first = "first,", second = "second";
    BOOST_TEST(p.socket.write_some(first, second, ec) == 12U);
    std::string room(20, '\0');
    BOOST_TEST(::recv(p.peer.get(), room.data(), room.size(), 0) == 12);
    BOOST_TEST(room.substr(0, 12) == "first,second");
    p.send("123456789");
    BOOST_TEST(p.socket.unread() == 9U);
    std::string one(4, '\0'), two(20, '\0');
    BOOST_TEST(p.socket.read_some(one, two, ec) == 9U);
    BOOST_TEST(one == "1234");
    BOOST_TEST(two.substr(0, 5) == "56789");
    BOOST_TEST(p.socket.read_some(one, ec) == 0U);
    BOOST_TEST(ec == asio::error::would_block);
}

BOOST_AUTO_TEST_SUITE_END()
