#include "phial/typed/rfc3339.hpp"

#include "phial/text/ascii.hpp"

#include <cstddef>
#include <stdexcept>

namespace phial {
namespace {

using namespace std::chrono;

// The next `count` digits, taken off `rest`; nothing if there are not so many.
std::optional<int> digits(std::string_view &rest, std::size_t count) noexcept {
    if (rest.size() < count) return std::nullopt;
    int value = 0;
    for (char const c : rest.substr(0, count)) {
        if (!is_digit(c)) return std::nullopt;
        value = value * 10 + (c - '0');
    }
    rest.remove_prefix(count);
    return value;
}

bool take(std::string_view &rest, char c) noexcept {
    if (!rest.starts_with(c)) return false;
    rest.remove_prefix(1);
    return true;
}

std::optional<date> take_date(std::string_view &rest) noexcept {
    auto const y = digits(rest, 4);
    if (!y || !take(rest, '-')) return std::nullopt;
    auto const m = digits(rest, 2);
    if (!m || !take(rest, '-')) return std::nullopt;
    auto const d = digits(rest, 2);
    if (!d) return std::nullopt;
    date const day(year(*y), month(static_cast<unsigned>(*m)), std::chrono::day(static_cast<unsigned>(*d)));
    return day.ok() ? std::optional(day) : std::nullopt;
}

// ".25": at least one digit, of which three count.
std::optional<milliseconds> take_fraction(std::string_view &rest) noexcept {
    if (!take(rest, '.')) return milliseconds(0);
    int value = 0;
    std::size_t n = 0;
    for (; !rest.empty() && is_digit(rest.front()); ++n, rest.remove_prefix(1))
        if (n < 3) value = value * 10 + (rest.front() - '0');
    if (n == 0) return std::nullopt;
    for (; n < 3; ++n) value *= 10;
    return milliseconds(value);
}

std::optional<milliseconds> take_time(std::string_view &rest) noexcept {
    auto const h = digits(rest, 2);
    if (!h || *h > 23 || !take(rest, ':')) return std::nullopt;
    auto const m = digits(rest, 2);
    if (!m || *m > 59 || !take(rest, ':')) return std::nullopt;
    auto const s = digits(rest, 2);
    if (!s || *s > 60) return std::nullopt;
    auto const fraction = take_fraction(rest);
    if (!fraction) return std::nullopt;
    return hours(*h) + minutes(*m) + seconds(*s) + *fraction;
}

std::optional<minutes> take_offset(std::string_view &rest) noexcept {
    if (take(rest, 'Z') || take(rest, 'z')) return minutes(0);
    bool const is_west = take(rest, '-');
    if (!is_west && !take(rest, '+')) return std::nullopt;
    auto const h = digits(rest, 2);
    if (!h || *h > 23 || !take(rest, ':')) return std::nullopt;
    auto const m = digits(rest, 2);
    if (!m || *m > 59) return std::nullopt;
    auto const offset = hours(*h) + minutes(*m);
    return is_west ? -offset : offset;
}

void append_digits(std::string &out, unsigned value, unsigned count) {
    for (unsigned power = count == 4 ? 1000 : count == 3 ? 100 : 10; power > 0; power /= 10)
        out += static_cast<char>('0' + value / power % 10);
}

} // namespace

std::optional<moment> parse_date_time(std::string_view text) noexcept {
    auto const day = take_date(text);
    if (!day || (!take(text, 'T') && !take(text, 't') && !take(text, ' '))) return std::nullopt;
    auto const time = take_time(text);
    if (!time) return std::nullopt;
    auto const offset = take_offset(text);
    if (!offset || !text.empty()) return std::nullopt;
    moment const value = sys_days(*day) + *time - *offset;
    bool const is_writable = value >= sys_days(year(0) / 1 / 1) && value < sys_days(year(10000) / 1 / 1);
    return is_writable ? std::optional(value) : std::nullopt; // an offset, or a leap second, may lead out
}

std::optional<date> parse_full_date(std::string_view text) noexcept {
    auto const day = take_date(text);
    return text.empty() ? day : std::nullopt;
}

void append_full_date(std::string &out, date value) {
    if (!value.ok() || value.year() < year(0) || value.year() > year(9999))
        throw std::invalid_argument("a date that RFC 3339 cannot express");
    append_digits(out, static_cast<unsigned>(static_cast<int>(value.year())), 4);
    out += '-';
    append_digits(out, static_cast<unsigned>(value.month()), 2);
    out += '-';
    append_digits(out, static_cast<unsigned>(value.day()), 2);
}

void append_date_time(std::string &out, moment value) {
    auto const day = floor<days>(value);
    append_full_date(out, date(day));
    hh_mm_ss const time(value - day);
    out += 'T';
    append_digits(out, static_cast<unsigned>(time.hours().count()), 2);
    out += ':';
    append_digits(out, static_cast<unsigned>(time.minutes().count()), 2);
    out += ':';
    append_digits(out, static_cast<unsigned>(time.seconds().count()), 2);
    if (auto const fraction = time.subseconds().count(); fraction != 0) {
        out += '.';
        append_digits(out, static_cast<unsigned>(fraction), 3);
    }
    out += 'Z';
}

} // namespace phial
