// expect: phial: a handler has one body<T> or form<T>: a request has one body
#include "phial/routing/blueprint.hpp"

#include <cstdint>
#include <string>
#include <string_view>

using namespace phial;

struct note {
    std::string title;
};

task<response> f(request &, body<note>, form<note>);

void mount(blueprint &bp) { bp.post<"/">(f); }
