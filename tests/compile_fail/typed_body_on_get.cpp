// expect: phial: GET, HEAD, DELETE and OPTIONS have no body: take what the client says by query<T>
#include "phial/routing/blueprint.hpp"

#include <cstdint>
#include <string>
#include <string_view>

using namespace phial;

struct note {
    std::string title;
};

task<response> f(request &, body<note>);

void mount(blueprint &bp) { bp.get<"/">(f); }
