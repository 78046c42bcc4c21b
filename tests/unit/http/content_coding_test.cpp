// Content codings of requests.
#include "phial/http/content_coding.hpp"
#include "phial/http/http_error.hpp"

#include <boost/test/unit_test.hpp>

#include <string_view>
#include <utility>
#include <vector>

using namespace phial;

namespace {

// The status, and "Accept-Encoding" when that says identity.
std::pair<unsigned, bool> check(std::vector<field> const &lines) {
    try {
        require_no_content_coding(fields_view(lines));
        return {0, false};
    } catch (http_error const &e) {
        auto const &h = e.headers();
        return {e.status(), h.size() == 1 && h[0].first == "Accept-Encoding" && h[0].second == "identity"};
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(content_codings)

BOOST_AUTO_TEST_CASE(identity_and_nothing_pass) {
    std::vector<field> const cases[] = {
        {},
        {{"Accept-Encoding", "gzip"}, {"Transfer-Encoding", "chunked"}},
        {{"Content-Encoding", ""}},
        {{"Content-Encoding", "identity"}},
        {{"content-encoding", "Identity"}},
        {{"Content-Encoding", "identity, IDENTITY ,"}},
        {{"Content-Encoding", "identity"}, {"Content-Encoding", "identity"}},
    };
    for (auto const &lines : cases) BOOST_TEST(check(lines).first == 0U);
}

BOOST_AUTO_TEST_CASE(any_other_coding_is_415_and_says_what_is_accepted) {
    std::vector<field> const cases[] = {
        {{"Content-Encoding", "gzip"}},
        {{"CONTENT-ENCODING", "GZIP"}},
        {{"Content-Encoding", "x-gzip"}},
        {{"Content-Encoding", "br"}},
        {{"Content-Encoding", "aws-chunked"}},
        {{"Content-Encoding", "chunked"}},
        {{"Content-Encoding", "identity, gzip"}},
        {{"Content-Encoding", ",gzip"}},
        {{"Content-Encoding", "identity"}, {"Content-Encoding", "gzip"}},
        {{"Content-Encoding", "identity;q=1"}},
        {{"Content-Encoding", "\"identity\""}},
        {{"Content-Encoding", "\xFF"}},
    };
    for (auto const &lines : cases) {
        BOOST_TEST_CONTEXT(lines.back().value) {
            auto const [status, says] = check(lines);
            BOOST_TEST(status == 415U);
            BOOST_TEST(says);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
