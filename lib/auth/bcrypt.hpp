// bcrypt hashes of passwords, as `htpasswd -B` makes them: their form, and whether a password is meant.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace phial {

/// What a cost may be: each one more doubles the time. 10 takes some 50 ms, 16 some 4 s; crypt(3) knows none below 4.
inline constexpr unsigned least_bcrypt_cost = 4;
inline constexpr unsigned most_bcrypt_cost = 16;

/// The bytes of a password that crypt(3) takes. bcrypt itself looks at the first 72, as htpasswd does.
inline constexpr std::size_t longest_password = 511;

/// Whether `s` is "$2y$", two digits of a cost within the bounds, "$", and 53 of "./A-Za-z0-9".
[[nodiscard]] bool is_bcrypt(std::string_view s) noexcept;

/// The cost of what is_bcrypt().
[[nodiscard]] unsigned bcrypt_cost(std::string_view hash) noexcept;

/// A hash of that cost that is no known password's: checking one against it takes the same time as any other.
[[nodiscard]] std::string bcrypt_decoy(unsigned cost);

/// Hashes `password` as `hash` (is_bcrypt) was and compares the two in constant time. It keeps a thread busy for as
/// long as the cost says. A password with a NUL or longer than longest_password is wrong, at once. No copy of the
/// password is left behind. From any thread. Throws std::bad_alloc.
[[nodiscard]] bool bcrypt_matches(std::string_view hash, std::string_view password);

} // namespace phial
