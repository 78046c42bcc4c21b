// Checks a request's credentials.
#include "phial/auth/requires_auth.hpp"

#include "phial/auth/basic.hpp"
#include "phial/http/http_error.hpp"

namespace phial {

task<> authenticate(users const &known, request &rq) {
    // Several Authorization lines are no credentials: which one was meant is in doubt.
    if (rq.headers().count("Authorization") == 1) {
        if (auto given = parse_basic(*rq.header("Authorization"))) {
            bool const right = co_await known.check(rq, given->user, given->password.view());
            if (right) {
                rq.user = given->user;
                co_return;
            }
        }
    }
    throw http_error(401, "Authenticate.")
        .add("WWW-Authenticate", "Basic realm=\"Example\"")
        .add("WWW-Authenticate", "Bearer realm=\"Example\"");
}

} // namespace phial
