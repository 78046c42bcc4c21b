// Counts password checks.
#include "auth/counted_users.hpp"

namespace phial {

task<bool> counted_users::check(std::string_view user, std::string_view password) const {
    bool const is_right = co_await asked_.check(user, password);
    (is_right ? right_ : wrong_).fetch_add(1, std::memory_order_relaxed);
    co_return is_right;
}

} // namespace phial
