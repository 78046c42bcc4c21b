// expect: phial: an argument of url_for is a text for <...> and <path:...>, a std::int64_t for <int:...> and a double
// for <float:...>
#include "phial/routing/url_for.hpp"

#include <string>

using namespace phial;

inline constexpr route<"/articles/<id>", "article"> article;

std::string address(request const &rq) { return url_for(rq, article, nullptr); }
