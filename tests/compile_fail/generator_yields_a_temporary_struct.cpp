// expect: phial: g++ 12 destroys a temporary struct in co_yield twice: give it a name, and yield that
#include "phial/routing/blueprint.hpp"
#include "phial/typed/json_lines.hpp"

struct reading {
    std::string place;
};

phial::json_lines<reading> all(phial::request &) { co_yield {"here"}; }

void routes(phial::blueprint &bp) { bp.get<"/">(all); }
