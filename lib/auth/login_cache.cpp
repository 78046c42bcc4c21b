#include "phial/auth/login_cache.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <strings.h>
#include <unistd.h>

namespace phial {
namespace {

// Adds the whole words of `text` and gives the rest. No copy of a password is made.
std::string_view add_words(siphash &h, std::string_view text) noexcept {
    for (; text.size() >= sizeof(std::uint64_t); text.remove_prefix(sizeof(std::uint64_t))) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data(), sizeof word);
        h.add(word);
    }
    return text;
}

// The length first; otherwise user "ab" with password "c" would equal user "a" with "bc".
void add(siphash &h, std::string_view part) noexcept {
    h.add(part.size());
    h.add(siphash::last_word(add_words(h, part)));
}

} // namespace

login_cache::login_cache(clock::duration time, std::size_t most) : most_(most), time_(time) {
    if (::getentropy(secret_.data(), sizeof secret_) != 0)
        throw std::runtime_error("the system has no random numbers for the key of remembered passwords");
}

login_cache::~login_cache() { ::explicit_bzero(secret_.data(), sizeof secret_); }

login_cache::key login_cache::key_of(std::string_view user, std::string_view hash,
                                     std::string_view password) const noexcept {
    siphash h(secret_);
    phial::add(h, user);
    phial::add(h, hash);
    phial::add(h, password);
    return h.finish();
}

login_cache::key login_cache::key_of(std::string_view encoded) const noexcept {
    siphash h(secret_);
    auto const rest = add_words(h, encoded);
    return h.finish(rest);
}

void login_cache::link(key const &encoded, std::string_view user, key const &login) {
    if (links_.size() >= most_) links_.clear(); // the next login makes its link again
    links_.insert_or_assign(encoded, linked{std::string(user), login});
}

std::string const *login_cache::user_of(key const &encoded, clock::time_point now) {
    auto const found = links_.find(encoded);
    return found != links_.end() && has(found->second.login, now) ? &found->second.user : nullptr;
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
