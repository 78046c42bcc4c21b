// Which names are hidden.
#include "http/secret_names.hpp"

#include <boost/test/unit_test.hpp>

#include <string_view>

using namespace phial;

BOOST_AUTO_TEST_SUITE(secret_names)

BOOST_AUTO_TEST_CASE(names_that_sound_like_secrets_are_told_from_others) {
    for (std::string_view const name :
         {"Authorization", "Proxy-Authorization", "Cookie", "password", "PassWd", "access_token", "X-Auth-Token",
          "client_secret", "API-Key", "signature", "credentials"})
        BOOST_TEST(names_a_secret(name), name);
    for (std::string_view const name : {"", "Host", "Accept", "User-Agent", "name", "ke", "tok", "pas", "q"})
        BOOST_TEST(!names_a_secret(name), name);
}

BOOST_AUTO_TEST_SUITE_END()
