// bcrypt hashes of passwords, as `htpasswd -B` makes them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace phial {

/// The costs that are accepted; each step doubles the time. 10 takes about 50 ms, 16 about 4 s; crypt(3) has none below
/// 4.
inline constexpr unsigned least_bcrypt_cost = 4;
inline constexpr unsigned most_bcrypt_cost = 16;

/// The longest password, in bytes, that crypt(3) accepts. bcrypt uses only the first 72 bytes, as htpasswd does.
inline constexpr std::size_t longest_password = 511;

/// Whether `s` is "$2y$", two digits of a cost within the bounds, "$", and 53 of "./A-Za-z0-9".
[[nodiscard]] bool is_bcrypt(std::string_view s) noexcept;

/// The cost of a hash that is_bcrypt().
[[nodiscard]] unsigned bcrypt_cost(std::string_view hash) noexcept;

/// A hash of that cost for which no password is known. A check against it takes as long as any other.
[[nodiscard]] std::string bcrypt_decoy(unsigned cost);

/// Whether `password` has the hash `hash` (is_bcrypt); compared in constant time. It occupies the thread for as long as
/// the cost implies. A password with a NUL or longer than longest_password is wrong, at once. No copy of the password
/// stays in memory. From any thread. Throws std::bad_alloc.
[[nodiscard]] bool bcrypt_matches(std::string_view hash, std::string_view password);

} // namespace phial
