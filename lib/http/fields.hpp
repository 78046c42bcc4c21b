// The header fields of a request, as views (RFC 9110 5).
#pragma once

#include "phial/text/ascii.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace phial {

struct field {
    std::string_view name;
    std::string_view value; // without the white space around it
};

/// The field lines in the order received. Names are case-insensitive. The views live as long as the request.
class fields_view {
  public:
    constexpr fields_view() = default;
    constexpr explicit fields_view(std::span<field const> lines) noexcept : lines_(lines) {}

    /// The value of the first field line with that name.
    [[nodiscard]] constexpr std::optional<std::string_view> find(std::string_view name) const noexcept {
        for (auto const &line : lines_)
            if (iequals(line.name, name)) return line.value;
        return std::nullopt;
    }

    /// The value of the only field line with that name; nothing if there are several, as it is not clear which is
    /// meant.
    [[nodiscard]] constexpr std::optional<std::string_view> find_only(std::string_view name) const noexcept {
        std::optional<std::string_view> found;
        for (auto const &line : lines_) {
            if (!iequals(line.name, name)) continue;
            if (found) return std::nullopt;
            found = line.value;
        }
        return found;
    }

    [[nodiscard]] constexpr std::size_t count(std::string_view name) const noexcept {
        std::size_t n = 0;
        for (auto const &line : lines_) n += iequals(line.name, name) ? 1 : 0;
        return n;
    }

    /// All field lines with that name as one list, which has the same meaning (RFC 9110 5.3); empty if there is none.
    [[nodiscard]] std::string joined(std::string_view name) const {
        std::string out;
        for (auto const &line : lines_) {
            if (!iequals(line.name, name)) continue;
            if (!out.empty()) out += ", ";
            out += line.value;
        }
        return out;
    }

    [[nodiscard]] constexpr auto begin() const noexcept { return lines_.begin(); }
    [[nodiscard]] constexpr auto end() const noexcept { return lines_.end(); }
    [[nodiscard]] constexpr std::size_t size() const noexcept { return lines_.size(); }

  private:
    std::span<field const> lines_;
};

} // namespace phial
