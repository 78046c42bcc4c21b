// The settings that are numbers: a table with a range and a default each.
#pragma once

#include "app/settings.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace phial {

/// One such setting.
struct numeric_setting {
    enum class unit { count, bytes, seconds };
    using place = std::variant<std::uint16_t *, unsigned *, std::uint64_t *>;

    char const *name; // without the dashes
    unit in;
    std::uint64_t least;
    std::uint64_t most;
    place (*of)(settings &);
    char const *help;
    char const *default_words = nullptr; // for what depends on the machine

    /// Reads "8080", "16KiB" (KiB, MiB, GiB) or "30s" into its place. What is wrong with it, or nothing.
    [[nodiscard]] std::optional<std::string> read(std::string_view given, settings &into) const;

    [[nodiscard]] std::string default_text() const;
    /// What --help calls the value.
    [[nodiscard]] char const *argument() const noexcept;
};

/// All of them, in the order of --help.
[[nodiscard]] std::span<numeric_setting const> numbers() noexcept;

} // namespace phial
