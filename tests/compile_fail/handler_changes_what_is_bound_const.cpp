// expect: phial: what is bound is const, and the handler's parameter for it is not
#include "phial/routing/blueprint.hpp"

#include <cstdint>
#include <string>
#include <string_view>

using namespace phial;

struct store {};
task<response> answer(store &, request &);

void mount(blueprint &bp, store const &s) { bp.get<"/">(answer, s); }
