// expect: phial: the handler of a route takes (what is bound..., request&, one parameter for each <...>
#include "phial/routing/blueprint.hpp"

#include <cstdint>
#include <string>
#include <string_view>

using namespace phial;

struct store {};
task<response> answer(store &, request &);

void mount(blueprint &bp) { bp.get<"/">(answer); }
