// Uses crypt_rn(3) of libxcrypt.
#include "phial/auth/bcrypt.hpp"

#include "phial/text/ascii.hpp"
#include "phial/text/wiped_text.hpp"

#include <nettle/memops.h>

#include <algorithm>
#include <crypt.h>
#include <memory>

namespace phial {
namespace {

constexpr std::string_view scheme = "$2y$";
constexpr std::size_t cost_end = 6; // after its two digits
constexpr std::size_t salt_begin = 7;
constexpr std::size_t length = 60;

bool is_hash_char(char c) noexcept { return c == '.' || c == '/' || is_digit(c) || is_alpha(c); }

// 32 KiB, too much for a small stack. It is wiped, because it holds the password.
class scratch {
  public:
    ~scratch() { ::explicit_bzero(data_.get(), sizeof(crypt_data)); }
    [[nodiscard]] crypt_data *get() noexcept { return data_.get(); }

  private:
    std::unique_ptr<crypt_data> data_ = std::make_unique<crypt_data>();
};

} // namespace

bool is_bcrypt(std::string_view s) noexcept {
    if (s.size() != length || !s.starts_with(scheme) || s[cost_end] != '$') return false;
    if (!is_digit(s[cost_end - 2]) || !is_digit(s[cost_end - 1])) return false;
    auto const cost = bcrypt_cost(s);
    return cost >= least_bcrypt_cost && cost <= most_bcrypt_cost &&
           std::all_of(s.begin() + salt_begin, s.end(), is_hash_char);
}

unsigned bcrypt_cost(std::string_view hash) noexcept {
    return static_cast<unsigned>((hash[cost_end - 2] - '0') * 10 + (hash[cost_end - 1] - '0'));
}

std::string bcrypt_decoy(unsigned cost) {
    std::string hash(scheme);
    hash += static_cast<char>('0' + cost / 10);
    hash += static_cast<char>('0' + cost % 10);
    hash += '$';
    return hash.append(length - salt_begin, '.');
}

bool bcrypt_matches(std::string_view hash, std::string_view password) {
    if (password.size() > longest_password || password.find('\0') != password.npos) return false;
    wiped_text const phrase(password); // crypt_rn() needs a NUL at the end
    std::string const setting(hash);
    scratch data;
    auto const *made = ::crypt_rn(phrase.c_str(), setting.c_str(), data.get(), sizeof(crypt_data));
    if (made == nullptr) return false;
    std::string_view const found(made);
    return found.size() == hash.size() && memeql_sec(found.data(), hash.data(), hash.size()) != 0;
}

} // namespace phial
