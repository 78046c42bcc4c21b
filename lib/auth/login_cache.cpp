// Uses HMAC-SHA256 of OpenSSL.
#include "phial/auth/login_cache.hpp"

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

// The length first; otherwise user "ab" with password "c" would equal user "a" with "bc".
void append(std::string &out, std::string_view part) {
    std::uint64_t const n = part.size();
    out.append(reinterpret_cast<char const *>(&n), sizeof n);
    out += part;
}

} // namespace

login_cache::login_cache(clock::duration time, std::size_t most) : most_(most), time_(time) {
    if (RAND_bytes(secret_.data(), static_cast<int>(secret_.size())) != 1)
        throw std::runtime_error("the system has no random numbers for the key of remembered passwords");
}

login_cache::~login_cache() { OPENSSL_cleanse(secret_.data(), secret_.size()); }

login_cache::key login_cache::key_of(std::string_view user, std::string_view hash, std::string_view password) const {
    std::string all;
    all.reserve(user.size() + hash.size() + password.size() + 3 * sizeof(std::uint64_t)); // growing would leave copies
    append(all, user);
    append(all, hash);
    append(all, password);
    key out{};
    auto const *made = HMAC(EVP_sha256(), secret_.data(), static_cast<int>(secret_.size()),
                            reinterpret_cast<unsigned char const *>(all.data()), all.size(), out.data(), nullptr);
    OPENSSL_cleanse(all.data(), all.size());
    if (made == nullptr) throw std::bad_alloc(); // its only possible failure
    return out;
}

bool login_cache::has(key const &login, clock::time_point now) {
    auto const found = entries_.find(login);
    if (found == entries_.end() || found->second <= now) return false;
    found->second = now + time_;
    return true;
}

void login_cache::add(key const &login, clock::time_point now) {
    if (entries_.size() >= most_ && !entries_.contains(login)) make_room(now);
    entries_.insert_or_assign(login, now + time_);
}

void login_cache::make_room(clock::time_point now) {
    std::erase_if(entries_, [now](auto const &one) { return one.second <= now; });
    if (entries_.size() < most_) return;
    entries_.erase(std::min_element(entries_.begin(), entries_.end(),
                                    [](auto const &a, auto const &b) { return a.second < b.second; }));
}

} // namespace phial
