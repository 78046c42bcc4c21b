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
    bp.get<"/">(root);
    bp.get(article_list, list_articles);
    bp.get<"/articles/<id>">(read_article);
    bp.get<"/articles/int/<int:id>">(read_numbered);
    bp.get<"/articles/float/<float:id>">(read_measured);
    bp.get<"/articles/path/<path:id>">(read_article);
    return bp;
}

} // namespace phial::chapters
