// expect: phial: a parameter of a route pattern is written <name> or <int:name>, not {name}
#include "phial/http/request.hpp"
#include "phial/http/response.hpp"
#include "phial/routing/blueprint.hpp"

void registers(phial::blueprint &bp) {
    bp.get<"/users/{id}">([](phial::request &) { return phial::text(); });
}
