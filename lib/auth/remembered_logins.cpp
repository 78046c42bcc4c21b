// HMAC-SHA256 by OpenSSL, and a map with a bound.
#include "phial/auth/remembered_logins.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cstdint>
#include <new>
#include <stdexcept>
#include <string>

namespace phial {
namespace {

// A length first: or a user "ab" with the password "c" would be a user "a" with "bc".
void append(std::string &to, std::string_view part) {
    std::uint64_t const n = part.size();
    to.append(reinterpret_cast<char const *>(&n), sizeof n);
    to += part;
}

} // namespace

remembered_logins::remembered_logins(clock::duration time, std::size_t most) : most_(most), time_(time) {
    if (RAND_bytes(secret_.data(), static_cast<int>(secret_.size())) != 1)
        throw std::runtime_error("there are no random numbers for the key that passwords are remembered by");
}

remembered_logins::~remembered_logins() { OPENSSL_cleanse(secret_.data(), secret_.size()); }

remembered_logins::key remembered_logins::key_of(std::string_view user, std::string_view hash,
                                                 std::string_view password) const {
    std::string all;
    all.reserve(user.size() + hash.size() + password.size() + 3 * sizeof(std::uint64_t)); // it leaves no copy behind
    append(all, user);
    append(all, hash);
    append(all, password);
    key out{};
    auto const *made = HMAC(EVP_sha256(), secret_.data(), static_cast<int>(secret_.size()),
                            reinterpret_cast<unsigned char const *>(all.data()), all.size(), out.data(), nullptr);
    OPENSSL_cleanse(all.data(), all.size());
    if (made == nullptr) throw std::bad_alloc(); // the one thing that can be wrong
    return out;
}

bool remembered_logins::has(key const &login, clock::time_point now) {
    auto const found = until_.find(login);
    if (found == until_.end() || found->second <= now) return false;
    found->second = now + time_;
    return true;
}

void remembered_logins::add(key const &login, clock::time_point now) {
    if (until_.size() >= most_ && !until_.contains(login)) make_room(now);
    until_.insert_or_assign(login, now + time_);
}

void remembered_logins::make_room(clock::time_point now) {
    std::erase_if(until_, [now](auto const &one) { return one.second <= now; });
    if (until_.size() < most_) return;
    until_.erase(std::min_element(until_.begin(), until_.end(),
                                  [](auto const &a, auto const &b) { return a.second < b.second; }));
}

} // namespace phial
