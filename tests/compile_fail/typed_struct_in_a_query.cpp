// expect: phial: the members of a query, header or form are texts, numbers, bools, enumerations or dates
#include "phial/routing/blueprint.hpp"

#include <cstdint>
#include <string>
#include <string_view>

using namespace phial;

struct note {
    std::string title;
};

struct bad {
    note inner;
};
task<response> f(request &, query<bad>);

void mount(blueprint &bp) { bp.get<"/">(f); }
