// Bodies as streams, and reading them to their end.
#include "phial/http/body.hpp"
#include "phial/http/http_error.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

using namespace phial;
using namespace phial::testing;

namespace {

std::shared_ptr<memory_account> const unbound;

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

BOOST_AUTO_TEST_CASE(a_body_in_memory_can_be_taken_whole_once_and_not_in_parts) {
    string_body body("hello");
    BOOST_TEST((body.whole() == "hello"));
    BOOST_TEST(!body.whole());
    BOOST_TEST((!run(body.next())));
    string_body half_read("hello");
    (void)run(half_read.next());
    BOOST_TEST(!half_read.whole());
}

BOOST_AUTO_TEST_CASE(an_empty_body_has_no_bytes) {
    string_body body("");
    BOOST_TEST((body.length() == 0U));
    BOOST_TEST(!run(body.next()));
}

BOOST_AUTO_TEST_CASE(a_body_is_read_to_its_end) {
    for (bool const chunked : {true, false}) {
        BOOST_TEST_CONTEXT((chunked ? "of unknown length" : "of known length")) {
            body_in_pieces body({"a", "bc", std::string("\0\xFF", 2)}, chunked);
            BOOST_TEST(run(read_all(body, 100, unbound)).view() == std::string("abc\0\xFF", 5));
            body_in_pieces empty({}, chunked);
            BOOST_TEST(run(read_all(empty, 0, unbound)).empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(a_body_may_be_as_long_as_the_limit_but_no_longer) {
    for (bool const chunked : {true, false}) {
        BOOST_TEST_CONTEXT((chunked ? "of unknown length" : "of known length")) {
            body_in_pieces fits({"ab", "cd"}, chunked);
            BOOST_TEST(run(read_all(fits, 4, unbound)).view() == "abcd");
            body_in_pieces too_long({"ab", "cd"}, chunked);
            BOOST_CHECK_EXCEPTION(run(read_all(too_long, 3, unbound)), http_error, is_413);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_announced_length_above_the_limit_is_refused_unread) {
    announced body(std::uint64_t{1} << 63);
    BOOST_CHECK_EXCEPTION(run(read_all(body, 100, unbound)), http_error, is_413);
    BOOST_TEST(!body.read);
}

BOOST_AUTO_TEST_CASE(memory_is_taken_as_bytes_come_and_given_back_with_the_text) {
    quota budget(1 << 20);
    auto const account = std::make_shared<memory_account>(&budget);
    {
        body_in_pieces body(cut(std::string(700'000, 'x'), 10'000), false);
        auto const all = run(read_all(body, 1 << 20, account));
        BOOST_TEST(all.size() == 700'000U);
        BOOST_TEST(budget.used() == 700'000U); // an announced length is not exceeded
    }
    BOOST_TEST(budget.used() == 0U);
    body_in_pieces body(cut(std::string(700'000, 'x'), 10'000), true);
    auto const all = run(read_all(body, 1 << 20, account));
    BOOST_TEST((all.view() == std::string(700'000, 'x')));
    BOOST_TEST(budget.used() >= 700'000U);
    BOOST_TEST(budget.used() <= 1U << 20);
}

BOOST_AUTO_TEST_CASE(an_announced_length_that_never_fits_is_413_and_one_that_does_not_fit_now_503) {
    quota budget(100);
    auto const account = std::make_shared<memory_account>(&budget);
    announced too_large(101);
    BOOST_CHECK_EXCEPTION(run(read_all(too_large, 1000, account)), http_error, is_413);
    BOOST_TEST(!too_large.read);
    BOOST_TEST(budget.take(1)); // somebody else
    announced body(100);
    BOOST_CHECK_EXCEPTION(run(read_all(body, 1000, account)), http_error,
                          [](http_error const &e) { return e.status() == 503; });
    BOOST_TEST(!body.read);
}

BOOST_AUTO_TEST_CASE(texts_that_are_held_are_sent_one_after_the_other_and_given_back_on_the_way) {
    constexpr std::size_t mib = 1 << 20;
    quota budget(64 * mib);
    auto const account = std::make_shared<memory_account>(&budget);
    std::vector<std::shared_ptr<held_text>> texts;
    std::string expected;
    for (auto const size : {std::size_t{0}, 2 * mib, std::size_t{5}, 3 * mib + 7}) {
        texts.push_back(std::make_shared<held_text>(account));
        texts.back()->reserve(size);
        while (texts.back()->size() < size) *texts.back() += static_cast<char>('a' + texts.back()->size() % 23);
        expected += texts.back()->view();
    }
    held_body body(std::move(texts));
    BOOST_TEST((body.length() == expected.size()));
    BOOST_TEST(body.held() == expected.size());
    std::string all;
    while (auto const bytes = run(body.next())) {
        all += *bytes;
        // What was given before is gone, but for the piece that is being looked at and parts of pages.
        BOOST_TEST(budget.used() <= expected.size() - all.size() + 2 * 256 * 1024 + 3 * 8192);
    }
    BOOST_TEST((all == expected));
    BOOST_TEST(budget.used() == 0U);
}

BOOST_AUTO_TEST_CASE(a_text_that_somebody_shares_is_not_taken_away_while_it_is_sent) {
    auto const shared = std::make_shared<held_text>(std::string(1 << 20, 's'));
    held_body body({shared});
    while (run(body.next())) {
    }
    BOOST_TEST((shared->view() == std::string(1 << 20, 's')));
}

BOOST_AUTO_TEST_CASE(what_the_body_throws_gets_through) {
    broken body;
    BOOST_CHECK_EXCEPTION(run(read_all(body, 100, unbound)), http_error, is_400);
}

BOOST_AUTO_TEST_SUITE_END()
