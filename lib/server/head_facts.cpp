#include "phial/server/head_facts.hpp"

#include "phial/text/ascii.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace phial {
namespace {

template <class F>
void for_each_element(std::string_view list, F each) {
    for (;;) {
        auto const one = list.substr(0, list.find(','));
        each(trim(one));
        if (one.size() == list.size()) return;
        list.remove_prefix(one.size() + 1);
    }
}

bool is_token(std::string_view s) noexcept { return !s.empty() && std::all_of(s.begin(), s.end(), is_token_char); }

} // namespace

void head_facts::read_connection(std::string_view list) noexcept {
    for_each_element(list, [this](std::string_view token) { read_connection_option(token); });
}

// chunked comes last and once; other codings may precede it, but none of them is known here (RFC 9112 6.1, 6.3).
void head_facts::read_transfer_encoding(std::string_view list) noexcept {
    has_coding = true;
    for_each_element(list, [this](std::string_view coding) {
        bad_coding = bad_coding || chunked_is_last || !is_token(coding.substr(0, coding.find(';')));
        chunked_is_last = iequals(coding, "chunked");
        unknown_coding = unknown_coding || !chunked_is_last;
    });
}

void head_facts::read_expect(std::string_view list) noexcept {
    for_each_element(list, [this](std::string_view expectation) {
        bool const is_known = iequals(expectation, "100-continue");
        expects_continue = expects_continue || is_known;
        bad_expectation = bad_expectation || !is_known;
    });
}

bool head_facts::read_length(std::string_view element) noexcept {
    std::uint64_t n = 0;
    auto const *const end = element.data() + element.size();
    auto const [rest, failed] = std::from_chars(element.data(), end, n);
    bool const right = failed == std::errc() && rest == end && !(has_length && n != body.length);
    has_length = true;
    body.length = n;
    return right;
}

bool head_facts::read_content_length(std::string_view list) noexcept {
    bool right = true;
    for_each_element(list, [this, &right](std::string_view value) { right = read_length(value) && right; });
    return right;
}

} // namespace phial
