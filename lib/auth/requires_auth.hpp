// Guards a handler: Flask's @requires_auth.
#pragma once

#include "phial/auth/users.hpp"
#include "phial/http/request.hpp"
#include "phial/http/response.hpp"

#include <tuple>
#include <type_traits>
#include <utility>

namespace phial {

/// Throws http_error(401) with the WWW-Authenticate lines (Basic, then Bearer) unless the request has credentials of
/// one of `known`, and what users::check throws. No bearer token is valid. Sets request_notes::user.
task<> authenticate(users const &known, request &rq);

/// What requires_auth makes.
template <class F>
class guarded {
  public:
    guarded(users const &known, F f) : known_(known), f_(std::move(f)) {}

    template <class... Arguments>
    auto operator()(Arguments &&...arguments) const -> std::invoke_result_t<F const &, Arguments...> {
        return run<Arguments...>(*this, std::get<request &>(std::tie(arguments...)),
                                 std::forward<Arguments>(arguments)...);
    }

  private:
    // An lvalue (what is bound, the request) is an Arguments of reference type; the others are kept by the coroutine.
    template <class... Arguments>
    static task<response> run(guarded const &self, request &rq, Arguments... arguments) {
        co_await authenticate(self.known_, rq);
        co_return co_await self.f_(std::forward<Arguments>(arguments)...);
    }

    users const &known_;
    F f_;
};

/// A handler with the same parameters that is called only with valid credentials. It can be called with exactly what it
/// guards can be called with, so a route checks both alike. `known` outlives it.
///
///     bp.get<"/secrets">(requires_auth(users, secrets));
template <class F>
[[nodiscard]] guarded<F> requires_auth(users const &known, F f) {
    return {known, std::move(f)};
}

} // namespace phial
