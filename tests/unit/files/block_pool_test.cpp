#include "phial/files/block_pool.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

using namespace phial;

BOOST_AUTO_TEST_SUITE(blocks)

BOOST_AUTO_TEST_CASE(a_block_takes_bytes_until_it_is_full) {
    block_pool pool(block::capacity);
    auto b = pool.take();
    BOOST_TEST_REQUIRE(!!b);
    BOOST_TEST(b.content() == "");
    std::string_view first = "abc";
    b.take(first);
    BOOST_TEST(first.empty());
    BOOST_TEST(b.content() == "abc");
    BOOST_TEST(!b.full());
    std::string const much(block::capacity, 'x');
    std::string_view rest = much;
    b.take(rest);
    BOOST_TEST(rest.size() == 3U);
    BOOST_TEST(b.full());
    BOOST_TEST((b.content() == "abc" + much.substr(3)));
    b.clear();
    BOOST_TEST(b.content() == "");
}

BOOST_AUTO_TEST_CASE(there_are_as_many_as_fit_into_the_memory) {
    struct {
        std::size_t bytes, blocks;
    } const cases[] = {{0, 0}, {block::capacity - 1, 0}, {block::capacity, 1}, {8 * block::capacity + 1, 8}};
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.bytes) {
            block_pool pool(c.bytes);
            std::vector<block> taken;
            while (auto b = pool.take()) taken.push_back(std::move(b));
            BOOST_TEST(taken.size() == c.blocks);
            if (taken.empty()) continue;
            taken.pop_back();
            auto again = pool.take();
            BOOST_TEST(!!again);
            BOOST_TEST(again.content() == "");
            BOOST_TEST(!pool.take());
        }
    }
}

BOOST_AUTO_TEST_CASE(a_block_that_is_moved_has_one_owner) {
    block_pool pool(2 * block::capacity);
    auto a = pool.take();
    std::string_view bytes = "a";
    a.take(bytes);
    auto b = std::move(a);
    BOOST_TEST(b.content() == "a");
    block none;
    std::swap(b, none);
    BOOST_TEST(!b);
    BOOST_TEST(none.content() == "a");
    none = block();
    BOOST_TEST(!!pool.take());
}

BOOST_AUTO_TEST_CASE(threads_share_a_pool) {
    block_pool pool(4 * block::capacity);
    auto const work = [&pool] {
        for (int i = 0; i < 2000; ++i) {
            auto a = pool.take();
            auto b = pool.take();
            std::string_view bytes = "x";
            if (a) a.take(bytes);
        }
    };
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 3; ++i) threads.emplace_back(work);
    }
    std::vector<block> taken;
    while (auto b = pool.take()) taken.push_back(std::move(b));
    BOOST_TEST(taken.size() == 4U);
}

BOOST_AUTO_TEST_SUITE_END()
