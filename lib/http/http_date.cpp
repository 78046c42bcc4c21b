#include "phial/http/http_date.hpp"

#include "phial/text/ascii.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace phial {
namespace {

using std::chrono::sys_days;
using std::chrono::sys_seconds;

constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 7> long_days{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                    "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// Takes the parts of a date one after the other. After a part that does not fit, nothing fits.
class date_reader {
  public:
    explicit date_reader(std::string_view text) noexcept : rest_(text) {}

    date_reader &literal(std::string_view wanted) noexcept {
        fits_ = fits_ && rest_.starts_with(wanted);
        if (fits_) rest_.remove_prefix(wanted.size());
        return *this;
    }

    // The place of the word among `words`.
    template <std::size_t N>
    unsigned word(std::array<std::string_view, N> const &words) noexcept {
        auto const size = std::find_if_not(rest_.begin(), rest_.end(), is_alpha) - rest_.begin();
        auto const *const found =
            std::find(words.begin(), words.end(), rest_.substr(0, static_cast<std::size_t>(size)));
        if (found == words.end()) {
            fits_ = false;
            return 0;
        }
        literal(*found);
        return static_cast<unsigned>(found - words.begin());
    }

    // Exactly `digits` digits; `padded`: the first may be a space.
    int number(unsigned digits, bool padded = false) noexcept {
        int value = 0;
        for (unsigned i = 0; fits_ && i < digits; ++i) {
            bool const is_space = padded && i == 0 && rest_.starts_with(' ');
            fits_ = is_space || (!rest_.empty() && is_digit(rest_.front()));
            if (!fits_) break;
            value = value * 10 + (is_space ? 0 : rest_.front() - '0');
            rest_.remove_prefix(1);
        }
        return value;
    }

    // A minute may have 61 seconds.
    std::chrono::seconds time() noexcept {
        auto const hour = number(2);
        auto const minute = literal(":").number(2);
        auto const second = literal(":").number(2);
        fits_ = fits_ && hour < 24 && minute < 60 && second <= 60;
        return std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second);
    }

    [[nodiscard]] std::optional<sys_seconds> end(int year, unsigned month, int day,
                                                 std::chrono::seconds time) const noexcept {
        std::chrono::year_month_day const date{std::chrono::year(year), std::chrono::month(month + 1),
                                               std::chrono::day(static_cast<unsigned>(day))};
        if (!fits_ || !rest_.empty() || !date.ok()) return std::nullopt;
        return sys_seconds(sys_days(date)) + time;
    }

  private:
    std::string_view rest_;
    bool fits_ = true;
};

std::optional<sys_seconds> read_fixdate(std::string_view text) noexcept {
    date_reader in(text);
    (void)in.word(days);
    auto const day = in.literal(", ").number(2);
    auto const month = in.literal(" ").word(months);
    auto const year = in.literal(" ").number(4);
    auto const time = in.literal(" ").time();
    return in.literal(" GMT").end(year, month, day, time);
}

std::optional<sys_seconds> read_rfc850(std::string_view text) noexcept {
    date_reader in(text);
    (void)in.word(long_days);
    auto const day = in.literal(", ").number(2);
    auto const month = in.literal("-").word(months);
    auto const digits = in.literal("-").number(2);
    auto const time = in.literal(" ").time();
    auto const now =
        std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()));
    auto const last = static_cast<int>(now.year()) + 50;
    return in.literal(" GMT").end(last - (last - digits) % 100, month, day, time);
}

std::optional<sys_seconds> read_asctime(std::string_view text) noexcept {
    date_reader in(text);
    (void)in.word(days);
    auto const month = in.literal(" ").word(months);
    auto const day = in.literal(" ").number(2, true);
    auto const time = in.literal(" ").time();
    auto const year = in.literal(" ").number(4);
    return in.end(year, month, day, time);
}

} // namespace

std::optional<sys_seconds> parse_http_date(std::string_view text) noexcept {
    constexpr std::size_t short_day = 3;
    if (text.size() <= short_day) return std::nullopt;
    if (text[short_day] == ',') return read_fixdate(text);
    return text[short_day] == ' ' ? read_asctime(text) : read_rfc850(text);
}

std::string http_date(sys_seconds time) {
    auto const day = std::chrono::floor<std::chrono::days>(time);
    std::chrono::year_month_day const date(day);
    std::chrono::hh_mm_ss const clock(time - day);
    std::array<char, 64> text{};
    auto const n = std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
                                 days[std::chrono::weekday(day).c_encoding()].data(), static_cast<unsigned>(date.day()),
                                 months[static_cast<unsigned>(date.month()) - 1].data(), static_cast<int>(date.year()),
                                 static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                                 static_cast<int>(clock.seconds().count()));
    return {text.data(), static_cast<std::size_t>(n)};
}

} // namespace phial
