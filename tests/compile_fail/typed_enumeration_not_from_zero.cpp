// expect: phial: the enumerators of a typed enumeration count from 0, without a gap, to 63 at most
#include "phial/routing/blueprint.hpp"

#include <cstdint>
#include <string>
#include <string_view>

using namespace phial;

struct note {
    std::string title;
};

enum class color { red = 5, green };
struct bad {
    color paint;
};
task<response> f(request &, body<bad>);

void mount(blueprint &bp) { bp.post<"/">(f); }
