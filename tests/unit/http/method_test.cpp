// Methods and sets of them.
#include "phial/http/method.hpp"

#include <boost/test/unit_test.hpp>

#include <string_view>

using namespace phial;

BOOST_AUTO_TEST_SUITE(request_methods)

BOOST_AUTO_TEST_CASE(methods_are_named_in_capitals) {
    struct {
        method m;
        std::string_view name;
    } const cases[] = {
        {method::get, "GET"},         {method::head, "HEAD"},   {method::post, "POST"},
        {method::put, "PUT"},         {method::patch, "PATCH"}, {method::delete_, "DELETE"},
        {method::options, "OPTIONS"}, {method::trace, "TRACE"}, {method::connect, "CONNECT"},
    };
    for (auto const &c : cases) {
        BOOST_TEST(to_string(c.m) == c.name);
        BOOST_TEST(methods{c.m}.to_string() == c.name);
    }
}

BOOST_AUTO_TEST_CASE(a_set_holds_what_was_inserted_and_no_more) {
    methods set{method::get, method::connect};
    BOOST_TEST(set.contains(method::get));
    BOOST_TEST(set.contains(method::connect));
    BOOST_TEST(!set.contains(method::head));
    BOOST_TEST(!set.contains(method::trace));
    set.insert(method::head);
    BOOST_TEST(set.contains(method::head));
    set.insert(methods{method::put, method::get});
    BOOST_TEST((set == methods{method::head, method::get, method::put, method::connect}));
}

BOOST_AUTO_TEST_CASE(an_empty_set_has_nothing) {
    BOOST_TEST(methods().empty());
    BOOST_TEST(methods().to_string() == "");
    BOOST_TEST(!methods().contains(method::get));
    BOOST_TEST(!methods{method::get}.empty());
    BOOST_TEST((methods() != methods{method::get}));
}

BOOST_AUTO_TEST_CASE(a_set_is_written_as_allow_has_it_in_one_order) {
    BOOST_TEST((methods{method::options, method::get, method::head}).to_string() == "GET, HEAD, OPTIONS");
    BOOST_TEST((methods{method::post, method::post}).to_string() == "POST");
}

BOOST_AUTO_TEST_SUITE_END()
