#include "phial/errors/error_pages.hpp"

#include "phial/backtrace/stack_trace.hpp"
#include "phial/errors/debug_page.hpp"
#include "phial/errors/html_page.hpp"
#include "phial/text/html_escape.hpp"
#include "phial/text/json_text.hpp"

#include <boost/core/demangle.hpp>

#include <cstdint>
#include <cxxabi.h>
#include <typeinfo>

namespace phial {
namespace {

constexpr std::string_view json_type = "application/json";
constexpr std::string_view problem_type = "application/problem+json";
constexpr std::string_view html_type = "text/html";

// A client without a preference gets `preferred`.
std::string_view negotiate(request const &rq, std::string_view preferred, std::string_view other) {
    if (!rq.header("Accept")) return preferred;
    auto const accept = rq.headers().joined("Accept");
    auto const type = best_offer(accept, {preferred, other});
    auto const problem = accept_preference(accept, problem_type);
    bool const asked_for = problem.exact && problem.quality > 0;
    return asked_for && problem.quality >= accept_preference(accept, type).quality ? problem_type : type;
}

std::string place_of(fault const &f) {
    if (!f.in.empty()) return concat(f.in, " ", f.parameter);
    return f.pointer;
}

std::string list_of_faults(http_error const &e) {
    if (e.faults().empty()) return {};
    std::string list = "<ul>\n";
    for (auto const &f : e.faults()) {
        auto const place = place_of(f);
        auto const before = place.empty() ? "" : concat("<code>", html_escape(place), "</code>: ");
        auto const got = f.got.empty() ? "" : concat(" (got ", html_escape(f.got), ")");
        list += concat("<li>", before, html_escape(f.detail), got, "</li>\n");
    }
    return list + "</ul>\n";
}

std::string list_of_members(http_error const &e) {
    if (e.members() == nullptr) return {};
    std::string list = "<dl>\n";
    for (auto const &[name, value] : *e.members())
        list +=
            concat("<dt>", html_escape(name), "</dt>\n<dd><pre>", html_escape(dumps_indented(value)), "</pre></dd>\n");
    return list + "</dl>\n";
}

response error_page(http_error const &e) {
    auto const title = concat(e.status(), " ", reason_phrase(e.status()));
    auto const message =
        e.what() == reason_phrase(e.status()) ? "" : concat("<p>", html_escape(e.what()), "</p>\n"); // not twice
    return html(html_page(title, concat("<h1>", title, "</h1>\n", message, list_of_faults(e), list_of_members(e))))
        .add(html_page_policy);
}

json as_json(fault const &f) {
    json_object members;
    if (f.in.empty()) {
        members.set("pointer", f.pointer);
    } else {
        members.set("parameter", f.parameter);
        members.set("in", f.in);
    }
    members.set("detail", f.detail);
    if (!f.expected.empty()) members.set("expected", f.expected);
    if (!f.got.empty()) members.set("got", f.got);
    return members;
}

// Adds what the error has besides its message and its status code.
void add_members(json_object &to, http_error const &e) {
    if (!e.faults().empty()) {
        json_array list;
        for (auto const &f : e.faults()) list.push_back(as_json(f));
        to.set("errors", list);
    }
    if (e.members() != nullptr)
        for (auto const &[name, value] : *e.members()) to.set(name, value);
}

// Most errors have only these two members: they are written as jsonify would, in a third of the instructions.
response short_error_json(http_error const &e) {
    constexpr std::string_view around = "{\"message\":\"\",\"status\":500}\n";
    std::string_view const message = e.what();
    std::string body;
    body.reserve(message.size() + around.size());
    body += R"({"message":)";
    append_json_string(body, message);
    body += R"(,"status":)";
    append_integer(body, std::uint64_t{e.status()});
    body += "}\n";
    return {"application/json", std::move(body)};
}

response error_json(request const &rq, http_error const &e) {
    if (e.faults().empty() && e.members() == nullptr && !rq.debug()) return short_error_json(e);
    json_object members;
    add_members(members, e);
    members.set("message", e.what());
    members.set("status", e.status());
    return jsonify(rq, members); // indented in debug mode
}

json problem_object(http_error const &e) {
    json_object members;
    members.set("type", "about:blank");
    members.set("title", reason_phrase(e.status()));
    add_members(members, e); // may have a type and a title of its own
    members.set("status", e.status());
    members.set("detail", e.what());
    return members;
}

response problem(request const &rq, http_error const &e) {
    auto rs = jsonify(rq, problem_object(e));
    rs.set("Content-Type", problem_type);
    return rs;
}

// `as_json` makes the JSON, if that is what the client prefers.
template <class F>
response in_wanted_type(request const &rq, http_error const &e, F as_json) {
    auto const type = negotiate(rq, json_type, html_type);
    auto rs = type == html_type ? error_page(e) : type == problem_type ? problem(rq, e) : as_json();
    rs.status(e.status()).add("Vary: Accept").add_fields_of(e);
    return rs;
}

} // namespace

response render_error(request const &rq, http_error const &e) {
    return in_wanted_type(rq, e, [&] { return error_json(rq, e); });
}

response render_error(request const &rq, http_error const &e, json const &as_json) {
    return in_wanted_type(rq, e, [&] { return jsonify(rq, as_json); });
}

response render_exception(request const &rq, std::exception_ptr const &thrown) {
    auto const description = describe(thrown);
    if (negotiate(rq, html_type, json_type) == html_type)
        return html({})
            .stream(late_debug_page(rq, description, stack_of(thrown)))
            .status(500)
            .add("Vary: Accept")
            .add(html_page_policy);
    return render_error(rq, http_error(500, description));
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
