// expect: phial: the handler of a route returns task<response> or task<T>, or response if it never waits
#include "phial/routing/blueprint.hpp"

#include <string>

using namespace phial;

std::string answer(request &);

void mount(blueprint &bp) { bp.get<"/">(answer); }
