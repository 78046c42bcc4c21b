// expect: phial: url_for takes one argument for each <...> of the route's pattern
#include "phial/routing/url_for.hpp"

#include <string>

using namespace phial;

inline constexpr route<"/articles/<id>", "article"> article;

std::string address(request const &rq) { return url_for(rq, article, "1", "2"); }
