// expect: phial: the handler of a route takes (what is bound..., request&, then one parameter for each <...> of the
// pattern)
#include "phial/routing/blueprint.hpp"

#include <cstdint>
#include <string>
#include <string_view>

using namespace phial;

task<response> answer(request &, std::string_view, std::string_view);

void mount(blueprint &bp) { bp.get<"/<id>">(answer); }
