// expect: phial: a handler's parameter is std::string_view for <...> and <path:...>, std::int64_t for <int:...> and
// double for <float:...>, exactly and by value
#include "phial/auth/requires_auth.hpp"
#include "phial/routing/blueprint.hpp"

#include <cstdint>
#include <string>
#include <string_view>

using namespace phial;

task<response> answer(request &, int);

void mount(blueprint &bp, users const &known) { bp.get<"/<int:id>">(requires_auth(known, answer)); }
