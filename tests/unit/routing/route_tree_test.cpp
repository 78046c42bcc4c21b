// Which node of the tree a path leads to.
#include "phial/routing/route_tree.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

using namespace phial;

namespace {

// One segment of each size from 0 to 40 and, for each of its bytes, one that differs in that byte.
std::vector<std::string> segments() {
    std::vector<std::string> all;
    for (std::size_t size = 0; size <= 40; ++size) {
        std::string const plain(size, 'm');
        all.push_back(plain);
        for (std::size_t i = 0; i < size; ++i) {
            for (char const other : {'a', 'z', '\xE9'}) {
                all.push_back(plain);
                all.back()[i] = other;
            }
        }
    }
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(route_trees)

BOOST_AUTO_TEST_CASE(each_literal_segment_has_its_own_node) {
    auto const all = segments();
    literal_nodes nodes;
    std::vector<route_node *> made;
    for (auto const &s : all) made.push_back(&nodes.add(s));
    for (std::size_t i = 0; i < all.size(); ++i) {
        BOOST_TEST_CONTEXT("segment " << i << ", " << all[i].size() << " bytes") {
            BOOST_TEST(nodes.find(all[i]) == made[i]);
            BOOST_TEST(&nodes.add(all[i]) == made[i]); // it is not made again
        }
    }
}

BOOST_AUTO_TEST_CASE(a_segment_that_was_not_added_has_no_node) {
    auto const all = segments();
    literal_nodes nodes;
    BOOST_TEST(nodes.find("") == nullptr);
    for (std::size_t i = 0; i < all.size(); i += 2) (void)nodes.add(all[i]);
    for (std::size_t i = 1; i < all.size(); i += 2) {
        BOOST_TEST_CONTEXT("segment " << i << ", " << all[i].size() << " bytes") {
            BOOST_TEST(nodes.find(all[i]) == nullptr);
        }
    }
    BOOST_TEST(nodes.find(std::string(41, 'm')) == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
