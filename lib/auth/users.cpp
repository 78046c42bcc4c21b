#include "phial/auth/users.hpp"

#include "phial/auth/basic.hpp"
#include "phial/http/http_error.hpp"

namespace phial {

task<bool> users::check(request const &rq, std::string_view user, std::string_view password,
                        std::string_view encoded) const {
    try {
        bool const right = co_await is_right(rq, user, password);
        (right ? right_ : wrong_).fetch_add(1, std::memory_order_relaxed);
        if (right && !encoded.empty()) recognise(encoded, user, password);
        if (!right && trail_ != nullptr) trail_->failed(rq, user);
        co_return right;
    } catch (http_error const &e) {
        if (e.status() == 429) {
            refused_.fetch_add(1, std::memory_order_relaxed);
            if (trail_ != nullptr) trail_->refused(rq);
        }
        throw;
    }
}

std::optional<std::string> users::remembered(request const &rq, std::string_view encoded) const {
    auto user = recall(rq, encoded);
    if (user) right_.fetch_add(1, std::memory_order_relaxed);
    return user;
}

// Compares both, whatever the first says: the time must not tell whether the name is right.
task<bool> single_user::is_right(request const &, std::string_view user, std::string_view password) const {
    bool const same_name = same_secret(user, name_);
    bool const same_password = same_secret(password, password_);
    co_return same_name &&same_password;
}

} // namespace phial
