// expect: phial: a handler's parameter is std::string_view for <...> and <path:...>, std::int64_t for <int:...> and
// double for <float:...>, exactly and by value
#include "phial/routing/blueprint.hpp"

#include <cstdint>
#include <string>
#include <string_view>

using namespace phial;

task<response> answer(request &, std::string_view);

void mount(blueprint &bp) { bp.get<"/<int:id>">(answer); }
