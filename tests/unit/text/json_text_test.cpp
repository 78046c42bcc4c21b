// How a text is written as a JSON string, wherever in it a character must be escaped.
#include "phial/text/json_text.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using namespace phial;

namespace {

std::string written(std::string_view s) {
    std::string out;
    append_json_string(out, s);
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(json_texts)

BOOST_AUTO_TEST_CASE(all_but_printable_ascii_is_escaped_at_any_place) {
    struct {
        std::string_view character, escape;
    } const cases[] = {
        {"\"", "\\\""},      {"\\", "\\\\"},          {"\n", "\\n"},       {"\x1F", "\\u001f"},
        {"\x7F", "\\u007f"}, {"\xC3\xA9", "\\u00e9"}, {"\xFF", "\\ufffd"}, {"\xF0\x9F\x98\x80", "\\ud83d\\ude00"},
    };
    for (auto const &c : cases) {
        for (std::size_t size = 0; size < 50; ++size) {
            for (std::size_t place = 0; place <= size; ++place) {
                BOOST_TEST_CONTEXT(c.escape << " after " << place << " of " << size << " characters") {
                    std::string const before(place, 'x');
                    std::string const after(size - place, '~');
                    auto const text = before + std::string(c.character) + after;
                    BOOST_TEST(plain_json_length(text) == place);
                    BOOST_TEST(written(text) == '"' + before + std::string(c.escape) + after + '"');
                }
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(printable_ascii_is_written_as_it_is) {
    std::string all;
    for (char c = ' '; c <= '~'; ++c)
        if (c != '"' && c != '\\') all += c;
    for (std::size_t size = 0; size <= all.size(); ++size) {
        auto const text = all.substr(0, size);
        BOOST_TEST(plain_json_length(text) == size);
        BOOST_TEST(written(text) == '"' + text + '"');
    }
}

BOOST_AUTO_TEST_SUITE_END()
