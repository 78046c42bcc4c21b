// The keyed hash of remembered logins, against the vectors of its authors.
#include "phial/auth/siphash.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

using namespace phial;

namespace {

// The key of the vectors: the bytes 0 to 15.
constexpr siphash::key zero_to_fifteen{0x0706'0504'0302'0100, 0x0F0E'0D0C'0B0A'0908};

std::string hash_of(std::string_view message) {
    siphash h(zero_to_fifteen);
    for (; message.size() >= 8; message.remove_prefix(8)) h.add(siphash::last_word(message.substr(0, 8)));
    auto const digest = h.finish(message);
    std::string out;
    for (auto const word : digest)
        for (unsigned shift = 0; shift < 64; shift += 8) {
            constexpr std::string_view digits = "0123456789abcdef";
            out += digits[word >> (shift + 4) & 15U];
            out += digits[word >> shift & 15U];
        }
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(siphash_2_4_128)

// vectors_sip128 of the reference implementation: messages of the bytes 0, 1, 2, ...
BOOST_AUTO_TEST_CASE(the_vectors_of_the_reference_implementation_match) {
    struct {
        std::size_t size;
        std::string_view digest;
    } const cases[] = {
        {0, "a3817f04ba25a8e66df67214c7550293"},  {1, "da87c1d86b99af44347659119b22fc45"},
        {2, "8177228da4a45dc7fca38bdef60affe4"},  {3, "9c70b60c5267a94e5f33b6b02985ed51"},
        {4, "f88164c12d9c8faf7d0f6e7c7bcd5579"},  {5, "1368875980776f8854527a07690e9627"},
        {6, "14eeca338b208613485ea0308fd7a15e"},  {7, "a1f1ebbed8dbc153c0b84aa61ff08239"},
        {8, "3b62a9ba6258f5610f83e264f31497b4"},  {9, "264499060ad9baabc47f8b02bb6d71ed"},
        {15, "5493e99933b0a8117e08ec0f97cfc3d9"}, {16, "6ee2a4ca67b054bbfd3315bf85230577"},
        {17, "473d06e8738db89854c066c47ae47740"}, {63, "5150d1772f50834a503e069a973fbd7c"},
    };
    std::string message;
    for (auto const &c : cases) {
        while (message.size() < c.size) message += static_cast<char>(message.size());
        BOOST_TEST_CONTEXT(c.size) BOOST_TEST(hash_of(message) == c.digest);
    }
}

BOOST_AUTO_TEST_CASE(a_message_longer_than_255_bytes_is_hashed_too) {
    // Made by: openssl mac -macopt hexkey:000102030405060708090A0B0C0D0E0F -macopt size:16 SIPHASH
    BOOST_TEST(hash_of(std::string(300, 'x')) == "b1560076ee446f8e3620dfbf5976bc47");
}

BOOST_AUTO_TEST_CASE(the_result_depends_on_both_halves_of_the_key) {
    auto const of = [](siphash::key const &k) { return siphash(k).finish("a"); };
    BOOST_TEST((of({1, 2}) != of({1, 3})));
    BOOST_TEST((of({1, 2}) != of({0, 2})));
    BOOST_TEST((of({1, 2}) == of({1, 2})));
}

BOOST_AUTO_TEST_SUITE_END()
