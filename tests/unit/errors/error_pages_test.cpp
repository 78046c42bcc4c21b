// What errors look like: negotiation, escaping, and how much is told.
#include "phial/backtrace/stack_trace.hpp"
#include "phial/errors/error_pages.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>

using namespace phial;
using namespace phial::testing;

namespace {

constexpr std::string_view json_type = "application/json";
constexpr std::string_view html_type = "text/html; charset=utf-8";
constexpr std::string_view problem_type = "application/problem+json";

fake_request accepting(std::string const &accept) { return fake_request("GET", "/", {{"Accept", accept}}); }

service_context debug_mode() {
    service_context context;
    context.debug = true;
    return context;
}

// A page of debug mode is a stream.
std::string content_of(response const &rs) {
    if (auto *const stream = rs.stream()) return run(read_all(*stream, SIZE_MAX, nullptr)).str();
    return rs.body();
}

bool holds(response const &rs, std::string_view part) { return content_of(rs).find(part) != std::string::npos; }

std::exception_ptr boom() { return std::make_exception_ptr(std::runtime_error("<boom> & \"quotes\"")); }

struct own_exception {};

} // namespace

BOOST_AUTO_TEST_SUITE(error_pages)

BOOST_AUTO_TEST_CASE(errors_are_json_unless_something_else_is_preferred) {
    struct {
        char const *accept;
        std::string_view type;
    } const cases[] = {
        {"", json_type},
        {"*/*", json_type},
        {"application/json", json_type},
        {"application/*", json_type},
        {"image/png", json_type},
        {"text/html", html_type},
        {"text/*", html_type},
        {"TEXT/HTML", html_type},
        {"text/html, application/json", json_type},
        {"text/html;q=0.9, application/json;q=0.9", json_type},
        {"text/html;q=0.8, application/json;q=0.9", json_type},
        {"text/html;q=0.9, application/json;q=0.8", html_type},
        {"text/html, */*;q=0.8", html_type},
        {"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", html_type}, // a browser
        {"application/json;q=0, */*", html_type},
        {"text/html;q=0, */*", json_type},
        {"application/problem+json", problem_type},
        {"application/json, application/problem+json", problem_type},
        {"application/json;q=0.5, application/problem+json", problem_type},
        {"application/json, application/problem+json;q=0.5", json_type},
        {"text/html;q=0.5, application/problem+json", problem_type},
        {"text/html, application/problem+json;q=0.5", html_type},
        {"application/problem+json;q=0", json_type},
        {"application/problem+json;q=0, text/html", html_type},
        {"nonsense", json_type},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.accept) {
            auto rq = accepting(c.accept);
            auto const rs = render_error(rq, http_error(404));
            BOOST_TEST(rs.status() == 404U);
            BOOST_TEST(rs.get("Content-Type") == c.type);
            BOOST_TEST(rs.get("Vary") == "Accept");
        }
    }
    fake_request without_accept("GET", "/");
    BOOST_TEST(render_error(without_accept, http_error(404)).get("Content-Type") == json_type);
}

BOOST_AUTO_TEST_CASE(each_form_says_status_and_message) {
    http_error const e(404, "Not Found: http://h/<x>");
    auto plain = accepting("*/*");
    auto page = accepting("text/html");
    auto problem = accepting("application/problem+json");
    BOOST_TEST(render_error(plain, e).body() == "{\"message\":\"Not Found: http://h/<x>\",\"status\":404}\n");
    BOOST_TEST(render_error(problem, e).body() == "{\"detail\":\"Not Found: http://h/<x>\",\"status\":404,"
                                                  "\"title\":\"Not Found\",\"type\":\"about:blank\"}\n");
    auto const rs = render_error(page, e);
    BOOST_TEST(holds(rs, "404"));
    BOOST_TEST(holds(rs, "Not Found: http://h/&lt;x&gt;"));
    BOOST_TEST(!holds(rs, "<x>"));
}

