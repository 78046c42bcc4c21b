// expect: phial: a handler has one query<T> and one header<T>: put the members into one struct
#include "phial/http/request.hpp"
#include "phial/http/response.hpp"
#include "phial/routing/blueprint.hpp"

struct first {
    int a = 0;
};
struct second {
    int b = 0;
};

phial::response list(phial::request &, phial::query<first>, phial::query<second>);

void registers(phial::blueprint &bp) { bp.get<"/items">(list); }
