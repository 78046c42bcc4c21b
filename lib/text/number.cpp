#include "phial/text/number.hpp"

#include "phial/text/ascii.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace phial {
namespace {

template <class T>
void append(std::string &out, T value) {
    char text[24];
    auto const end = std::to_chars(text, text + sizeof text, value).ptr;
    out.append(text, end);
}

// Two decimals of at most 15 digits that differ are never the same double: so for a number that is one of at most 15
// digits, these are the shortest. The most common ones, with up to three decimals, are found without a search.
bool append_short(std::string &out, double value) {
    constexpr double scale = 1000, limit = 1e12;
    if (!(value < limit)) return false;
    // NOLINTNEXTLINE(bugprone-incorrect-roundings): a wrong one is found by the comparison
    auto const scaled = static_cast<std::uint64_t>(value * scale + 0.5);
    if (static_cast<double>(scaled) / scale != value) return false;
    auto const fraction = static_cast<unsigned>(scaled % 1000);
    char const decimals[] = {'.', static_cast<char>('0' + fraction / 100), static_cast<char>('0' + fraction / 10 % 10),
                             static_cast<char>('0' + fraction % 10)};
    append(out, scaled / 1000);
    out.append(decimals, fraction % 10 != 0 ? 4 : fraction % 100 != 0 ? 3 : 2);
    return true;
}

// Digits and a power of ten that a double both has exactly: then their quotient is correctly rounded.
std::optional<double> parse_short(std::string_view text) noexcept {
    constexpr std::size_t longest = 1 + 15 + 1;
    constexpr double powers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    if (text.size() > longest) return std::nullopt;
    bool const is_negative = text.starts_with('-');
    if (is_negative) text.remove_prefix(1);
    std::int64_t digits = 0;
    std::size_t decimals = 0;
    bool has_point = false;
    for (char const c : text) {
        if (is_digit(c)) {
            digits = digits * 10 + (c - '0');
            decimals += has_point ? 1 : 0;
        } else if (c == '.' && !has_point) {
            has_point = true;
        } else {
            return std::nullopt;
        }
    }
    if (digits >= 1'000'000'000'000'000 || decimals > 15) return std::nullopt;
    auto const value = static_cast<double>(digits) / powers[decimals];
    return is_negative ? -value : value;
}

} // namespace

void append_integer(std::string &out, std::int64_t value) { append(out, value); }
void append_integer(std::string &out, std::uint64_t value) { append(out, value); }

void append_double(std::string &out, double value) {
    if (!std::isfinite(value)) {
        out += std::isnan(value) ? "nan" : value < 0 ? "-inf" : "inf";
        return;
    }
    if (std::signbit(value)) {
        out += '-';
        value = -value;
    }
    if (append_short(out, value)) return;
    char text[40];
    auto const end = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific).ptr;
    std::string_view const all(text, static_cast<std::size_t>(end - text)); // d[.ddd]e+xx
    auto const e = all.find('e');
    int exponent = 0;
    auto const sign_skipped = all.substr(e + (all[e + 1] == '+' ? 2 : 1));
    std::from_chars(sign_skipped.data(), sign_skipped.data() + sign_skipped.size(), exponent);
    if (exponent < -4 || exponent >= 16) {
        out += all;
        return;
    }
    std::string digits{all.substr(0, 1)};
    if (e > 2) digits += all.substr(2, e - 2);
    auto const count = static_cast<int>(digits.size());
    if (exponent < 0) {
        out.append("0.").append(static_cast<std::size_t>(-exponent - 1), '0').append(digits);
    } else if (exponent + 1 >= count) {
        out.append(digits).append(static_cast<std::size_t>(exponent + 1 - count), '0').append(".0");
    } else {
        auto const whole = static_cast<std::size_t>(exponent + 1);
        out.append(digits, 0, whole).append(".").append(digits, whole);
    }
}

// See append_short. From 1e-4 to 1e16 numbers are printed without exponent.
bool is_printed_so(std::string_view decimal) noexcept {
    if (decimal.starts_with('-')) decimal.remove_prefix(1);
    if (decimal.size() > 15 + 1) return false;
    auto const point = decimal.rfind('.'); // most have few decimals
    if (point == decimal.npos) return false;
    auto const fraction = decimal.substr(point + 1);
    if (fraction == "0") return true;
    if (fraction.ends_with('0')) return false;
    return decimal[0] != '0' || !fraction.starts_with("0000");
}

void append_fixed(std::string &out, double value) {
    std::array<char, 400> text; // at most 309 digits before the point; 5e-324 has 324 after it
    auto const end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed).ptr;
    std::string_view const digits(text.data(), static_cast<std::size_t>(end - text.data()));
    out += digits;
    if (digits.find('.') == digits.npos) out += ".0";
}

std::optional<double> parse_double(std::string_view text) {
    if (auto const value = parse_short(text)) return value;
    double value = 0;
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (ec == std::errc()) return value;
    if (ec != std::errc::result_out_of_range) return std::nullopt;
    // from_chars does not say whether the number is too large or too small; strtod does: HUGE_VAL or (nearly) zero.
    value = std::strtod(std::string(text).c_str(), nullptr);
    if (std::isinf(value)) return std::nullopt;
    return value;
}

std::optional<std::int64_t> parse_digits(std::string_view text) noexcept {
    if (text.empty() || !is_digit(text.front())) return std::nullopt;
    std::int64_t value = 0;
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (ec != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

} // namespace phial
