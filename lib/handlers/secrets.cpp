// Chapter "Authorization".
#include "phial/auth/requires_auth.hpp"
#include "phial/errors/error_pages.hpp"
#include "phial/handlers/chapters.hpp"

namespace phial::chapters {
namespace {

response top_secret(request &) { return text("this is top secret"); }

response ask_for_credentials(request &rq, http_error const &e) {
    return render_error(rq, e, {{"message", "Authenticate."}});
}

} // namespace

blueprint secrets(phial::users const &known) {
    blueprint bp;
    bp.tag("Authorization", "What needs a password.");
    bp.get<"/secrets">(top_secret)
        .use(requires_auth, known, "Example")
        .summary("Something for known users")
        .gives("text/plain")
        .answers(429, "There were too many wrong passwords.");
    bp.error_handler(401, ask_for_credentials);
    return bp;
}

} // namespace phial::chapters
