// A setting: one row of a table, bound to the variable that it sets.
#pragma once

#include "phial/settings/quantity.hpp"

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace phial {

/// A row. The functions below make one of each kind. The variable that they are given outlives the row; the value that
/// it has at that time is the default that --help shows.
struct setting {
    std::string name;     // without the dashes
    std::string argument; // what --help calls the value
    std::string help;     // a phrase, without its default
    std::string default_text;
    bool is_number = false;
    bool is_switch = false; // the flag alone means yes
    /// Assigns a value and returns nothing. If it is wrong, changes nothing and returns why, as the end of a sentence.
    std::function<std::optional<std::string>(std::string const &)> assign;

    /// For a default that depends on the machine or on another setting: what --help says instead of the value.
    [[nodiscard]] setting with_default(std::string words) && {
        default_text = std::move(words);
        return std::move(*this);
    }
};

/// A value in quotes, for messages: 'x', cut when it is long.
[[nodiscard]] std::string in_quotes(std::string_view value);

namespace settings_detail {
using assign_number = std::function<void(std::uint64_t)>;
setting number(std::string name, unit kind, std::uint64_t now, std::uint64_t least, std::uint64_t most,
               std::string help, assign_number assign);
setting word(std::string name, std::vector<std::string> words, std::size_t now, std::string help,
             std::function<void(std::size_t)> assign);
} // namespace settings_detail

/// A number from `least` to `most`.
template <std::unsigned_integral T>
[[nodiscard]] setting number(std::string name, unit kind, T &place, std::uint64_t least, std::uint64_t most,
                             std::string help) {
    return settings_detail::number(std::move(name), kind, place, least, most, std::move(help),
                                   [&place](std::uint64_t n) { place = static_cast<T>(n); });
}
template <std::unsigned_integral T>
[[nodiscard]] setting count(std::string name, T &place, std::uint64_t least, std::uint64_t most, std::string help) {
    return number(std::move(name), unit::count, place, least, most, std::move(help));
}
template <std::unsigned_integral T>
[[nodiscard]] setting bytes(std::string name, T &place, std::uint64_t least, std::uint64_t most, std::string help) {
    return number(std::move(name), unit::bytes, place, least, most, std::move(help));
}
template <std::unsigned_integral T>
[[nodiscard]] setting seconds(std::string name, T &place, std::uint64_t least, std::uint64_t most, std::string help) {
    return number(std::move(name), unit::seconds, place, least, most, std::move(help));
}

/// One of several words.
template <class T>
[[nodiscard]] setting word(std::string name, T &place, std::initializer_list<std::pair<std::string_view, T>> words,
                           std::string help) {
    std::vector<std::string> names;
    std::vector<T> values;
    std::size_t now = 0;
    for (auto const &[text, value] : words) {
        if (value == place) now = names.size();
        names.emplace_back(text);
        values.push_back(value);
    }
    return settings_detail::word(std::move(name), std::move(names), now, std::move(help),
                                 [&place, values = std::move(values)](std::size_t i) { place = values[i]; });
}

/// Any text; `argument` is what --help calls it: FILE.
[[nodiscard]] setting words(std::string name, std::string &place, std::string argument, std::string help);
/// yes, true, on or 1; no, false, off or 0; the flag alone means yes.
[[nodiscard]] setting yes_no(std::string name, bool &place, std::string help);
/// An IPv4 or IPv6 address; names are not looked up.
[[nodiscard]] setting ip_address(std::string name, std::string &place, std::string help);
/// A folder. check_folder checks it, after all values were read.
[[nodiscard]] setting folder(std::string name, std::string &place, std::string help);

/// Why this process cannot write into the folder, as the end of a sentence; nothing when it can.
[[nodiscard]] std::optional<std::string> check_folder(std::string const &path);

} // namespace phial
