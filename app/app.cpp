// The chapters in the order of the tutorial.
#include "app/app.hpp"

#include "app/version.hpp"
#include "phial/errors/handle_errors.hpp"
#include "phial/handlers/chapters.hpp"
#include "phial/openapi/documentation.hpp"
#include "phial/routing/router.hpp"

#include <string>
#include <utility>

namespace phial {
namespace {

constexpr char about[] = "The REST API of the tutorial \"Python & Flask\", with its chapters as groups.";

} // namespace

app make_app(users const &known, file_store &uploads, logger const &log, bool has_docs,
             std::optional<blueprint> files) {
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
    if (files) routes.mount(std::move(*files));
    if (has_docs)
        routes.mount(
            documentation({.title = "phial", .version = std::string(version()), .description = about}, routes));
    return handle_errors({{404, chapters::not_found}}, log, std::move(routes));
}

} // namespace phial
