// Boundaries in Content-Type.
#include "phial/http/http_error.hpp"
#include "phial/http/multipart_boundary.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using namespace phial;
using namespace std::string_literals;

namespace {

std::string read(std::string const &parameters) {
    try {
        return multipart_boundary(parse_media_type("multipart/form-data" + parameters));
    } catch (http_error const &e) {
        return std::to_string(e.status()) + " " + e.what();
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(multipart_boundaries)

BOOST_AUTO_TEST_CASE(boundaries_are_read_with_and_without_quotes) {
    struct {
        std::string parameters, boundary;
    } const cases[] = {
        {";boundary=b", "b"},
        {"; Boundary=\"b c\"", "b c"},
        {"; charset=utf-8; boundary=b;", "b"},
        {"; boundary=b; charset=utf-8", "b"},
        // not tokens, but clients do not quote them
        {"; boundary=*****", "*****"},
        {"; boundary==?", "=?"},
        {"; boundary=a/b=c", "a/b=c"},
        {"; boundary=a:b", "a:b"},
        {"; boundary=a b", "a b"},
        {"; boundary= a b ; charset=utf-8", "a b"},
        {"; boundary=(a),b", "(a),b"},
        {"; boundary=----=_Part_1_2.3", "----=_Part_1_2.3"},
        // what else is malformed does not hide it
        {"; x; boundary=b", "b"},
        {"; x=a@b; boundary=b", "b"},
        {"; x=\"; boundary=a\"; boundary=b", "b"},
        {"; x=\"\\\"; boundary=a\"; boundary=b", "b"},
        {"; boundary=" + std::string(70, 'x'), std::string(70, 'x')},
    };
    for (auto const &c : cases)
        BOOST_TEST(read(c.parameters) == c.boundary, c.parameters << ": " << read(c.parameters));
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_said) {
    struct {
        std::string parameters, why;
    } const cases[] = {
        {"", "names no boundary"},
        {"; charset=utf-8", "names no boundary"},
        {"; xboundary=b", "names no boundary"},
        {"; boundary", "names no boundary"},
        {"; x=\"; boundary=b", "names no boundary"}, // an open quote
        {"; boundary=", "has an empty boundary"},
        {"; boundary=\"\"", "has an empty boundary"},
        {"; boundary=\"b", "quotes do not match"},
        {"; boundary=\"b\"c", "quotes do not match"},
        {"; boundary=\"b \"", "has the boundary 'b '"},
        {"; boundary=a@b", "has the boundary 'a@b'"},
        {"; boundary=\"a;b\"", "has the boundary 'a;b'"},
        {"; boundary=a\"b\"", "has the boundary 'a\"b\"'"},
        {"; boundary=\xC3\xA9", "has the boundary 'é'"},
        {"; boundary=\xFF", "has the boundary '\uFFFD'"},
        {"; boundary=a; boundary=b", "names two boundaries"},
        {"; boundary=a; boundary=a", "names two boundaries"},
        {"; boundary=" + std::string(71, 'x'), "has a boundary of 71 characters"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.parameters) {
            auto const got = read(c.parameters);
            BOOST_TEST(got.starts_with("400 The Content-Type of a multipart body "));
            BOOST_TEST(got.find(c.why) != std::string::npos, got);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
