#include "phial/auth/requires_auth.hpp"

#include "phial/auth/basic.hpp"
#include "phial/http/http_error.hpp"
#include "phial/text/concat.hpp"

namespace phial {
namespace {

std::string challenge(std::string_view scheme, std::string_view realm) {
    return concat(scheme, " realm=\"", realm, "\"");
}

task<> authenticate(users const &known, std::string_view realm, request &rq) {
    // Several Authorization fields do not count as credentials: it is not clear which one is meant.
    if (rq.headers().count("Authorization") == 1) {
        if (auto given = parse_basic(*rq.header("Authorization"))) {
            bool const right = co_await known.check(rq, given->user, given->password.view());
            if (right) {
                rq.notes.user = given->user;
                co_return;
            }
        }
    }
    throw http_error(401, "Authenticate.")
        .add("WWW-Authenticate", challenge("Basic", realm))
        .add("WWW-Authenticate", challenge("Bearer", realm));
}

} // namespace

// The password is wiped before `next` is called: it lives in a coroutine frame that has ended by then.
task<response> requires_auth_layer::operator()(users const &known, std::string_view realm, handler const &next,
                                               request &rq) const {
    co_await authenticate(known, realm, rq);
    co_return co_await next(rq);
}

std::vector<layer_fact> requires_auth_layer::facts(users const &, std::string_view realm) const {
    return {{"security", challenge("Basic", realm)}};
}

} // namespace phial
