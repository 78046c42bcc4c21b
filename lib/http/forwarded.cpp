#include "phial/http/forwarded.hpp"

#include "phial/http/request_target.hpp"
#include "phial/http/root_path.hpp"
#include "phial/text/ascii.hpp"
#include "phial/text/concat.hpp"
#include "phial/text/number.hpp"

#include <algorithm>
#include <array>
#include <ranges>
#include <stdexcept>
#include <utility>

namespace phial {
namespace {

namespace ip = boost::asio::ip;

bool take(std::string_view &s, char c) noexcept {
    if (!s.starts_with(c)) return false;
    s.remove_prefix(1);
    return true;
}

// Where the quoted string that `s` ends in begins: its opening quote, or 0. A quote after an odd number of backslashes
// is part of the string.
std::size_t opening_quote(std::string_view s) noexcept {
    for (auto quote = s.rfind('"'); quote != s.npos; quote = s.substr(0, quote).rfind('"')) {
        auto const prefix = s.substr(0, quote);
        auto const backslashes = quote - (prefix.find_last_not_of('\\') + 1); // npos + 1 is 0
        if (backslashes % 2 == 0) return quote;
    }
    return 0;
}

// Removes the last element of a list. It is searched from the right, so that a quote which the client left open does
// not hide the elements that proxies have added.
std::string_view take_last(std::string_view &list) noexcept {
    auto begin = list.size();
    while (begin > 0 && list[begin - 1] != ',') {
        --begin;
        if (list[begin] == '"') begin = opening_quote(list.substr(0, begin));
    }
    auto const element = list.substr(begin);
    list = list.substr(0, std::max<std::size_t>(begin, 1) - 1);
    return trim(element);
}

// The text between the quotes; escapes are not decoded.
std::optional<std::string_view> take_quoted(std::string_view &s) noexcept {
    for (std::size_t i = 1; i < s.size(); ++i) {
        if (s[i] == '\\') {
            ++i;
        } else if (s[i] == '"') {
            auto const inside = s.substr(1, i - 1);
            s.remove_prefix(i + 1);
            return inside;
        }
    }
    return std::nullopt;
}

// The parameter `wanted` of an element of Forwarded (RFC 7239 4); nothing when it is absent, or the element is
// malformed. White space around the semicolons is not in the grammar, but is used.
std::optional<std::string_view> parameter_of(std::string_view element, std::string_view wanted) noexcept {
    std::optional<std::string_view> found;
    for (element = trim(element); !element.empty(); element = trim(element)) {
        if (take(element, ';')) continue;
        auto const name = take_token(element);
        if (name.empty() || !take(element, '=')) return std::nullopt;
        auto const value = element.starts_with('"') ? take_quoted(element) : take_token(element);
        element = trim(element);
        if (!value || !(element.empty() || element.front() == ';')) return std::nullopt;
        if (!iequals(name, wanted)) continue;
        if (found) return std::nullopt;
        found = value;
    }
    return found;
}

// RFC 7239 6.2 and 6.3: 1*5DIGIT, or obfuscated.
bool is_node_port(std::string_view s) noexcept {
    auto const obfuscated = [](char c) { return is_digit(c) || is_alpha(c) || c == '.' || c == '_' || c == '-'; };
    if (s.starts_with('_')) return s.size() > 1 && std::all_of(s.begin(), s.end(), obfuscated);
    return !s.empty() && s.size() <= 5 && std::all_of(s.begin(), s.end(), is_digit);
}

// The address of a node, with or without a port: IPv4, or IPv6 in brackets. X-Forwarded-For also has IPv6 without
// brackets.
std::optional<ip::address> address_of(std::string_view node) noexcept {
    if (auto const alone = parse_address(node)) return alone;
    bool const bracketed = take(node, '[');
    auto const end = node.find(bracketed ? ']' : ':');
    if (end == node.npos) return std::nullopt;
    auto address = parse_address(node.substr(0, end));
    if (!address || address->is_v6() != bracketed) return std::nullopt;
    auto rest = node.substr(end + (bracketed ? 1 : 0));
    if (!rest.empty() && !(take(rest, ':') && is_node_port(rest))) return std::nullopt;
    return address;
}

constexpr std::string_view standard = "Forwarded";
constexpr std::string_view older = "X-Forwarded-For";

// Calls `each` with the elements of all lines of a field, the last one first, until it returns false. A list may have
// empty elements (RFC 9110 5.6.1), which say nothing.
template <class F>
void for_each_from_right(fields_view fields, std::string_view name, F each) {
    int left = 32;
    for (auto const &line : std::views::reverse(fields)) {
        if (!iequals(line.name, name)) continue;
        for (auto list = line.value; !list.empty();) {
            if (left-- == 0) return;
            auto const element = take_last(list);
            if (!element.empty() && !each(element)) return;
        }
    }
}

// What the fields of one name say.
struct chain {
    ip::address client;       // the nearest address when they say nothing
    std::size_t elements = 0; // those at the end of the list that trusted proxies have written
};

chain walk(ip::address const &nearest, fields_view fields, std::string_view name, networks const &trusted) noexcept {
    chain found{nearest};
    for_each_from_right(fields, name, [&](std::string_view element) {
        ++found.elements;
        auto const node = name == standard ? parameter_of(element, "for") : element;
        auto const address = node ? address_of(*node) : std::nullopt;
        if (!address) return false;
        found.client = unmapped(*address);
        return trusted.contains(found.client);
    });
    return found;
}

// The element that the outermost of `hops` proxies has written. When there are fewer, a proxy has replaced the field,
// and others have passed it on.
std::string_view element_of(fields_view fields, std::string_view name, std::size_t hops) noexcept {
    std::string_view found;
    for_each_from_right(fields, name, [&](std::string_view element) {
        found = element;
        return --hops > 0;
    });
    return found;
}

// A part and its names.
struct part_names {
    forwarded_part part;
    std::string_view name;    // in --forwarded, and of the parameter in Forwarded
    std::string_view older;   // the field
    bool is_parameter = true; // of Forwarded
};
constexpr std::array parts{
    part_names{forwarded_part::client, "for", older},
    part_names{forwarded_part::scheme, "proto", "X-Forwarded-Proto"},
    part_names{forwarded_part::host, "host", "X-Forwarded-Host"},
    part_names{forwarded_part::port, "port", "X-Forwarded-Port", false},
    part_names{forwarded_part::prefix, "prefix", "X-Forwarded-Prefix", false},
};

std::optional<std::string_view> read_scheme(std::string_view text) noexcept {
    for (std::string_view const scheme : {"http", "https"})
        if (iequals(text, scheme)) return scheme;
    return std::nullopt;
}

// The text of a part as it is used; nothing when it is malformed.
std::optional<std::string_view> read_part(forwarded_part part, std::string_view text) noexcept {
    switch (part) {
    case forwarded_part::client: break;
    case forwarded_part::scheme: return read_scheme(text);
    case forwarded_part::host: return is_valid_host(text) ? std::optional(text) : std::nullopt;
    case forwarded_part::port: return parse_port(text).value_or(0) != 0 ? std::optional(text) : std::nullopt;
    case forwarded_part::prefix: return read_root_path(text);
    }
    return std::nullopt;
}

} // namespace

forwarded_parts::forwarded_parts(std::string_view list) : bits_(0) {
    for_each_part(list, [this](std::string_view one) {
        auto const *const found = std::ranges::find(parts, one, &part_names::name);
        if (found == parts.end())
            throw std::invalid_argument(concat("'", one, "' is none of for, proto, host, port and prefix"));
        bits_ |= bit(found->part);
    });
}

ip::address client_of(ip::address const &peer, fields_view fields, networks const &trusted) noexcept {
    auto nearest = unmapped(peer);
    if (!trusted.contains(peer)) return nearest;
    auto standard_client = walk(nearest, fields, standard, trusted).client;
    auto older_client = walk(nearest, fields, older, trusted).client;
    if (standard_client == older_client || !fields.find(older)) return standard_client;
    return fields.find(standard) ? nearest : older_client;
}

std::optional<std::string_view> forwarded_value(forwarded_part part, fields_view fields,
                                                networks const *chained) noexcept {
    auto const &names = parts[static_cast<std::size_t>(part)];
    auto const element = [&](std::string_view name, std::string_view chain_name) {
        auto const hops = chained == nullptr ? 1 : walk({}, fields, chain_name, *chained).elements;
        return element_of(fields, name, std::max<std::size_t>(hops, 1));
    };
    auto const read = [part](std::optional<std::string_view> text) {
        return text && !text->empty() ? read_part(part, *text) : std::nullopt;
    };
    auto const older_value = read(element(names.older, older));
    if (!names.is_parameter) return older_value;
    auto const standard_value = read(parameter_of(element(standard, standard), names.name));
    if (!standard_value || !older_value) return standard_value ? standard_value : older_value;
    return iequals(*standard_value, *older_value) ? standard_value : std::nullopt;
}

} // namespace phial
