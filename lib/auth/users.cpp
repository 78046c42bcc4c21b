// The tutorial's check_auth.
#include "phial/auth/users.hpp"

#include "phial/auth/basic_credentials.hpp"

namespace phial {

task<bool> demo_users::check(request const &, std::string_view user, std::string_view password) const {
    bool const known = same_secret(user, "admin");
    bool const right = same_secret(password, "secret");
    co_return known &&right;
}

} // namespace phial
