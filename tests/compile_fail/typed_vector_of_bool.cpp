// expect: phial: a std::vector<bool> holds no bools: take an enum class
#include "phial/routing/blueprint.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

using namespace phial;

struct note {
    std::string title;
};

struct bad {
    std::vector<bool> flags;
};
task<response> f(request &, body<bad>);

void mount(blueprint &bp) { bp.post<"/">(f); }
