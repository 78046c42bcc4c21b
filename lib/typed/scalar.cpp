#include "phial/typed/scalar.hpp"

#include "phial/text/ascii.hpp"
#include "phial/text/number.hpp"
#include "phial/text/utf8.hpp"
#include "phial/typed/rfc3339.hpp"

#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
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
    if (type.kind == schema_kind::integer) {
        constexpr double exact = 9007199254740992; // 2^53
        if (value != std::floor(value) || std::fabs(value) > exact) return false;
        return store_integer(type, at, static_cast<std::int64_t>(value));
    }
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
    case schema_kind::boolean: return (text == "true" || text == "false") && store_bool(type, at, text == "true");
    case schema_kind::integer:
    case schema_kind::real: return store_number_word(type, at, text);
    default: return is_utf8(text) && store_text(type, at, text);
    }
}

} // namespace phial
