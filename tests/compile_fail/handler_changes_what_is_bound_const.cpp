// expect: phial: the handler of a route takes (what is bound..., request&, then one parameter for each <...> of the
// pattern)
#include "phial/routing/blueprint.hpp"

#include <cstdint>
#include <string>
#include <string_view>

using namespace phial;

struct store {};
task<response> answer(store &, request &);

void mount(blueprint &bp, store const &s) { bp.get<"/">(answer, s); }
