// expect: phial: a typed struct has no base class: take it as a member
#include "phial/routing/blueprint.hpp"

#include <cstdint>
#include <string>
#include <string_view>

using namespace phial;

struct note {
    std::string title;
};

struct bad : note {
    int rank;
};
task<response> f(request &, body<bad>);

void mount(blueprint &bp) { bp.post<"/">(f); }
