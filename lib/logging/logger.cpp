// Names of levels, and messages that stay on their line.
#include "logging/logger.hpp"

#include "http/utf8.hpp"

#include <array>

namespace phial {
namespace {

constexpr std::array<std::string_view, 5> names{"debug", "info", "warning", "error", "critical"};

// C0 and DEL; C1 begins with C2 in UTF-8.
bool is_control(char c) noexcept { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

bool is_harmless(std::string_view s) noexcept {
    for (char const c : s)
        if (is_control(c) || static_cast<unsigned char>(c) >= 0x80) return false;
    return true;
}

void append_escaped(std::string &out, unsigned char b) {
    static constexpr char hex[] = "0123456789abcdef";
    switch (b) {
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: ((out += "\\x") += hex[b >> 4]) += hex[b & 15]; return;
    }
}

} // namespace

std::string_view to_string(severity s) noexcept { return names[static_cast<std::size_t>(s)]; }

std::optional<severity> parse_severity(std::string_view name) noexcept {
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] == name) return static_cast<severity>(i);
    return std::nullopt;
}

std::string one_line(std::string_view message) {
    if (is_harmless(message)) return std::string(message);
    auto const utf8 = to_utf8(message);
    std::string out;
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        auto const b = static_cast<unsigned char>(utf8[i]);
        bool const c1 = b == 0xC2 && static_cast<unsigned char>(utf8[i + 1]) < 0xA0;
        bool const separator = b == 0xE2 && (utf8.compare(i, 3, "\u2028") == 0 || utf8.compare(i, 3, "\u2029") == 0);
        if (is_control(utf8[i])) {
            append_escaped(out, b);
        } else if (c1) {
            append_escaped(out, static_cast<unsigned char>(utf8[++i]));
        } else if (separator) {
            out += "\\n";
            i += 2;
        } else {
            out += utf8[i];
        }
    }
    return out;
}

} // namespace phial