BOOST_AUTO_TEST_CASE(json_is_as_jsonify_writes_it) {
    for (std::string_view const message :
         {"", "\"\\\x1B\n", "caf\u00E9", "\xFF", "a very long message, longer than usual"}) {
        auto rq = accepting("*/*");
        http_error const e(404, std::string(message));
        BOOST_TEST(render_error(rq, e).body() == jsonify(rq, {{"message", e.what()}, {"status", e.status()}}).body());
    }
}

BOOST_AUTO_TEST_CASE(pages_escape_the_message) {
    auto rq = accepting("text/html");
    auto const rs = render_error(rq, http_error(400, "</p><script>\"'&\x1B"));
    BOOST_TEST(holds(rs, "&lt;/p&gt;&lt;script&gt;&quot;&#39;&amp;\uFFFD"));
    BOOST_TEST(!holds(rs, "<script>"));
}

BOOST_AUTO_TEST_CASE(a_page_does_not_say_the_same_twice) {
    auto rq = accepting("text/html");
    BOOST_TEST(holds(render_error(rq, http_error(500)), "<h1>500 Internal Server Error</h1>\n</body>"));
    BOOST_TEST(holds(render_error(rq, http_error(500, "more")), "<h1>500 Internal Server Error</h1>\n<p>more</p>"));
}

BOOST_AUTO_TEST_CASE(each_form_lists_the_faults) {
    http_error const e(422, "3 faults",
                       {{.pointer = "/a<b", .detail = "is missing"},
                        {.detail = "is \"odd\"", .expected = "even", .got = "<1>"},
                        {.parameter = "limit", .in = "query", .detail = "is there twice"}});
    std::string const list = R"("errors":[{"detail":"is missing","pointer":"/a<b"},)"
                             R"({"detail":"is \"odd\"","expected":"even","got":"<1>","pointer":""},)"
                             R"({"detail":"is there twice","in":"query","parameter":"limit"}],)";
    struct {
        char const *accept;
        std::string part;
    } const cases[] = {
        {"*/*", "{" + list + R"("message":"3 faults","status":422})"},
        {"application/problem+json", R"({"detail":"3 faults",)" + list + R"("status":422,"title":)"},
        {"text/html", "<p>3 faults</p>\n<ul>\n<li><code>/a&lt;b</code>: is missing</li>\n"
                      "<li>is &quot;odd&quot; (got &lt;1&gt;)</li>\n"
                      "<li><code>query limit</code>: is there twice</li>\n</ul>\n"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.accept) {
            auto rq = accepting(c.accept);
            BOOST_TEST(holds(render_error(rq, e), c.part));
        }
    }
}

