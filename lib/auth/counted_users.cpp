// Counts password checks.
#include "phial/auth/counted_users.hpp"

#include "phial/http/http_error.hpp"

namespace phial {

task<bool> counted_users::check(request const &rq, std::string_view user, std::string_view password) const {
    try {
        bool const is_right = co_await asked_.check(rq, user, password);
        (is_right ? right_ : wrong_).fetch_add(1, std::memory_order_relaxed);
        if (!is_right) trail_.failed(rq, user);
        co_return is_right;
    } catch (http_error const &e) {
        if (e.status() == 429) {
            refused_.fetch_add(1, std::memory_order_relaxed);
            trail_.refused(rq);
        }
        throw;
    }
}

} // namespace phial
