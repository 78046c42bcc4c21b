#include "phial/auth/requires_auth.hpp"

#include "phial/auth/basic.hpp"
#include "phial/http/http_error.hpp"
#include "phial/text/concat.hpp"

#include <optional>
#include <string>
#include <utility>

namespace phial {
namespace {

std::string challenge(std::string_view scheme, std::string_view realm) {
    return concat(scheme, " realm=\"", realm, "\"");
}

http_error unauthorized(std::string_view realm) {
    return http_error(401, "Authenticate.")
        .add("WWW-Authenticate", challenge("Basic", realm))
        .add("WWW-Authenticate", challenge("Bearer", realm));
}

// The password is wiped when this ends, before the layer calls `next`.
task<> authenticate(users const &known, std::string_view realm, std::string_view field, request &rq) {
    if (auto given = parse_basic(field)) {
        bool const right = co_await known.check(rq, given->user, given->password.view(), *encoded_basic(field));
        if (right) {
            rq.notes.user = given->user;
            co_return;
        }
    }
    throw unauthorized(realm);
}

task<response> authenticate_first(users const &known, std::string_view realm, std::string_view field,
                                  handler const &next, request &rq) {
    co_await authenticate(known, realm, field, rq);
    co_return co_await next(rq);
}

} // namespace

outcome requires_auth_layer::operator()(users const &known, std::string_view realm, handler const &next,
                                        request &rq) const {
    auto const field = rq.headers().find_only("Authorization");
    auto const encoded = field ? encoded_basic(*field) : std::nullopt;
    if (!encoded) throw unauthorized(realm);
    auto user = known.remembered(rq, *encoded);
    if (!user) return authenticate_first(known, realm, *field, next, rq);
    rq.notes.user = std::move(*user);
    return next.call(rq);
}

std::vector<layer_fact> requires_auth_layer::facts(users const &, std::string_view realm) const {
    return {{"security", challenge("Basic", realm)}};
}

} // namespace phial
