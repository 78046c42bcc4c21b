// Chapter "Request Methods (HTTP Verbs)".
#include "phial/handlers/chapters.hpp"

namespace phial::chapters {
namespace {

task<response> echo(request &rq) { co_return text("ECHO: ", rq.method(), "\n"); }

} // namespace

blueprint methods() {
    blueprint bp;
    bp.tag("Methods", "One path, several methods.");
    bp.route<"/echo">({method::get, method::post, method::patch, method::put, method::delete_}, echo)
        .summary("The method of the request")
        .gives("text/plain");
    return bp;
}

} // namespace phial::chapters
