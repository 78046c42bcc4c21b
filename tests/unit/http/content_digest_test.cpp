// Digests sent with content (RFC 9530): what is checked, and what is passed over.
#include "phial/http/content_digest.hpp"
#include "phial/http/http_error.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

using namespace phial;

namespace {

// Of {"hello": "world"} and a newline: RFC 9530 B.1 to B.3.
constexpr std::string_view content = "{\"hello\": \"world\"}\n";
constexpr std::string_view sha256 = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:";
constexpr std::string_view sha512 = "sha-512=:YMAam51Jz/jOATT6/zvHrLVgOYTGFy1d6GJiOHTohq4yP+pgk4vf2aCs"
                                    "yRZOtw8MjkM7iw7yZ/WkppmM44T3qg==:";
constexpr std::string_view other = "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:";

// The status that checking ends with, 200 for none; the content comes in pieces of any size.
unsigned check(std::vector<field> const &lines, std::size_t piece = 5) {
    try {
        content_digest digest{fields_view(lines)};
        for (std::size_t i = 0; i < content.size(); i += piece) digest.update(content.substr(i, piece));
        digest.check();
        return 200;
    } catch (http_error const &e) {
        return e.status();
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(content_digests)

BOOST_AUTO_TEST_CASE(content_has_to_be_what_its_digests_say) {
    for (auto const *name : {"Content-Digest", "Repr-Digest", "content-digest", "REPR-DIGEST"}) {
        BOOST_TEST(check({{name, sha256}}) == 200U);
        BOOST_TEST(check({{name, sha512}}) == 200U);
        BOOST_TEST(check({{name, other}}) == 400U);
        BOOST_TEST(check({{name, sha256}, {name, sha512}}) == 200U); // two lines are one field
        BOOST_TEST(check({{name, sha512}, {name, other}}) == 400U);
        BOOST_TEST(check({{name, other}, {name, sha256}}) == 200U); // of equal keys the last
    }
    BOOST_TEST(check({{"Content-Digest", sha256}, {"Repr-Digest", sha256}}) == 200U);
    BOOST_TEST(check({{"Content-Digest", sha256}, {"Repr-Digest", other}}) == 400U);
    BOOST_TEST(check({{"Content-Digest", other}, {"Repr-Digest", sha256}}) == 400U);
    for (std::size_t piece = 1; piece <= content.size(); ++piece)
        BOOST_TEST(check({{"Repr-Digest", sha256}}, piece) == 200U);
}

BOOST_AUTO_TEST_CASE(what_is_not_known_is_passed_over) {
    for (std::string_view const value : {"", "md5=:AAAA:", "sha-256-x=:AAAA:, adler=1, x", "unixsum=:AAAA:;p=1"}) {
        std::vector<field> const lines{{"Content-Digest", value}, {"Want-Repr-Digest", "sha-256=1"}, {"Digest", other}};
        BOOST_TEST(content_digest(fields_view(lines)).empty(), value);
        BOOST_TEST(check(lines) == 200U);
    }
    BOOST_TEST(content_digest(fields_view()).empty());
}

BOOST_AUTO_TEST_CASE(a_malformed_field_is_refused_before_there_is_content) {
    for (std::string_view const value :
         {"sha-256", "sha-256=1", "sha-256=:AAAA:", "sha-256=::", "sha-512=:AAAA:", "sha-256=(:AAAA:)",
          "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=", "=:AAAA:", "md5=:AAAA:,"}) {
        std::vector<field> const lines{{"Content-Digest", value}};
        BOOST_CHECK_EXCEPTION(content_digest{fields_view(lines)}, http_error, [](http_error const &e) {
            return e.status() == 400 && std::string_view(e.what()).find("Content-Digest") != std::string_view::npos;
        });
    }
}

BOOST_AUTO_TEST_SUITE_END()
