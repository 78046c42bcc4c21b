// Bodies as streams, and reading them to their end.
#include "http/body.hpp"
#include "http/http_error.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <string>
#include <string_view>
#include <vector>

using namespace phial;
using namespace phial::testing;

namespace {

memory_share unbound;

// Announces a length, and must not be read.
class announced final : public body_stream {
  public:
    explicit announced(std::uint64_t length) : length_(length) {}
    task<std::optional<std::string_view>> next() override {
        read = true;
        co_return std::nullopt;
    }
    std::optional<std::uint64_t> length() const noexcept override { return length_; }

    bool read = false;

  private:
    std::uint64_t length_;
};

// Ends as the body of a client that went away does.
class broken final : public body_stream {
  public:
    task<std::optional<std::string_view>> next() override {
        if (given_) throw http_error(400);
        given_ = true;
        co_return "half";
    }
    std::optional<std::uint64_t> length() const noexcept override { return std::nullopt; }

  private:
    bool given_ = false;
};

bool is_413(http_error const &e) { return e.status() == 413; }
bool is_400(http_error const &e) { return e.status() == 400; }

} // namespace

BOOST_AUTO_TEST_SUITE(bodies)

BOOST_AUTO_TEST_CASE(a_body_in_memory_comes_once_and_whole) {
    string_body body("hello");
    BOOST_TEST((body.length() == 5U));
    auto const first = run(body.next());
    BOOST_TEST((first == std::string_view("hello")));
    BOOST_TEST(!run(body.next()));
    BOOST_TEST((body.length() == 5U));
}

BOOST_AUTO_TEST_CASE(a_body_in_memory_makes_no_use_of_room) {
    string_body body("hello");
    std::array<char, 8> room{};
    BOOST_TEST((run(body.next_into(room)) == std::string_view("hello")));
    BOOST_TEST(room[0] == '\0');
    BOOST_TEST(!run(body.next_into(room)));
}

BOOST_AUTO_TEST_CASE(an_empty_body_has_no_bytes) {
    string_body body("");
    BOOST_TEST((body.length() == 0U));
    BOOST_TEST(!run(body.next()));
}

BOOST_AUTO_TEST_CASE(a_body_is_read_to_its_end) {
    for (bool const chunked : {true, false}) {
        BOOST_TEST_CONTEXT((chunked ? "of unknown length" : "of known length")) {
            pieces body({"a", "bc", std::string("\0\xFF", 2)}, chunked);
            BOOST_TEST(run(read_all(body, 100, unbound)) == std::string("abc\0\xFF", 5));
            pieces empty({}, chunked);
            BOOST_TEST(run(read_all(empty, 0, unbound)).empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(a_body_may_be_as_long_as_the_limit_but_no_longer) {
    for (bool const chunked : {true, false}) {
        BOOST_TEST_CONTEXT((chunked ? "of unknown length" : "of known length")) {
            pieces fits({"ab", "cd"}, chunked);
            BOOST_TEST(run(read_all(fits, 4, unbound)) == "abcd");
            pieces too_long({"ab", "cd"}, chunked);
            BOOST_CHECK_EXCEPTION(run(read_all(too_long, 3, unbound)), http_error, is_413);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_announced_length_beyond_the_limit_is_refused_unread) {
    announced body(std::uint64_t{1} << 63);
    BOOST_CHECK_EXCEPTION(run(read_all(body, 100, unbound)), http_error, is_413);
    BOOST_TEST(!body.read);
}

BOOST_AUTO_TEST_CASE(what_the_body_throws_gets_through) {
    broken body;
    BOOST_CHECK_EXCEPTION(run(read_all(body, 100, unbound)), http_error, is_400);
}

BOOST_AUTO_TEST_SUITE_END()
