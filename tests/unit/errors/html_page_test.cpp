// The frame of pages: whole, and in need of nothing.
#include "phial/errors/html_page.hpp"
#include "phial/text/base64.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cstdint>
#include <nettle/sha2.h>
#include <string>
#include <string_view>

using namespace phial;

BOOST_AUTO_TEST_SUITE(html_page_)

BOOST_AUTO_TEST_CASE(title_and_content_are_in_a_whole_page) {
    auto const page = html_page("the title", "<p>the content</p>\n");
    BOOST_TEST(page.starts_with("<!doctype html>\n<html lang=\"en\">\n"));
    BOOST_TEST(page.ends_with("<body>\n<p>the content</p>\n</body>\n</html>\n"));
    for (auto const *part : {"<meta charset=\"utf-8\">", "<title>the title</title>", "width=device-width",
                             "prefers-color-scheme: dark", "overflow-wrap: anywhere"})
        BOOST_TEST_CONTEXT(part) BOOST_TEST(page.find(part) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_page_loads_and_runs_nothing) {
    auto const page = html_page("", "");
    for (auto const *part : {"<script", "<link", "<img", "src=", "href=", "url(", "@import", "//"})
        BOOST_TEST_CONTEXT(part) BOOST_TEST(page.find(part) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_policy_names_the_style_that_the_page_has) {
    auto const page = html_page("", "");
    auto const begin = page.find("<style>") + 7;
    auto const style = std::string_view(page).substr(begin, page.find("</style>") - begin);
    sha256_ctx context;
    sha256_init(&context);
    sha256_update(&context, style.size(), reinterpret_cast<std::uint8_t const *>(style.data()));
    std::array<std::uint8_t, SHA256_DIGEST_SIZE> digest{};
    sha256_digest(&context, digest.size(), digest.data());
    auto const hash = encode_base64({reinterpret_cast<char const *>(digest.data()), digest.size()});
    BOOST_TEST(html_page_policy.line.find("style-src 'sha256-" + hash + "';") != std::string_view::npos, hash);
}

BOOST_AUTO_TEST_SUITE_END()
