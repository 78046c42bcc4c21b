// What of the responses is still to be written, what is counted as sent, and whether the client takes it.
#include "phial/server/outbox.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <string_view>

using namespace phial;

namespace {

// Writes at most `n` bytes of what waits and of `content` after it, as a socket would; returns the rest of `content`.
std::string_view write_some(outbox &out, std::string_view content, std::size_t n) {
    content.remove_prefix(out.wrote(std::min(n, out.size() + content.size())));
    return content;
}

} // namespace

BOOST_AUTO_TEST_SUITE(outboxes)

BOOST_AUTO_TEST_CASE(what_was_written_waits_no_more) {
    outbox out;
    BOOST_TEST(out.empty());
    out += "HTTP/1.1 200 OK";
    BOOST_TEST(out.waiting() == "HTTP/1.1 200 OK");
    BOOST_TEST(out.wrote(9) == 0U);
    BOOST_TEST(out.waiting() == "200 OK");
    BOOST_TEST(out.size() == 6U);
    BOOST_TEST(!out.empty());
    out += "\r\n";
    BOOST_TEST(out.waiting() == "200 OK\r\n");
    BOOST_TEST(out.wrote(8) == 0U);
    BOOST_TEST(out.empty());
    out += "next";
    BOOST_TEST(out.waiting() == "next");
}

BOOST_AUTO_TEST_CASE(content_is_written_after_what_waits_however_it_is_cut) {
    for (std::size_t step = 1; step <= 12; ++step) {
        BOOST_TEST_CONTEXT("pieces of " << step) {
            outbox out;
            out += "head: ";
            std::string_view content = "content";
            std::string written;
            while (!out.empty() || !content.empty()) {
                written += (std::string(out.waiting()) += content).substr(0, step);
                content = write_some(out, content, step);
            }
            BOOST_TEST(written == "head: content");
        }
    }
}

BOOST_AUTO_TEST_CASE(what_a_response_sends_is_counted_without_those_before_it) {
    struct {
        std::size_t before; // bytes of earlier responses that wait
        std::size_t early;  // of those, written before this response has its bytes
        std::size_t later;  // written of all, after that
    } const cases[] = {{0, 0, 0}, {0, 0, 3}, {0, 0, 10}, {7, 0, 0}, {7, 0, 5}, {7, 7, 0}, {7, 5, 12}, {7, 0, 17}};
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.before << " before, " << c.early << " and " << c.later << " written") {
            outbox out;
            out += std::string(c.before, 'x');
            out.begin_response();
            BOOST_TEST(out.sent() == 0U);
            (void)out.wrote(c.early);
            BOOST_TEST(out.sent() == 0U);
            out += std::string(10, 'y');
            BOOST_TEST(out.sent() == 10U);
            (void)out.wrote(c.later);
            BOOST_TEST(out.sent() == 10U);
        }
    }
}

BOOST_AUTO_TEST_CASE(content_that_is_not_collected_counts_too_and_what_is_dropped_does_not) {
    outbox out;
    out.begin_response();
    out += "head";
    BOOST_TEST(out.wrote(104) == 100U);
    BOOST_TEST(out.sent() == 104U);
    out += "more";
    BOOST_TEST(out.sent() == 108U);
    (void)out.wrote(1);
    out.drop(); // the connection broke
    BOOST_TEST(out.empty());
    BOOST_TEST(out.sent() == 105U);
}

BOOST_AUTO_TEST_CASE(it_is_full_when_more_than_a_batch_waits) {
    outbox out;
    out += std::string(outbox::batch, 'x');
    BOOST_TEST(!out.is_full());
    out += "x";
    BOOST_TEST(out.is_full());
    (void)out.wrote(1);
    BOOST_TEST(!out.is_full());
}

// The pace: 100 bytes a second, at once.
BOOST_AUTO_TEST_CASE(the_client_has_taken_what_the_kernel_holds_no_longer) {
    struct {
        std::size_t held; // by the kernel, before
        std::size_t each_second, taken_each_second;
        unsigned cut_off; // in this second; 0: not within 100
    } const cases[] = {
        {0, 0, 0, 2},        // it takes nothing
        {0, 1000, 0, 2},     // the kernel takes it, the client does not
        {0, 100, 90, 11},    // too little
        {0, 100, 100, 0},    // enough
        {5000, 100, 100, 0}, // what was written before
        {5000, 0, 100, 52},  // and is taken at last
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.held << " held, " << c.each_second << " written, " << c.taken_each_second << " taken") {
            outbox out;
            out.begin_pace(pace(100, 0, 0), c.held);
            auto held = c.held;
            unsigned cut_off = 0;
            for (unsigned second = 1; second <= 100 && cut_off == 0; ++second) {
                (void)out.wrote(c.each_second);
                held += c.each_second;
                held -= std::min(held, c.taken_each_second);
                if (out.is_too_slow(held)) cut_off = second;
            }
            BOOST_TEST(cut_off == c.cut_off);
        }
    }
}

BOOST_AUTO_TEST_CASE(looking_more_often_counts_nothing_twice) {
    outbox out;
    out.begin_pace(pace(100, 0, 0), 0);
    (void)out.wrote(100);
    for (int i = 0; i < 3; ++i) out.count_taken(0);
    BOOST_TEST(!out.is_too_slow(0)); // the first second, which may be none
    BOOST_TEST(!out.is_too_slow(0));
    BOOST_TEST(out.is_too_slow(0));
}

BOOST_AUTO_TEST_CASE(each_response_has_its_own_pace) {
    outbox out;
    out.begin_pace(pace(100, 0, 0), 0);
    BOOST_TEST(!out.is_too_slow(0));
    BOOST_TEST(out.is_too_slow(0));
    out.begin_pace(pace(100, 0, 0), 0);
    BOOST_TEST(!out.is_too_slow(0));
}

BOOST_AUTO_TEST_CASE(a_client_that_acknowledges_nothing_between_two_looks_takes_nothing) {
    outbox out;
    out.begin_pace({}, 0);
    out += "0123456789";
    (void)out.wrote(10);
    BOOST_TEST(out.is_taken(7)); // three of them
    BOOST_TEST(!out.is_taken(7));
    BOOST_TEST(out.is_taken(6));
    (void)out.wrote(4); // content
    BOOST_TEST(!out.is_taken(10));
    BOOST_TEST(out.is_taken(0));
    BOOST_TEST(out.is_taken(0)); // nothing is left to take
}

BOOST_AUTO_TEST_SUITE_END()
