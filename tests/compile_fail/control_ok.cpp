// expect: compiles
// What the other files get wrong, done right: when this does not compile, their failing says nothing.
#include "phial/auth/requires_auth.hpp"
#include "phial/http/json.hpp"
#include "phial/routing/blueprint.hpp"
#include "phial/routing/url_for.hpp"

#include <cstdint>
#include <string>
#include <string_view>

using namespace phial;

struct store {};

inline constexpr route<"/articles", "articles"> articles;
inline constexpr route<"/articles/<id>", "article"> article;
inline constexpr route<"/<a>/<int:b>/<float:c>/<path:d>", "all"> all;

task<response> plain(request &);
task<response> by_text(request &, std::string_view);
task<response> by_number(request &, std::int64_t);
task<response> by_fraction(request &, double);
task<response> by_all(request &, std::string_view, std::int64_t, double, std::string_view);
task<response> with_store(store &, request &, std::string_view);
task<response> reading_store(store const &, request const &);

task<response> layer(handler const &next, request &);
task<response> reading_layer(store const &, handler const &next, request const &);
struct described {
    task<response> operator()(store &, handler const &next, request &) const;
    std::vector<layer_fact> facts(store const &) const;
};

app wrapped(app next, store &s) {
    return with(with(with(std::move(next), layer), also_on_refusals(reading_layer), s), described(), s);
}

void mount(blueprint &bp, users const &known, store &s, store const &c) {
    bp.get(articles, plain);
    bp.get(article, by_text);
    bp.get(all, by_all);
    bp.get<"/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16">(plain);
    bp.post<"/<int:_1st>">(by_number);
    bp.put<"/<float:x>/">(by_fraction);
    bp.patch<"/x/<path:id>">(with_store, s);
    bp.delete_<"/x">(reading_store, c);
    bp.route<"/id/<id>">({method::get, method::post}, by_text).use(requires_auth, known, "Example");
    bp.get<"/guarded/<id>">(with_store, s).use(layer).use(reading_layer, c).use(described(), s);
    bp.use(reading_layer, s);
}

std::string addresses(request const &rq) {
    return url_for(rq, articles) + url_for(rq, article, "1") + url_for(rq, article, std::string("1")) +
           url_for(rq, all, "a", 1, 1.0, "d/e");
}

response answer(std::string body) { return response("text/plain", std::move(body)); }

json letters(json const &body) {
    int sum = 0;
    for (auto const &element : body["numbers"].elements()) sum += element.as<int>();
    return {{"letter", "x"}, {"sum", sum}, {"name", body["name"].as<std::string>()}};
}
