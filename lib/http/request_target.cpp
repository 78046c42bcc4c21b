#include "phial/http/request_target.hpp"

#include "phial/text/ascii.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cstring>

namespace phial {
namespace {

constexpr std::string_view http_scheme = "http://";

// reg-name: unreserved / pct-encoded / sub-delims.
constexpr auto name_chars = [] {
    std::array<bool, 256> table{};
    for (int c = 'a'; c <= 'z'; ++c) table[static_cast<std::size_t>(c)] = true;
    for (int c = 'A'; c <= 'Z'; ++c) table[static_cast<std::size_t>(c)] = true;
    for (int c = '0'; c <= '9'; ++c) table[static_cast<std::size_t>(c)] = true;
    for (char const c : std::string_view("-._~!$&'()*+,;=")) table[static_cast<unsigned char>(c)] = true;
    return table;
}();

bool is_port(std::string_view s) noexcept {
    if (!std::all_of(s.begin(), s.end(), is_digit)) return false;
    s.remove_prefix(std::min(s.find_first_not_of('0'), s.size()));
    return s.size() < 5 || (s.size() == 5 && s <= "65535");
}

// "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" )
bool is_ip_future(std::string_view s) noexcept {
    auto const dot = s.find('.');
    if (dot == s.npos || dot < 2 || dot + 1 == s.size() || to_lower(s.front()) != 'v') return false;
    auto const version = s.substr(1, dot - 1);
    auto const address = s.substr(dot + 1);
    return std::all_of(version.begin(), version.end(), [](char c) { return hex_value(c) >= 0; }) &&
           std::all_of(address.begin(), address.end(),
                       [](char c) { return c == ':' || name_chars[static_cast<unsigned char>(c)]; });
}

bool is_ip_literal(std::string_view inside) noexcept {
    if (is_ip_future(inside)) return true;
    char text[INET6_ADDRSTRLEN + 1];
    in6_addr address;
    if (inside.size() >= sizeof text) return false;
    std::memcpy(text, inside.data(), inside.size());
    text[inside.size()] = '\0';
    return std::strlen(text) == inside.size() && inet_pton(AF_INET6, text, &address) == 1;
}

} // namespace

bool is_valid_host(std::string_view s) noexcept {
    if (s.starts_with('[')) {
        auto const close = s.find(']');
        if (close == s.npos || !is_ip_literal(s.substr(1, close - 1))) return false;
        auto const rest = s.substr(close + 1);
        return rest.empty() || (rest.front() == ':' && is_port(rest.substr(1)));
    }
    std::size_t i = 0;
    for (; i < s.size() && s[i] != ':'; ++i) {
        if (name_chars[static_cast<unsigned char>(s[i])]) continue;
        if (s[i] != '%' || s.size() - i < 3 || hex_value(s[i + 1]) < 0 || hex_value(s[i + 2]) < 0) return false;
        i += 2;
    }
    return i > 0 && (i == s.size() || is_port(s.substr(i + 1)));
}

std::string_view without_port(std::string_view host) noexcept {
    auto const colon = host.rfind(':');
    bool const has_port = colon != host.npos && host.find(']', colon) == host.npos; // not a colon of an IPv6 address
    return has_port ? host.substr(0, colon) : host;
}

std::string_view without_default_port(std::string_view host, std::string_view port) noexcept {
    auto const name = without_port(host);
    auto const given = host.substr(name.size());
    return given.size() < 2 || given.substr(1) == port ? name : host;
}

request_target parse_target(std::string_view target, method m) noexcept {
    if (target == "*") return {{}, target, {}};
    if (target.find('#') != target.npos) return {};
    request_target t;
    if (!target.starts_with('/')) {
        if (!iequals(target.substr(0, http_scheme.size()), http_scheme)) return {};
        target.remove_prefix(http_scheme.size());
        t.authority = target.substr(0, std::min(target.find_first_of("/?"), target.size()));
        if (!is_valid_host(t.authority)) return {};
        target.remove_prefix(t.authority.size());
    }
    auto const question = target.find('?');
    t.path = target.substr(0, question);
    if (t.path.empty()) t.path = m == method::options && question == target.npos ? "*" : "/";
    if (question != target.npos) t.query = target.substr(question + 1);
    return t;
}

std::string_view why_no_target(std::string_view target) noexcept {
    if (target.find('#') != target.npos) return "a request target has no fragment (#)";
    if (target.find("://") == target.npos)
        return "a request target is a path that begins with a slash, http://host/path, or * for OPTIONS";
    if (!iequals(target.substr(0, http_scheme.size()), http_scheme))
        return "the only scheme served here is http: a request target is a path that begins with a slash, or "
               "http://host/path";
    return "the host in the request target is malformed";
}

} // namespace phial