BOOST_AUTO_TEST_CASE(members_that_were_added_are_in_each_form) {
    auto const e = http_error(403, "Not enough.")
                       .with("type", "https://example.com/credit")
                       .with("accounts", json_array())
                       .with("title", "No <credit>");
    struct {
        char const *accept;
        std::string_view body;
    } const cases[] = {
        {"*/*", R"({"accounts":[],"message":"Not enough.","status":403,"title":"No <credit>",)"
                R"("type":"https://example.com/credit"})"},
        {"application/problem+json", R"({"accounts":[],"detail":"Not enough.","status":403,"title":"No <credit>",)"
                                     R"("type":"https://example.com/credit"})"},
        {"text/html", "<dt>title</dt>\n<dd><pre>&quot;No &lt;credit&gt;&quot;</pre></dd>\n"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.accept) {
            auto rq = accepting(c.accept);
            BOOST_TEST(holds(render_error(rq, e), c.body));
        }
    }
}

BOOST_AUTO_TEST_CASE(the_json_may_be_another) {
    json const own{{"message", "Authenticate."}};
    auto plain = accepting("*/*");
    auto page = accepting("text/html");
    auto problem = accepting("application/problem+json");
    BOOST_TEST(render_error(plain, http_error(401), own).body() == "{\"message\":\"Authenticate.\"}\n");
    BOOST_TEST(render_error(plain, http_error(401), own).status() == 401U);
    BOOST_TEST(render_error(page, http_error(401), own).get("Content-Type") == html_type);
    BOOST_TEST(render_error(problem, http_error(401), own).get("Content-Type") == problem_type);
}

BOOST_AUTO_TEST_CASE(header_lines_of_the_error_are_kept_in_every_form) {
    auto const e = http_error(401).add("WWW-Authenticate", "Basic").add("WWW-Authenticate", "Bearer");
    for (auto const *accept : {"*/*", "text/html", "application/problem+json"}) {
        BOOST_TEST_CONTEXT(accept) {
            auto rq = accepting(accept);
            auto const rs = render_error(rq, e);
            auto const lines = rs.field_lines();
            BOOST_TEST(lines.find("WWW-Authenticate: Basic\r\nWWW-Authenticate: Bearer\r\n") != std::string::npos);
        }
    }
}

BOOST_AUTO_TEST_CASE(json_is_indented_in_debug_mode) {
    fake_request rq("GET", "/", {}, "", debug_mode());
    BOOST_TEST(render_error(rq, http_error(404, "x")).body() == "{\n  \"message\": \"x\",\n  \"status\": 404\n}\n");
}

BOOST_AUTO_TEST_CASE(an_exception_is_a_page_unless_json_is_preferred) {
    struct {
        char const *accept;
        std::string_view type;
    } const cases[] = {
        {"", html_type},
        {"*/*", html_type},
        {"text/html", html_type},
        {"text/html, application/json", html_type},
        {"application/json;q=0.9, text/html;q=0.8", json_type},
        {"application/json", json_type},
        {"application/problem+json", problem_type},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.accept) {
            fake_request rq("GET", "/", {{"Accept", c.accept}}, "", debug_mode());
            auto const rs = render_exception(rq, boom());
            BOOST_TEST(rs.status() == 500U);
            BOOST_TEST(rs.get("Content-Type") == c.type);
            BOOST_TEST(rs.get("Vary") == "Accept");
            if (c.type == html_type)
                BOOST_TEST(holds(rs, "std::runtime_error: &lt;boom&gt; &amp; &quot;quotes&quot;"));
            else
                BOOST_TEST(holds(rs, R"("std::runtime_error: <boom> & \"quotes\"")"));
        }
    }
}

BOOST_AUTO_TEST_CASE(the_page_of_an_exception_has_the_stack_of_its_throw_if_that_was_captured) {
    fake_request rq("GET", "/", {{"Accept", "text/html"}}, "", debug_mode());
    auto const throw_own = [] {
        try {
            throw own_exception();
        } catch (...) {
            return std::current_exception();
        }
    };
    BOOST_TEST(holds(render_exception(rq, throw_own()), "The stack of the throw is not known."));
    stack_capture const on(true);
    BOOST_TEST(holds(render_exception(rq, throw_own()), "Thrown at"));
    BOOST_TEST(holds(render_exception(rq, throw_own()), "the_page_of_an_exception_has_the_stack"));
    BOOST_TEST(holds(render_exception(rq, boom()), "The stack of the throw is not known."));
}

BOOST_AUTO_TEST_CASE(the_json_of_an_exception_has_no_stack) {
    stack_capture const on(true);
    for (auto const *accept : {"application/json", "application/problem+json"}) {
        BOOST_TEST_CONTEXT(accept) {
            fake_request rq("GET", "/", {{"Accept", accept}}, "", debug_mode());
            try {
                throw own_exception();
            } catch (...) {
                auto const rs = render_exception(rq, std::current_exception());
                BOOST_TEST(holds(rs, "own_exception"));
                BOOST_TEST(!holds(rs, "0x"));
                BOOST_TEST(!holds(rs, "errors_tests"));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(an_exception_is_described_by_its_type_and_what_it_says) {
    BOOST_TEST(describe(std::make_exception_ptr(std::runtime_error("boom"))) == "std::runtime_error: boom");
    BOOST_TEST(describe(std::make_exception_ptr(http_error(404, "x"))) == "phial::http_error: x");
    BOOST_TEST(describe(std::make_exception_ptr(42)) == "int");
    BOOST_TEST(describe(std::make_exception_ptr(own_exception())).ends_with("own_exception"));
}

BOOST_AUTO_TEST_SUITE_END()
