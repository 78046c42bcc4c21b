// A layer that requires credentials: Flask's @requires_auth.
#pragma once

#include "phial/auth/users.hpp"
#include "phial/http/layer.hpp"

#include <string_view>
#include <vector>

namespace phial {

/// Calls `next` only for a request with the credentials of one of `known`, after it has set request_notes::user. Else
/// it throws http_error(401) with the fields WWW-Authenticate (Basic, then Bearer) of `realm`, which must not contain a
/// quotation mark or a backslash. It also throws what users::check throws. No bearer token is valid. It waits only for
/// a login that is not remembered.
///
///     bp.get<"/secrets">(top_secret).use(requires_auth, known, "Example");
struct requires_auth_layer {
    outcome operator()(users const &known, std::string_view realm, handler const &next, request &rq) const;
    /// {"security", "Basic realm=\"Example\""}
    [[nodiscard]] std::vector<layer_fact> facts(users const &known, std::string_view realm) const;
};
inline constexpr requires_auth_layer requires_auth;

} // namespace phial
