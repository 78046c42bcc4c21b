#include "phial/server/head_scanner.hpp"

#include "phial/server/head_bytes.hpp"
#include "phial/server/known_word.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace phial {
namespace {

using namespace head_bytes;

constexpr std::string_view shortest_head = "GET / HTTP/1.1\r\n\r\n";
static_assert(shortest_head.size() >= sizeof(std::uint64_t)); // which read_method looks at

// A method and the space after it, as the bytes of a number.
struct method_word {
    std::uint64_t bytes;
    std::uint64_t mask;
    std::size_t size;
};

// In the order of `method`, without CONNECT: that is never served.
constexpr auto method_words = [] {
    std::array<method_word, static_cast<std::size_t>(method::connect)> words{};
    for (std::size_t i = 0; i < words.size(); ++i) {
        auto const name = to_string(static_cast<method>(i));
        std::array<char, 8> bytes{}, mask{};
        for (std::size_t j = 0; j < name.size(); ++j) bytes[j] = name[j];
        bytes[name.size()] = ' ';
        for (std::size_t j = 0; j <= name.size(); ++j) mask[j] = '\xFF';
        words[i] = {std::bit_cast<std::uint64_t>(bytes), std::bit_cast<std::uint64_t>(mask), name.size() + 1};
    }
    return words;
}();

bool is_crlf(char const *p) noexcept { return p[0] == '\r' && p[1] == '\n'; }

bool is_space(char c) noexcept { return c == ' ' || c == '\t'; }

// Each reading function returns the end of what it read, or null if that is not plain. The last line of a complete head
// has its CR at `last` or before: its CR LF and the empty line are `slack` bytes. So a line that was read ends at most
// two bytes after `last`, and two bytes can still be read there.

char const *read_method(char const *p, request_head &head) noexcept {
    std::uint64_t bytes;
    std::memcpy(&bytes, p, sizeof bytes);
    for (std::size_t i = 0; i < method_words.size(); ++i) {
        if ((bytes & method_words[i].mask) != method_words[i].bytes) continue;
        head.method = static_cast<method>(i);
        return p + method_words[i].size;
    }
    return nullptr;
}

char const *read_request_line(char const *p, char const *last, request_head &head) noexcept {
    constexpr std::string_view version = " HTTP/1.";
    p = read_method(p, head);
    if (p == nullptr) return nullptr;
    auto const *const path_end = find_end<in_plain_path, ' '>(p, last);
    if (path_end >= last) return nullptr;
    auto const *const target_end = *path_end == ' ' ? path_end : find_end<in_target, ' '>(path_end, last);
    if (target_end == p || last - target_end <= static_cast<std::ptrdiff_t>(version.size())) return nullptr;
    auto const *const minor = target_end + version.size();
    auto const *const line_end = minor + 1;
    if (version != std::string_view(target_end, minor) || (*minor != '1' && *minor != '0') || !is_crlf(line_end))
        return nullptr;
    head.target = {p, target_end};
    head.plain_target = *p == '/' && path_end == target_end;
    head.minor_version = *minor == '1' ? 1 : 0;
    return line_end + 2;
}

// Takes what counts for the framing and the connection. False if it is not plain. (Beast rejects a Connection or
// Proxy-Connection that is not a list of tokens.)
bool read_known_field(std::string_view name, std::string_view value, head_facts &facts) noexcept {
    switch (name.size()) {
    case 4:
        if (is_word(name, "host")) facts.read_host(value);
        return true;
    case 6: return !is_word(name, "expect");
    case 10:
        if (!is_word(name, "connection")) return true;
        if (value.empty() || !std::all_of(value.begin(), value.end(), [](char c) { return is(in_name, c); }))
            return false;
        facts.read_connection_option(value);
        return true;
    case 14:
        if (!is_word(name, "content-length")) return true;
        return !facts.has_length && facts.read_length(value);
    case 16: return !is_word(name, "proxy-connection");
    case 17: return !is_word(name, "transfer-encoding");
    default: return true;
    }
}

char const *read_field(char const *p, char const *last, field &line) noexcept {
    auto const *const colon = find_end<in_name, ':'>(p, last);
    if (colon == p || colon >= last || *colon != ':') return nullptr;
    auto const *begin = colon + 1;
    if (*begin == ' ') ++begin;
    auto const *const line_end = find_end<in_value, '\r'>(begin, last);
    if (line_end > last || !is_crlf(line_end)) return nullptr;
    auto const *end = line_end;
    while (begin != end && is_space(*begin)) ++begin;
    while (begin != end && is_space(end[-1])) --end;
    line = {{p, colon}, {begin, end}};
    return line_end + 2;
}

} // namespace

bool read_plain_head(std::string_view bytes, message_limits const &limits, std::span<field> table,
                     head_facts &facts) noexcept {
    bytes = bytes.substr(0, limits.head);
    if (bytes.size() < shortest_head.size()) return false;
    auto const *const begin = bytes.data();
    auto const *const last = begin + bytes.size() - slack;
    auto const *p = read_request_line(begin, last, facts.head);
    if (p == nullptr || static_cast<std::size_t>(p - begin) > limits.request_line) return false;
    std::size_t count = 0;
    for (; *p != '\r'; ++count) {
        if (count == table.size()) return false;
        auto &line = table[count];
        p = read_field(p, last, line);
        if (p == nullptr || !read_known_field(line.name, line.value, facts)) return false;
    }
    if (!is_crlf(p)) return false;
    facts.size = static_cast<std::size_t>(p + 2 - begin);
    facts.head.fields = fields_view(table.first(count));
    return true;
}

} // namespace phial
