#include "phial/http/body_builder.hpp"

#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>

using namespace phial;
using namespace phial::testing;

namespace {

constexpr std::size_t small = body_builder::small_body;

std::shared_ptr<held_text> text_of(std::size_t size, char c, std::shared_ptr<memory_account> account = {}) {
    auto out = std::make_shared<held_text>(std::move(account));
    out->reserve(size);
    while (out->size() < size) *out += c;
    return out;
}

std::string content_of(body_builder builder) {
    auto content = builder.take_small();
    if (auto const large = builder.take_large()) {
        BOOST_TEST(content.empty());
        while (auto const piece = run(large->next())) content += *piece;
    }
    return content;
}

} // namespace

BOOST_AUTO_TEST_SUITE(body_builders)

BOOST_AUTO_TEST_CASE(texts_keep_their_order_whatever_their_sizes) {
    std::string const medium(small - 1, 'm');
    std::string const large(3 * small, 'l');
    body_builder builder{std::shared_ptr<memory_account>()};
    builder += "a";
    builder += medium;
    builder.share(text_of(small + 1, 's'));
    builder += 'b';
    builder.share(text_of(10, 't'));
    builder.share(text_of(2 * small, 'u'));
    builder += large;
    builder += 'c';
    builder.share(text_of(5, 'v'));
    BOOST_TEST((content_of(std::move(builder)) == "a" + medium + std::string(small + 1, 's') + "b" +
                                                      std::string(10, 't') + std::string(2 * small, 'u') + large + "c" +
                                                      std::string(5, 'v')));
}

BOOST_AUTO_TEST_CASE(a_shared_text_that_uses_the_whole_quota_may_have_small_ones_beside_it) {
    quota budget(4 * small);
    auto const account = std::make_shared<memory_account>(&budget);
    auto text = text_of(4 * small, 'x', account);
    BOOST_TEST(budget.used() == budget.total());
    body_builder builder(account);
    builder += '[';
    builder.share(std::move(text));
    builder += "]\n";
    BOOST_TEST((content_of(std::move(builder)) == "[" + std::string(4 * small, 'x') + "]\n"));
    BOOST_TEST(budget.used() == 0U);
}

BOOST_AUTO_TEST_CASE(what_is_not_small_is_counted) {
    quota budget(2 * small);
    auto const account = std::make_shared<memory_account>(&budget);
    body_builder builder(account);
    builder += std::string(small, 'x');
    BOOST_TEST(budget.used() == 0U);
    builder += 'y';
    BOOST_TEST(budget.used() > small);
    BOOST_CHECK_THROW(builder += std::string(2 * small, 'z'), http_error);
}

BOOST_AUTO_TEST_SUITE_END()
