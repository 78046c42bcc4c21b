#include "phial/text/charset.hpp"
#include "phial/text/utf8.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using namespace phial;

BOOST_AUTO_TEST_SUITE(charsets)

BOOST_AUTO_TEST_CASE(labels_are_those_of_the_encoding_standard) {
    for (std::string_view const label :
         {"utf-8", "UTF-8", "utf8", "UTF8", "unicode-1-1-utf-8", "unicode11utf8", "unicode20utf8", "x-unicode20utf8",
          "us-ascii", "US-ASCII", "ascii", "ANSI_X3.4-1968", " utf-8", "utf-8\t", "\n\f\rutf8 "}) {
        BOOST_TEST_CONTEXT(label) { BOOST_TEST((find_charset(label) == charset::utf_8)); }
    }
    for (std::string_view const label :
         {"iso-8859-1", "ISO-8859-1", "latin1", "Latin1", "windows-1252", "cp1252", "x-cp1252", "cp819", "csisolatin1",
          "ibm819", "iso-ir-100", "iso8859-1", "iso88591", "iso_8859-1", "iso_8859-1:1987", "l1"}) {
        BOOST_TEST_CONTEXT(label) { BOOST_TEST((find_charset(label) == charset::windows_1252)); }
    }
    for (std::string_view const label :
         {"", " ", "utf", "utf-8x", "utf-16", "utf-7", "iso-8859-15", "latin-1", "latin2", "koi8-r", "utf 8",
          "utf\xE2\x80\x93"
          "8"}) {
        BOOST_TEST_CONTEXT(label) { BOOST_TEST(!find_charset(label)); }
    }
}

BOOST_AUTO_TEST_CASE(a_label_is_shown_as_text_and_not_without_end) {
    BOOST_TEST(shown_label("koi8-r") == "koi8-r");
    BOOST_TEST(shown_label("a\xFF") == "a\uFFFD");
    BOOST_TEST(shown_label(std::string(60, 'x')) == std::string(60, 'x'));
    BOOST_TEST(shown_label(std::string(61, 'x')) == std::string(60, 'x') + "...");
    BOOST_TEST(is_utf8(shown_label(std::string(59, 'x') + "\xC3\xA9")));
}

BOOST_AUTO_TEST_CASE(windows_1252_has_a_character_for_each_byte) {
    std::string all;
    for (int b = 0; b < 256; ++b) all += static_cast<char>(b);
    auto const text = to_utf8(all, charset::windows_1252);
    BOOST_TEST(is_utf8(text));
    BOOST_TEST(text.size() == to_utf8_length(all, charset::windows_1252));
    BOOST_TEST(text.size() <= 3 * all.size());
    BOOST_TEST(text.substr(0, 128) == all.substr(0, 128));
    BOOST_TEST(text.find("\uFFFD") == std::string::npos);
    BOOST_TEST(to_utf8("\x80\x81\x8D\x99\x9F\xA0\xE9\xFF", charset::windows_1252) == "€\u0081\u008D™Ÿ\u00A0éÿ");
    BOOST_TEST(to_utf8("\xC3\xA9\xE9", charset::utf_8) == "é\uFFFD");
    BOOST_TEST(to_utf8_length("", charset::windows_1252) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
