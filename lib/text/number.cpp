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

// Two decimals of at most 15 digits that differ are never the same double. So none of fewer digits is the same as this
// one, and the shortest digits are these, without zeros at the ends. From 1e-4 to 1e16 they are printed without
// exponent.
bool is_printed_so(std::string_view decimal) noexcept {
    if (decimal.starts_with('-')) decimal.remove_prefix(1);
    auto const point = decimal.find('.');
    if (point == decimal.npos || decimal.size() > 15 + 1) return false;
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
