// Dates and times as RFC 3339 text. Private to the module.
#pragma once

#include "phial/typed/types.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace phial {

/// Nothing if the text is no date-time, or a day or an hour that does not exist. See moment.
[[nodiscard]] std::optional<moment> parse_date_time(std::string_view text) noexcept;
/// Nothing if the text is no full-date, or a day that does not exist.
[[nodiscard]] std::optional<date> parse_full_date(std::string_view text) noexcept;

/// Both throw std::invalid_argument for years outside 0 .. 9999, and for days that do not exist.
void append_date_time(std::string &out, moment value); // in UTC; milliseconds only if there are any
void append_full_date(std::string &out, date value);

} // namespace phial
