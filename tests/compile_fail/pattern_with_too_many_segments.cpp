// expect: phial: a route pattern has at most 16 segments
#include "phial/routing/blueprint.hpp"

#include <cstdint>
#include <string>
#include <string_view>

using namespace phial;

task<response> answer(request &);

void mount(blueprint &bp) { bp.get<"/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17">(answer); }
