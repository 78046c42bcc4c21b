// expect: phial: a typed member is a text, a number, bool, an enum class
#include "phial/routing/blueprint.hpp"

#include <cstdint>
#include <string>
#include <string_view>

using namespace phial;

struct note {
    std::string title;
};

struct bad {
    void *pointer;
};
task<response> f(request &, body<bad>);

void mount(blueprint &bp) { bp.post<"/">(f); }
