// What browsers and caches send: origins, preflights, entity tags. A page reads only what its origin may, and a
// response is left out only for a client that has it.
#include "fuzz.hpp"

#include "phial/http/http_error.hpp"
#include "phial/layers/conditional.hpp"
#include "phial/layers/cors.hpp"
#include "phial/testing/fake_request.hpp"
#include "phial/testing/test_client.hpp"
#include "phial/text/ascii.hpp"

#include <stdexcept>
#include <string>
#include <utility>

using namespace phial;
using namespace phial::fuzzing;
using namespace phial::testing;

namespace {

// As the server passes on the value of a field.
std::string field_value(std::string_view text) {
    std::string value(trim(text));
    for (char &c : value)
        if (is_control(c)) c = '_';
    return value;
}

response respond(handler const &served, std::string method, fake_request::headers lines) {
    fake_request rq(std::move(method), "/", std::move(lines));
    return call(served, rq);
}

void check_origin(std::string_view list, std::string const &origin, std::string const &asked,
                  std::string const &fields) {
    allowed_origins allowed;
    try {
        allowed = allowed_origins(list);
    } catch (std::invalid_argument const &) {
        return;
    }
    handler const served = with(handler([](request &) { return text("x"); }), cors(allowed));
    for (std::string const method : {"GET", "OPTIONS"}) {
        auto const rs = respond(
            served, method,
            {{"Origin", origin}, {"Access-Control-Request-Method", asked}, {"Access-Control-Request-Headers", fields}});
        auto const reader = rs.get("Access-Control-Allow-Origin");
        require(reader.empty() == !allowed.contains(origin));
        require(reader.empty() || reader == (allowed.any() ? "*" : origin));
        require(!(allowed.any() && !rs.get("Access-Control-Allow-Credentials").empty()));
        for (char const c : rs.get("Access-Control-Allow-Headers")) require(is_token_char(c) || c == ',' || c == ' ');
    }
}

void check_tags(std::string const &value) {
    auto const tag = entity_tag("x");
    auto const named = tag.substr(0, tag.size() - 1); // a coding may follow
    fake_request rq("GET", "/", {{"If-None-Match", value}});
    auto const known = not_modified(rq, tag);
    require(known.has_value() == not_modified(rq, "W/" + tag).has_value()); // weakly
    if (known) require(value == "*" || value.find(named) != value.npos);
    if (value == tag) require(known.has_value());
    fake_request put("PUT", "/", {{"If-Match", value}});
    try {
        require_match(put, tag);
        require(value == "*" || value.find(named) != value.npos);
    } catch (http_error const &e) {
        require(e.status() == 412 && value != tag);
    }
}

} // namespace

// Lines: the allowed origins, Origin, the two fields of a preflight, entity tags. `T` is the tag itself.
int LLVMFuzzerTestOneInput(std::uint8_t const *data, std::size_t size) {
    auto rest = as_text(data, size);
    auto const list = take_until(rest, '\n');
    auto const origin = field_value(take_until(rest, '\n'));
    auto const asked = field_value(take_until(rest, '\n'));
    auto const fields = field_value(take_until(rest, '\n'));
    check_origin(list, origin, asked, fields);
    std::string tags;
    for (char const c : rest)
        if (c == 'T')
            tags += entity_tag("x");
        else
            tags += c;
    check_tags(field_value(tags));
    return 0;
}
