// expect: phial: text_of<Min, Max>: Min is greater than Max, so no text fits
#include "phial/routing/blueprint.hpp"

#include <cstdint>
#include <string>
#include <string_view>

using namespace phial;

struct note {
    std::string title;
};

struct bad {
    text_of<5, 4> name;
};
task<response> f(request &, body<bad>);

void mount(blueprint &bp) { bp.post<"/">(f); }
