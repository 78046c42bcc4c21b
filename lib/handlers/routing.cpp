// Chapter "Python & Flask": routes and their converters.
#include "phial/handlers/chapters.hpp"
#include "phial/routing/url_for.hpp"

namespace phial::chapters {
namespace {

inline constexpr route<"/articles", "articles"> article_list;

task<response> root(request &) { co_return text("Welcome"); }

task<response> list_articles(request &rq) { co_return text("List of ", url_for(rq, article_list)); }

task<response> read_article(request &, std::string_view id) { co_return text("You are reading ", id); }

task<response> read_numbered(request &, std::int64_t id) { co_return text("You are reading ", id); }

task<response> read_measured(request &, double id) { co_return text("You are reading ", id); }

} // namespace

blueprint routing() {
    blueprint bp;
    bp.tag("Routes", "Paths and the types of their parameters.");
    bp.get<"/">(root).summary("A welcome").gives("text/plain");
    bp.get(article_list, list_articles).summary("The address of the list, made by url_for").gives("text/plain");
    bp.get<"/articles/<id>">(read_article).summary("An article").gives("text/plain");
    bp.get<"/articles/int/<int:id>">(read_numbered).summary("An article by number").gives("text/plain");
    bp.get<"/articles/float/<float:id>">(read_measured).summary("An article by decimal number").gives("text/plain");
    bp.get<"/articles/path/<path:id>">(read_article).summary("An article by path").gives("text/plain");
    return bp;
}

} // namespace phial::chapters
