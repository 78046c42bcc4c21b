// expect: phial: url_for needs a route with a name: route<"/articles", "articles">
#include "phial/routing/url_for.hpp"

#include <string>

using namespace phial;

inline constexpr route<"/articles"> article;

std::string address(request const &rq) { return url_for(rq, article); }
