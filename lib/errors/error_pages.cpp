// Renders errors.
#include "errors/error_pages.hpp"

#include "errors/html_escape.hpp"

#include <boost/core/demangle.hpp>

#include <cxxabi.h>
#include <typeinfo>

namespace phial {
namespace {

constexpr std::string_view json_type = "application/json";
constexpr std::string_view problem_type = "application/problem+json";
constexpr std::string_view html_type = "text/html";

// `preferred` is what a client gets that has no preference.
std::string_view negotiate(request const &rq, std::string_view preferred, std::string_view other) {
    auto const accept = rq.headers().joined("Accept");
    auto const type = best_offer(accept, {preferred, other});
    auto const problem = accept_preference(accept, problem_type);
    bool const asked_for = problem.by_name && problem.quality > 0;
    return asked_for && problem.quality >= accept_preference(accept, type).quality ? problem_type : type;
}

std::string page(std::string const &title, std::string const &content) {
    return concat(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
        title,
        "</title>\n<style>\n"
        ":root { color-scheme: light dark; }\n"
        "body { font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 0 auto; padding: 2rem 1rem; }\n"
        "h1 { font-size: 1.5rem; line-height: 1.25; overflow-wrap: anywhere; }\n"
        "p, td, th { overflow-wrap: anywhere; }\n"
        "th { text-align: left; vertical-align: top; padding-right: 1rem; font-weight: 600; }\n"
        "table { border-collapse: collapse; width: 100%; table-layout: fixed; }\n"
        "td, th { padding: .25rem .5rem .25rem 0; border-bottom: 1px solid color-mix(in srgb, currentColor 20%, "
        "transparent); }\n"
        "th { width: 35%; }\n"
        "code { font-family: ui-monospace, monospace; }\n"
        "</style>\n</head>\n<body>\n",
        content, "</body>\n</html>\n");
}

response error_page(http_error const &e) {
    auto const title = concat(e.status(), " ", reason_phrase(e.status()));
    return html(page(title, concat("<h1>", title, "</h1>\n<p>", html_escape(e.what()), "</p>\n")));
}

bool is_secret(std::string_view name) noexcept {
    for (auto const secret : {"Authorization", "Proxy-Authorization", "Cookie"})
        if (iequals(name, secret)) return true;
    return false;
}

response exception_page(request const &rq, std::string const &what) {
    auto const method = to_string(rq.head().verb);
    std::string rows;
    for (auto const &[name, value] : rq.headers())
        rows += concat("<tr><th>", html_escape(name), "</th><td><code>",
                       is_secret(name) ? "(hidden)" : html_escape(value), "</code></td></tr>\n");
    return html(
        page(html_escape(what),
             concat("<h1>", html_escape(what), "</h1>\n<p>in <code>", method, " ", html_escape(rq.path()),
                    "</code>, route <code>", html_escape(rq.route.empty() ? "(none)" : rq.route),
                    "</code></p>\n<table>\n", rows, "</table>\n<p>This page is shown in debug mode only.</p>\n")));
}

} // namespace

response render_error(request const &rq, http_error const &e) {
    return render_error(rq, e, {{"message", e.what()}, {"status", e.status()}});
}

response render_error(request const &rq, http_error const &e, json const &as_json) {
    auto const type = negotiate(rq, json_type, html_type);
    response rs;
    if (type == html_type) {
        rs = error_page(e);
    } else if (type == problem_type) {
        rs = jsonify(rq, {{"type", "about:blank"},
                          {"title", reason_phrase(e.status())},
                          {"status", e.status()},
                          {"detail", e.what()}});
        rs.set("Content-Type", problem_type);
    } else {
        rs = jsonify(rq, as_json);
    }
    rs.status(e.status()).add("Vary", "Accept");
    for (auto const &[name, value] : e.headers()) rs.add(name, value);
    return rs;
}

response render_exception(request const &rq, std::exception_ptr const &thrown) {
    auto const what = describe(thrown);
    if (negotiate(rq, html_type, json_type) == html_type)
        return exception_page(rq, what).status(500).add("Vary", "Accept");
    return render_error(rq, http_error(500, what));
}

std::string describe(std::exception_ptr const &thrown) {
    try {
        std::rethrow_exception(thrown);
    } catch (std::exception const &e) {
        return concat(boost::core::demangle(typeid(e).name()), ": ", e.what());
    } catch (...) {
        auto const *type = abi::__cxa_current_exception_type();
        return type == nullptr ? "an exception of unknown type" : boost::core::demangle(type->name());
    }
}

} // namespace phial
