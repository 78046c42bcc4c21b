#include "phial/openapi/documentation.hpp"

#include "phial/http/http_error.hpp"
#include "phial/http/request.hpp"
#include "phial/http/response.hpp"
#include "phial/openapi/page_files.hpp"
#include "phial/text/concat.hpp"
#include "phial/text/html_escape.hpp"

#include <string>
#include <utility>

namespace phial {
namespace {

// Scripts, styles and answers come from the service itself; nothing else is loaded, sent or embedded.
constexpr std::string_view policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
                                    "img-src data:; base-uri 'none'; form-action 'none'; "
                                    "frame-ancestors 'none'";

// Its addresses are relative: a proxy may put the service under a prefix.
std::string page_of(api_info const &info) {
    auto const title = html_escape(info.title);
    return concat("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
                  title,
                  "</title>\n<link rel=\"icon\" href=\"data:,\">\n<link rel=\"stylesheet\" href=\"docs/style.css\">\n"
                  "<script type=\"module\" src=\"docs/script.js\"></script>\n</head>\n<body>\n<h1>",
                  title,
                  "</h1>\n<noscript><p>This page needs JavaScript. What it shows is in "
                  "<a href=\"openapi.json\">openapi.json</a>.</p></noscript>\n</body>\n</html>\n");
}

response checked_each_time(response rs) { return std::move(rs.set("Cache-Control", "no-cache")); }

outcome find_page_file(request &, std::string_view name) {
    for (auto const &file : page_files()) {
        if (file.name != name) continue;
        std::string content(file.content);
        if (name.ends_with(".css")) return checked_each_time({"text/css; charset=utf-8", std::move(content)});
        return checked_each_time({"text/javascript; charset=utf-8", std::move(content)});
    }
    return http_error(404);
}

} // namespace

blueprint documentation(api_info const &info, router const &routes) {
    blueprint bp;
    bp.get<"/openapi.json">([document = openapi_document(info, routes)](request &rq) {
          return checked_each_time(response("application/json", at_root_path(document.text(), rq.root_path())));
      }).hidden();
    bp.get<"/docs">([page = page_of(info)](request &) {
          return checked_each_time(html(page)).set("Content-Security-Policy", policy);
      }).hidden();
    bp.get<"/docs/<file>">(find_page_file).hidden();
    return bp;
}

} // namespace phial
