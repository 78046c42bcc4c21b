// What of a target is logged.
#include "phial/logging/redact.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace phial;

BOOST_AUTO_TEST_SUITE(loggable_targets)

BOOST_AUTO_TEST_CASE(secrets_are_not_part_of_a_target_that_is_logged) {
    struct {
        std::string target, logged;
    } const cases[] = {
        {"/", "/"},
        {"/a?b=c", "/a?b=c"},
        {"/a?password=s3cret", "/a?password=***"},
        {"/a?x=1&access_token=s3cret&y=2", "/a?x=1&access_token=***&y=2"},
        {"/a?API-Key=s3cret&", "/a?API-Key=***&"},
        {"/a?PassWd=s3cret&secret=s3cret", "/a?PassWd=***&secret=***"},
        {"/a?token", "/a?token"},
        {"/a?&&=", "/a?&&="},
        {"/a?x=password", "/a?x=password"},
        {"http://admin:s3cret@host/a?b", "http://***@host/a?b"},
        {"http://host/a@b", "http://host/a@b"},
        {"http://admin:s3c@ret@host", "http://***@host"},
        {"/http://u:p@h/", "/http://u:p@h/"},
        {"*", "*"},
        {"", ""},
        {"/" + std::string(5000, 'x'), "/" + std::string(2047, 'x') + "..."},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.target.substr(0, 60)) {
            BOOST_TEST(loggable_target(c.target) == c.logged);
            if (is_loggable(c.target)) BOOST_TEST(c.target == c.logged);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(secret_names)

BOOST_AUTO_TEST_CASE(names_that_sound_like_secrets_are_distinguished_from_others) {
    for (std::string_view const name :
         {"Authorization", "Proxy-Authorization", "Cookie", "password", "PassWd", "access_token", "X-Auth-Token",
          "client_secret", "API-Key", "signature", "credentials"})
        BOOST_TEST(names_a_secret(name), name);
    for (std::string_view const name : {"", "Host", "Accept", "User-Agent", "name", "ke", "tok", "pas", "q"})
        BOOST_TEST(!names_a_secret(name), name);
}

BOOST_AUTO_TEST_SUITE_END()
