// expect: phial: after the parameters of the path, a handler takes body<T>, query<T>, header<T> and form<T>, by value
#include "phial/routing/blueprint.hpp"

#include <cstdint>
#include <string>
#include <string_view>

using namespace phial;

struct note {
    std::string title;
};

task<response> f(request &, body<note> const &);

void mount(blueprint &bp) { bp.post<"/">(f); }
