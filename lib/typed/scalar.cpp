#include "phial/typed/scalar.hpp"

#include "phial/text/ascii.hpp"
#include "phial/text/number.hpp"
#include "phial/text/utf8.hpp"
#include "phial/typed/rfc3339.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <system_error>

namespace phial {
namespace {

static_assert(std::endian::native == std::endian::little, "the low bytes of an integer come first");

void store_bits(schema const &type, void *at, std::uint64_t value) noexcept { std::memcpy(at, &value, type.size); }

bool is_length_right(schema const &type, std::string_view text) noexcept {
    auto const least = static_cast<std::uint64_t>(type.low);
    if (text.size() <= type.high && text.size() / 4 >= least) return true; // a character has one to four bytes
    auto const length = count_characters(text);
    return length >= least && length <= type.high;
}

template <class T>
bool store_parsed(std::string_view text, void *at, T (*parse)(std::string_view) noexcept) noexcept {
    auto const parsed = parse(text);
    if (parsed) std::memcpy(at, &*parsed, sizeof *parsed);
    return parsed.has_value();
}

template <class T>
bool parse_whole(std::string_view text, T &value) noexcept {
    auto const end = text.data() + text.size();
    auto const [rest, error] = std::from_chars(text.data(), end, value);
    return error == std::errc() && rest == end;
}

// JSON's grammar: a digit first, no infinity, no NaN. A plus sign before it is a space in a query.
bool store_number_word(schema const &type, void *at, std::string_view text) noexcept {
    auto const digits = text.substr(text.starts_with('-') ? 1 : 0);
    if (digits.empty() || !is_digit(digits.front())) return false;
    if (std::int64_t value = 0; parse_whole(text, value)) return store_integer(type, at, value);
    if (std::uint64_t value = 0; parse_whole(text, value)) return store_large_integer(type, at, value);
    if (double value = 0; type.kind == schema_kind::real && parse_whole(text, value))
        return store_real(type, at, value);
    return false;
}

// "on" is what a browser sends for a checkbox.
bool store_bool_word(schema const &type, void *at, std::string_view text) noexcept {
    for (std::string_view const yes : {"true", "on", "yes", "1"})
        if (text == yes) return store_bool(type, at, true);
    for (std::string_view const no : {"false", "off", "no", "0"})
        if (text == no) return store_bool(type, at, false);
    return false;
}

// The integer that "1.20e3" is; nothing if it is none, or has more than 64 bits.
std::optional<std::int64_t> whole_number(std::string_view digits) noexcept {
    constexpr int most_zeros = 18;
    bool const is_negative = digits.starts_with('-');
    auto const letter = std::min(digits.find_first_of("eE"), digits.size());
    int exponent = 0;
    auto shift = digits.substr(std::min(letter + 1, digits.size()));
    if (shift.starts_with('+')) shift.remove_prefix(1);
    if (!shift.empty() && !parse_whole(shift, exponent)) return std::nullopt;
    auto const number = digits.substr(is_negative ? 1 : 0, letter - (is_negative ? 1 : 0));
    auto const point = std::min(number.find('.'), number.size());
    // Where the point is when the exponent has moved it, counted from the first digit.
    auto const end = static_cast<std::int64_t>(point) + exponent;
    std::int64_t value = 0, position = 0;
    for (char const c : number) {
        if (c == '.') continue;
        if (position++ >= end) {
            if (c != '0') return std::nullopt;
            continue;
        }
        if (__builtin_mul_overflow(value, 10, &value) || __builtin_sub_overflow(value, c - '0', &value))
            return std::nullopt;
    }
    if (value == 0) return 0;
    if (end - position > most_zeros) return std::nullopt;
    for (; position < end; ++position)
        if (__builtin_mul_overflow(value, 10, &value)) return std::nullopt;
    if (is_negative) return value; // it was made of negative digits: there is one more of these numbers
    if (value == std::numeric_limits<std::int64_t>::min()) return std::nullopt;
    return -value;
}

} // namespace

std::size_t count_characters(std::string_view text) noexcept {
    std::size_t n = 0;
    for (char const c : text) n += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
    return n;
}

bool store_bool(schema const &type, void *at, bool value) noexcept {
    if (type.kind != schema_kind::boolean) return false;
    *static_cast<bool *>(at) = value;
    return true;
}

bool store_integer(schema const &type, void *at, std::int64_t value) noexcept {
    if (type.kind == schema_kind::real) return store_real(type, at, static_cast<double>(value));
    if (type.kind != schema_kind::integer || value < type.low) return false;
    bool const is_too_great =
        type.is_signed ? value > static_cast<std::int64_t>(type.high) : static_cast<std::uint64_t>(value) > type.high;
    if (is_too_great) return false;
    store_bits(type, at, static_cast<std::uint64_t>(value));
    return true;
}

bool store_large_integer(schema const &type, void *at, std::uint64_t value) noexcept {
    if (type.kind == schema_kind::real) return store_real(type, at, static_cast<double>(value));
    if (type.kind != schema_kind::integer || type.is_signed || value > type.high) return false;
    store_bits(type, at, value);
    return true;
}

bool store_real(schema const &type, void *at, double value) noexcept {
    if (type.kind != schema_kind::real || !std::isfinite(value)) return false;
    if (type.is_bounded && (value < type.least || value > type.greatest)) return false;
    if (type.size == sizeof(double)) {
        std::memcpy(at, &value, sizeof value);
        return true;
    }
    auto const narrow = static_cast<float>(value);
    if (!std::isfinite(narrow)) return false;
    std::memcpy(at, &narrow, sizeof narrow);
    return true;
}

bool store_decimal(schema const &type, void *at, double value, std::string_view digits) noexcept {
    if (type.kind != schema_kind::integer) return store_real(type, at, value);
    auto const whole = whole_number(digits);
    return whole && store_integer(type, at, *whole);
}

bool store_text(schema const &type, void *at, std::string_view text) {
    switch (type.kind) {
    case schema_kind::string:
        if (!is_length_right(type, text) || (type.matches != nullptr && !type.matches(text))) return false;
        static_cast<std::string *>(at)->assign(text);
        return true;
    case schema_kind::enumeration:
        for (std::size_t n = 0; n < type.enumerators.size(); ++n) {
            if (type.enumerators[n] != text) continue;
            store_bits(type, at, n);
            return true;
        }
        return false;
    case schema_kind::date_time: return store_parsed(text, at, parse_date_time);
    case schema_kind::full_date: return store_parsed(text, at, parse_full_date);
    default: return false;
    }
}

bool store_word(schema const &type, void *at, std::string_view text) {
    switch (type.kind) {
    case schema_kind::boolean: return store_bool_word(type, at, text);
    case schema_kind::integer:
    case schema_kind::real: return store_number_word(type, at, text);
    default: return is_utf8(text) && store_text(type, at, text);
    }
}

} // namespace phial
