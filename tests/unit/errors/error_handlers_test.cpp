// The registry of error handlers.
#include "phial/errors/error_handlers.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

using namespace phial;
using namespace phial::testing;

namespace {

response first(request &, http_error const &) { return text("first"); }
response second(request &, http_error const &e) { return text("second: ", e.what()); }

} // namespace

BOOST_AUTO_TEST_SUITE(error_handlers_)

BOOST_AUTO_TEST_CASE(a_handler_is_found_by_its_status_only) {
    error_handlers handlers;
    BOOST_TEST(handlers.empty());
    BOOST_TEST((handlers.find(404) == nullptr));
    handlers.set(404, first);
    BOOST_TEST(!handlers.empty());
    BOOST_TEST((handlers.find(404) != nullptr));
    BOOST_TEST((handlers.find(400) == nullptr));
    BOOST_TEST((handlers.find(500) == nullptr));
}

BOOST_AUTO_TEST_CASE(a_later_handler_replaces_an_earlier_one) {
    error_handlers handlers;
    handlers.set(404, first);
    handlers.set(500, first);
    handlers.set(404, second);
    fake_request rq("GET", "/");
    BOOST_TEST((*handlers.find(404))(rq, http_error(404, "gone")).body() == "second: gone");
    BOOST_TEST((*handlers.find(500))(rq, http_error(500)).body() == "first");
}

BOOST_AUTO_TEST_CASE(it_may_be_written_as_a_list) {
    error_handlers const handlers{{404, first}, {500, first}, {404, second}};
    fake_request rq("GET", "/");
    BOOST_TEST((*handlers.find(404))(rq, http_error(404, "gone")).body() == "second: gone");
    BOOST_TEST((*handlers.find(500))(rq, http_error(500)).body() == "first");
    BOOST_TEST((handlers.find(400) == nullptr));
}

BOOST_AUTO_TEST_SUITE_END()
