// expect: phial: the enumerators of a typed enumeration count from 0, without a gap, to 63 at most
#include "phial/routing/blueprint.hpp"

using namespace phial;

enum class color { red, green, blue = 4 };
struct bad {
    color paint;
};
task<response> f(request &, body<bad>);

void mount(blueprint &bp) { bp.post<"/">(f); }
