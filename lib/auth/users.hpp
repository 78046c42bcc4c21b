// Who may come in.
#pragma once

#include "phial/http/request.hpp"
#include "phial/runtime/task.hpp"

#include <string_view>

namespace phial {

/// Checks passwords. Called on all loops at once.
class users {
  public:
    virtual ~users() = default;
    /// Whether the password is that user's. `rq` says who asks (request::client). Awaitable: checking a hash takes
    /// long, and is not done on the loop. The arguments live until the result is there. Throws http_error (429, 503)
    /// when the client has to try again later.
    [[nodiscard]] virtual task<bool> check(request const &rq, std::string_view user,
                                           std::string_view password) const = 0;
};

/// The tutorial's one user: admin, whose password is secret. Everybody knows it.
class demo_users final : public users {
  public:
    task<bool> check(request const &rq, std::string_view user, std::string_view password) const override;
};

} // namespace phial
