#include "phial/auth/basic.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using namespace phial;

BOOST_AUTO_TEST_SUITE(basic_credentials)

BOOST_AUTO_TEST_CASE(user_and_password_are_split_at_the_first_colon) {
    using namespace std::string_view_literals;
    struct {
        std::string_view in, user, password;
    } const cases[] = {
        {"Basic YWRtaW46c2VjcmV0", "admin", "secret"},
        {"basic YWRtaW46c2VjcmV0", "admin", "secret"},
        {"BASIC YWRtaW46c2VjcmV0", "admin", "secret"},
        {"bAsIc    YWRtaW46c2VjcmV0", "admin", "secret"},
        {"Basic Og==", "", ""},
        {"Basic YTo=", "a", ""},
        {"Basic OmI=", "", "b"},
        {"Basic YTpiOmM=", "a", "b:c"},
        {"Basic Ojo6", "", "::"},
        {"Basic w6k6w6k=", "\u00E9", "\u00E9"},
        {"Basic YQA6AGI=", "a\0"sv, "\0b"sv},
        {"Basic +/v7Og==", "\xFB\xFB\xFB"sv, ""},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.in) {
            auto const found = parse_basic(c.in);
            BOOST_TEST_REQUIRE(found.has_value());
            BOOST_TEST(found->user == c.user);
            BOOST_TEST(found->password.view() == c.password);
        }
    }
}

BOOST_AUTO_TEST_CASE(everything_else_is_rejected) {
    for (std::string_view const in : {
             "",
             "Basic",
             "Basic ",
             "Basic    ",
             " Basic YWRtaW46c2VjcmV0",
             "BasicYWRtaW46c2VjcmV0",
             "Basic\tYWRtaW46c2VjcmV0",
             "Basic \tYWRtaW46c2VjcmV0",
             "Basic: YWRtaW46c2VjcmV0",
             "Bearer YWRtaW46c2VjcmV0",
             "Basi YWRtaW46c2VjcmV0",
             "Basics YWRtaW46c2VjcmV0",
             "YWRtaW46c2VjcmV0",
             "admin:secret",
             "Basic admin:secret",
             "Basic YWRtaW4=",             // "admin": no colon
             "Basic YWRtaW46c2VjcmV0 ",    // a space at the end
             "Basic YWRtaW46 c2VjcmV0",    // or inside
             "Basic YWRtaW46\tc2VjcmV0",   //
             "Basic YWRtaW46c2VjcmV0\n",   //
             "Basic YWRtaW46c2VjcmV",      // cut
             "Basic YWRtaW46c2VjcmV0=",    // padding that is not needed
             "Basic YWRtaW46c2VjcmV0====", //
             "Basic YTo",                  // padding that is missing
             "Basic YTo==",                // too long
             "Basic Og=",                  // too short
             "Basic Oh==",                 // unused bits are not zero
             "Basic YTp=",                 //
             "Basic Og==Og==",             // padding in the middle
             "Basic =Og=",                 //
             "Basic ====",                 //
             "Basic YWRtaW46c2Vj-_V0",     // the alphabet of URLs
             "Basic YWRtaW46c2Vj*mV0",     //
             "Basic YWRtaW46c2Vj\xC3\xA9", //
             "Basic YWRtaW46c2VjcmV0,Basic YWRtaW46c2VjcmV0",
         })
        BOOST_TEST_CONTEXT(in) BOOST_TEST(!parse_basic(in).has_value());
}

BOOST_AUTO_TEST_CASE(long_credentials_are_read_up_to_a_limit) {
    auto const of_groups = [](std::size_t n) {
        std::string in = "Basic ";
        for (std::size_t i = 0; i < n; ++i) in += "Ojo6"; // ":::"
        return in;
    };
    auto const found = parse_basic(of_groups(1000));
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST(found->password.view().size() == 2999U);
    BOOST_TEST(!parse_basic(of_groups(100'000)).has_value());
}

BOOST_AUTO_TEST_CASE(secrets_are_the_same_only_when_every_byte_is) {
    struct {
        std::string_view a, b;
        bool same;
    } const cases[] = {
        {"", "", true},
        {"secret", "secret", true},
        {"secret", "Secret", false},
        {"secret", "secre", false},
        {"secret", "secret ", false},
        {"secret", std::string_view("secret\0", 7), false},
        {"secret", "", false},
    };
    for (auto const &c : cases) BOOST_TEST_CONTEXT(c.a << "/" << c.b) BOOST_TEST(same_secret(c.a, c.b) == c.same);
}

BOOST_AUTO_TEST_SUITE_END()
