// expect: phial: the handler of a route returns a response or a type with a schema, or a task of one
#include "phial/routing/blueprint.hpp"

#include <string>

using namespace phial;

std::string answer(request &);

void mount(blueprint &bp) { bp.get<"/">(answer); }
