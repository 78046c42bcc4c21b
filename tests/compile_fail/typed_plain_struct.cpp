// expect: phial: the handler of a route takes (what is bound..., request&, one parameter for each <...>
#include "phial/routing/blueprint.hpp"

#include <cstdint>
#include <string>
#include <string_view>

using namespace phial;

struct note {
    std::string title;
};

task<response> f(request &, note);

void mount(blueprint &bp) { bp.post<"/">(f); }
