// The request methods that are known here (RFC 9110 9.3, RFC 5789), and sets of them.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace phial {

enum class method : std::uint8_t { get, head, post, put, patch, delete_, options, trace, connect };

namespace detail {
inline constexpr std::array<std::string_view, 9> method_names{"GET",    "HEAD",    "POST",  "PUT",    "PATCH",
                                                              "DELETE", "OPTIONS", "TRACE", "CONNECT"};
}

[[nodiscard]] constexpr std::string_view to_string(method m) noexcept {
    return detail::method_names[static_cast<std::size_t>(m)];
}

/// A set of methods; a value.
class methods {
  public:
    constexpr methods() = default;
    constexpr methods(std::initializer_list<method> list) {
        for (auto const m : list) insert(m);
    }

    constexpr void insert(method m) noexcept { bits_ = static_cast<std::uint16_t>(bits_ | bit(m)); }
    constexpr void insert(methods other) noexcept { bits_ = static_cast<std::uint16_t>(bits_ | other.bits_); }
    [[nodiscard]] constexpr bool contains(method m) const noexcept { return (bits_ & bit(m)) != 0; }
    [[nodiscard]] constexpr bool contains_all(methods other) const noexcept {
        return (other.bits_ & bits_) == other.bits_;
    }
    [[nodiscard]] constexpr bool empty() const noexcept { return bits_ == 0; }
    constexpr bool operator==(methods const &) const = default;

    /// "GET, HEAD, OPTIONS": the value of an Allow field (RFC 9110 10.2.1).
    [[nodiscard]] std::string to_string() const {
        std::string out;
        for (std::uint16_t rest = bits_; rest != 0; rest = static_cast<std::uint16_t>(rest & (rest - 1))) {
            if (!out.empty()) out += ", ";
            out += phial::to_string(static_cast<method>(std::countr_zero(rest)));
        }
        return out;
    }

  private:
    static constexpr std::uint16_t bit(method m) noexcept {
        return static_cast<std::uint16_t>(1U << static_cast<unsigned>(m));
    }
    std::uint16_t bits_ = 0;
};

/// The methods whose requests have content; that of others means nothing (RFC 9110 9.3).
inline constexpr methods content_methods{method::post, method::put, method::patch};

} // namespace phial
