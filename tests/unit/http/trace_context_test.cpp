// Trace ids that are read, request ids that are taken over, and ids that are made.
#include "phial/http/trace_context.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

using namespace phial;
using namespace std::string_view_literals;

namespace {

bool is_lower_hex(std::string_view s) { return s.find_first_not_of("0123456789abcdef") == s.npos; }

std::string text(std::array<char, 16> const &id) { return {id.data(), id.size()}; }

} // namespace

BOOST_AUTO_TEST_SUITE(trace_contexts)

BOOST_AUTO_TEST_CASE(the_trace_of_a_traceparent_is_read) {
    struct {
        std::string_view value, trace;
    } const cases[] = {
        {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "0af7651916cd43dd8448eb211c80319c"},
        {"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00", "4bf92f3577b34da6a3ce929d0e0e4736"},
        {"00-00000000000000000000000000000001-1000000000000000-ff", "00000000000000000000000000000001"},
        {"00-10000000000000000000000000000000-0000000000000001-03", "10000000000000000000000000000000"},
        // a later version may go on
        {"01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "0af7651916cd43dd8448eb211c80319c"},
        {"cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-", "0af7651916cd43dd8448eb211c80319c"},
        {"fe-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-What.the future, brings",
         "0af7651916cd43dd8448eb211c80319c"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.value) {
            auto const found = parse_traceparent(c.value);
            BOOST_REQUIRE(found.has_value());
            BOOST_TEST(found->text() == c.trace);
        }
    }
}

BOOST_AUTO_TEST_CASE(what_is_not_a_traceparent_has_no_trace) {
    for (auto const value : {
             ""sv,
             "00"sv,
             "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331"sv,
             "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-"sv,
             "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0"sv,
             "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-"sv, // version 00 ends here
             "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-00"sv,
             "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-010"sv,
             "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 "sv,
             "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-010"sv,
             "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.00"sv,
             "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0"sv,
             "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"sv,
             "0-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-010"sv,
             "FE-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"sv,
             "0g-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"sv,
             "00-00000000000000000000000000000000-b7ad6b7169203331-01"sv,
             "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01"sv,
             "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01"sv,
             "00-0af7651916cd43dd8448eb211c80319c-B7AD6B7169203331-01"sv,
             "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0A"sv,
             "00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01"sv,
             "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333x-01"sv,
             "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0x"sv,
             "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-xx-"sv,
             "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"sv,
             "00-0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331-01"sv,
             "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331_01"sv,
             "00-0af7651916cd43dd8448eb211c80319-cb7ad6b7169203331-01"sv,
             " 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"sv,
             "00-0af7651916cd43dd8448eb211c80319\0-b7ad6b7169203331-01"sv,
         }) {
        BOOST_TEST_CONTEXT(value) { BOOST_TEST(!parse_traceparent(value).has_value()); }
    }
}

BOOST_AUTO_TEST_CASE(a_request_id_is_sane_when_it_needs_no_escaping_anywhere) {
    for (auto const id : {
             "a"sv,
             "0123456789abcdef"sv,
             "6ba7b810-9dad-11d1-80b4-00c04fd430c8"sv,
             "Root:1-67891233/abcdef012345678912345678"sv,
             "!#$%&'()*+-./:<>?@[]^_`{|}~"sv,
         }) {
        BOOST_TEST_CONTEXT(id) { BOOST_TEST(is_sane_request_id(id)); }
    }
    BOOST_TEST(is_sane_request_id(std::string(128, 'x')));
    for (auto const id : {""sv, "a b"sv, " a"sv, "a\t"sv, "a\"b"sv, "a\\b"sv, "a,b"sv, "a;b"sv, "a=b"sv, "a\nb"sv,
                          "a\r"sv, "a\0"sv, "a\x7F"sv, "a\x1B[2J"sv, "\xC3\xA9"sv, "\xFF"sv}) {
        BOOST_TEST_CONTEXT(id) { BOOST_TEST(!is_sane_request_id(id)); }
    }
    BOOST_TEST(!is_sane_request_id(std::string(129, 'x')));
}

// The numbers are those that the authors' xoshiro256** gives for this seed.
BOOST_AUTO_TEST_CASE(ids_are_the_numbers_of_the_generator_in_hexadecimal) {
    id_source ids({1, 2, 3, 4});
    for (std::uint64_t const number :
         {11520ULL, 0ULL, 1509978240ULL, 1215971899390074240ULL, 1216172134540287360ULL, 607988272756665600ULL,
          16172922978634559625ULL, 8476171486693032832ULL, 10595114339597558777ULL, 2904607092377533576ULL}) {
        auto const id = text(ids.request_id());
        BOOST_TEST(is_lower_hex(id));
        BOOST_TEST(std::stoull(id, nullptr, 16) == number);
    }
}

BOOST_AUTO_TEST_CASE(a_trace_id_is_two_numbers_and_never_zero) {
    id_source ids({1, 2, 3, 4});
    BOOST_TEST(ids.trace().text() == "0000000000002d000000000000000000");
    BOOST_TEST(ids.trace().text() == "000000005a00708010e0000000009d80");
    id_source zeros({1, 0, 1, 2}); // two zeros come first
    BOOST_TEST(text(id_source(zeros).request_id()) == "0000000000000000");
    auto const trace = zeros.trace();
    BOOST_TEST(trace.text().find_first_not_of('0') != std::string_view::npos);
}

BOOST_AUTO_TEST_CASE(ids_of_several_sources_differ_and_traces_read_back) {
    id_source sources[3];
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) {
        for (auto &ids : sources) {
            BOOST_TEST(seen.insert(text(ids.request_id())).second);
            auto const trace = ids.trace();
            BOOST_TEST(is_lower_hex(trace.text()));
            BOOST_TEST(seen.insert(std::string(trace.text())).second);
            auto const value = "00-" + std::string(trace.text()) + "-00f067aa0ba902b7-01";
            BOOST_TEST((parse_traceparent(value) == trace));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
