// The chapters in the order of the tutorial.
#include "app/app.hpp"

#include "phial/errors/handle_errors.hpp"
#include "phial/handlers/chapters.hpp"
#include "phial/routing/router.hpp"

namespace phial {

app make_app(users const &known, file_store &uploads, logger const &log) {
    router routes;
    routes.mount(chapters::routing());
    routes.mount(chapters::hello());
    routes.mount(chapters::methods());
    routes.mount(chapters::messages(uploads));
    routes.mount(chapters::files());
    routes.mount(chapters::users());
    routes.mount(chapters::secrets(known));
    routes.mount(chapters::debugging());
    routes.mount(chapters::logs(log));
    return handle_errors({{404, chapters::not_found}}, log, std::move(routes));
}

} // namespace phial
