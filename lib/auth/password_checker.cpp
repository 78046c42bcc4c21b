// The order of things: table, what is remembered, hash.
#include "phial/auth/password_checker.hpp"

#include "phial/auth/bcrypt.hpp"

#include <utility>

namespace phial {

password_checker::password_checker(std::shared_ptr<password_table const> table, clock::duration time)
    : table_(std::move(table)),
      remembered_(time) {}

bool password_checker::replace(std::shared_ptr<password_table const> table) {
    auto const now = table;
    {
        std::lock_guard const lock(mutex_);
        table_.swap(table);
    }
    return *now != *table; // what was there is let go behind the lock
}

std::shared_ptr<password_table const> password_checker::table() const {
    std::lock_guard const lock(mutex_);
    return table_;
}

password_checker::question password_checker::ask(std::string_view user, std::string_view password) const {
    auto all = table();
    auto const *found = all->find(user);
    std::string_view const hash = found != nullptr ? *found : all->decoy();
    auto const key = remembered_.key_of(user, hash, password);
    return {std::move(all), hash, found != nullptr, key};
}

bool password_checker::remembers(question const &q) {
    std::lock_guard const lock(mutex_);
    return q.is_user && remembered_.has(q.key, clock::now());
}

bool password_checker::remembers(std::string_view user, std::string_view password) {
    return remembers(ask(user, password));
}

bool password_checker::is_right(std::string_view user, std::string_view password) {
    auto const q = ask(user, password);
    if (remembers(q)) return true;
    hashes_.fetch_add(1, std::memory_order_relaxed);
    bool const matches = bcrypt_matches(q.hash, password);
    if (!matches || !q.is_user) return false;
    std::lock_guard const lock(mutex_);
    remembered_.add(q.key, clock::now());
    return true;
}

} // namespace phial
