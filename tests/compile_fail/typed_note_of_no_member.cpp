// expect: phial: member_notes speaks of a member that the struct does not have
#include "phial/routing/blueprint.hpp"

#include <cstdint>
#include <string>
#include <string_view>

using namespace phial;

struct note {
    std::string title;
};

struct bad {
    std::string title;
    static constexpr member_note member_notes[] = {{.member = "titel", .description = "One line."}};
};
task<response> f(request &, body<bad>);

void mount(blueprint &bp) { bp.post<"/">(f); }
