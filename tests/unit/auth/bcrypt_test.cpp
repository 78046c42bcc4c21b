#include "phial/auth/bcrypt.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using namespace phial;

namespace {

// Made by htpasswd -nbB -C 4.
constexpr std::string_view wonderland = "$2y$04$SWNrF/d9R1u/qXjT6OzBG.vLxEhkQa8UpyC7CLcsA7BzbwSAbdU5S";
constexpr std::string_view of_72_x = "$2y$04$2dCmFg6fsZGRbB6UVaWcJ.GWd3uwyt3dzsiXfzMIz2Dh.o2GlTCHe";
constexpr std::string_view of_nothing = "$2y$04$Ff08i6NOyIHg3fU.zkgQc.Jd.U3Axb5apkAf2b83wyvkASCvkUs0G";
constexpr std::string_view with_umlaut = "$2y$05$pSqT.eSmavZycCyTVSQtfej0ugKVBmd2K7CVW0INGLIyYr5Ad5iP.";

std::string with(std::string_view hash, std::size_t at, char c) {
    std::string out(hash);
    out[at] = c;
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(bcrypt)

BOOST_AUTO_TEST_CASE(only_the_strict_form_is_a_hash) {
    BOOST_TEST(is_bcrypt(wonderland));
    for (auto const &cost : {"04", "05", "09", "10", "16"})
        BOOST_TEST_CONTEXT(cost) BOOST_TEST(is_bcrypt(std::string(wonderland).replace(4, 2, cost)));
    for (auto const &cost : {"00", "03", "17", "31", "99", " 4", "4$", "-4", "+4", "0x", "1\xB2"})
        BOOST_TEST_CONTEXT(cost) BOOST_TEST(!is_bcrypt(std::string(wonderland).replace(4, 2, cost)));
    for (std::size_t n = 0; n < wonderland.size(); ++n)
        BOOST_TEST_CONTEXT(n) BOOST_TEST(!is_bcrypt(wonderland.substr(0, n)));
    BOOST_TEST(!is_bcrypt(std::string(wonderland) + "a"));
    BOOST_TEST(!is_bcrypt(std::string(wonderland) + " "));
    BOOST_TEST(!is_bcrypt(" " + std::string(wonderland)));
    for (char const c : {'a', 'b', 'x', 'Y', '$'}) BOOST_TEST(!is_bcrypt(with(wonderland, 2, c)));
    for (std::size_t const at : {7U, 28U, 29U, 59U})
        for (char const c : {'$', ':', '-', '_', '+', '=', ' ', '@', '[', '`', '{', '\0', '\xC3'})
            BOOST_TEST_CONTEXT(at << " " << c) BOOST_TEST(!is_bcrypt(with(wonderland, at, c)));
    for (std::size_t const at : {0U, 1U, 3U, 6U}) BOOST_TEST(!is_bcrypt(with(wonderland, at, 'a')));
}

BOOST_AUTO_TEST_CASE(the_cost_is_read) {
    BOOST_TEST(bcrypt_cost(wonderland) == 4U);
    BOOST_TEST(bcrypt_cost(std::string(wonderland).replace(4, 2, "16")) == 16U);
}

BOOST_AUTO_TEST_CASE(only_the_password_itself_matches) {
    using namespace std::string_view_literals;
    struct {
        std::string_view hash, password;
        bool matches;
    } const cases[] = {
        {wonderland, "wonderland", true},
        {wonderland, "Wonderland", false},
        {wonderland, "wonderlan", false},
        {wonderland, "wonderland ", false},
        {wonderland, "", false},
        {wonderland, "wonderland\0", true}, // the NUL that ends the literal is not part of it
        {wonderland, "wonderland\0"sv, false},
        {wonderland, "wonderland\0x"sv, false},
        {wonderland, "\0"sv, false},
        {with_umlaut, "p\u00E4ssword: x", true},
        {with_umlaut, "p\xE4ssword: x", false}, // Latin-1
        {of_nothing, "", true},
        {of_nothing, "\0"sv, false},
        {of_nothing, " ", false},
    };
    for (auto const &c : cases)
        BOOST_TEST_CONTEXT(c.hash << " " << c.password) BOOST_TEST(bcrypt_matches(c.hash, c.password) == c.matches);
}

BOOST_AUTO_TEST_CASE(a_password_counts_to_its_72nd_byte_and_may_have_511) {
    auto const x = [](std::size_t n) { return std::string(n, 'x'); };
    BOOST_TEST(!bcrypt_matches(of_72_x, x(71)));
    BOOST_TEST(bcrypt_matches(of_72_x, x(72)));
    BOOST_TEST(bcrypt_matches(of_72_x, x(73)));
    BOOST_TEST(bcrypt_matches(of_72_x, x(longest_password)));
    BOOST_TEST(!bcrypt_matches(of_72_x, x(longest_password + 1)));
    BOOST_TEST(!bcrypt_matches(of_72_x, x(100'000)));
}

BOOST_AUTO_TEST_CASE(a_hash_that_differs_anywhere_does_not_match) {
    for (std::size_t const at : {7U, 27U, 29U, 45U, 58U}) BOOST_TEST_CONTEXT(at)
    BOOST_TEST(!bcrypt_matches(with(wonderland, at, wonderland[at] == 'a' ? 'b' : 'a'), "wonderland"));
}

BOOST_AUTO_TEST_CASE(a_decoy_is_a_hash_of_its_cost_and_of_no_password) {
    for (unsigned cost = least_bcrypt_cost; cost <= most_bcrypt_cost; ++cost) {
        BOOST_TEST(is_bcrypt(bcrypt_decoy(cost)));
        BOOST_TEST(bcrypt_cost(bcrypt_decoy(cost)) == cost);
    }
    for (auto const *password : {"", "wonderland", "."}) BOOST_TEST(!bcrypt_matches(bcrypt_decoy(4), password));
}

BOOST_AUTO_TEST_SUITE_END()
