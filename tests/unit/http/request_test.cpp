// What a request says of itself, and its body as text, JSON, form and parts.
#include "phial/http/http_error.hpp"
#include "phial/http/request.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <string_view>

using namespace phial;
using namespace phial::testing;

namespace {

fake_request::headers typed(std::string const &content_type) { return {{"Content-Type", content_type}}; }

service_context in_memory(std::uint64_t bytes) {
    service_context context;
    context.limits.body_in_memory = bytes;
    return context;
}

// The status `read` is refused with, 0 when it is not.
template <class Read>
unsigned refused(Read const &read) {
    try {
        read();
        return 0;
    } catch (http_error const &e) {
        return e.status();
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(requests)

BOOST_AUTO_TEST_CASE(head_is_acted_on_as_get) {
    struct {
        char const *sent, *acted_on;
    } const cases[] = {
        {"GET", "GET"},     {"HEAD", "GET"},      {"POST", "POST"},       {"PUT", "PUT"},
        {"PATCH", "PATCH"}, {"DELETE", "DELETE"}, {"OPTIONS", "OPTIONS"}, {"TRACE", "TRACE"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.sent) {
            fake_request rq(c.sent, "/");
            BOOST_TEST(rq->method() == c.acted_on);
            BOOST_TEST(to_string(rq->effective_method()) == c.acted_on);
            BOOST_TEST(to_string(rq->head().method) == c.sent);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_path_is_decoded_once_and_the_query_is_not) {
    struct {
        char const *target, *path, *query;
    } const cases[] = {
        {"/", "/", ""},
        {"/a/b", "/a/b", ""},
        {"/a?b=c", "/a", "b=c"},
        {"/a?b=%20?c", "/a", "b=%20?c"},
        {"/a%20b%2Fc", "/a b/c", ""},
        {"/%2525", "/%25", ""},
        {"/%3Fx?y", "/?x", "y"},
        {"/a+b", "/a+b", ""},
        {"/%C3%A9/\xC3\xA9", "/é/é", ""},
        {"/%FF\xFE", "/\uFFFD\uFFFD", ""},
        {"/%zz%4", "/%zz%4", ""},
        {"/a/../b/./c", "/a/../b/./c", ""},
        {"//a//b", "//a//b", ""},
        {"http://example.com/a%20b?q", "/a b", "q"},
        {"http://example.com?q", "/", "q"},
        {"*", "*", ""},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.target) {
            fake_request rq("GET", c.target);
            BOOST_TEST(rq->path() == c.path);
            BOOST_TEST(rq->query() == c.query);
            BOOST_TEST(rq->head().target == c.target);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_first_argument_of_a_name_counts) {
    fake_request rq("GET", "/?a=1&a=2&b&c=&d=x+y%20z%26&%65=%C3%A9&A=big&&=empty&f=1;g=2&h=i=j");
    struct {
        char const *name;
        std::optional<std::string> value;
    } const cases[] = {
        {"a", "1"},    {"b", ""},      {"c", ""},    {"d", "x y z&"},     {"e", "é"},          {"A", "big"},
        {"", "empty"}, {"f", "1;g=2"}, {"h", "i=j"}, {"g", std::nullopt}, {"B", std::nullopt}, {"x", std::nullopt},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.name) { BOOST_TEST((rq->arg(c.name) == c.value)); }
    }
    form_fields const all{{"a", "1"}, {"a", "2"},   {"b", ""},     {"c", ""},      {"d", "x y z&"},
                          {"e", "é"}, {"A", "big"}, {"", "empty"}, {"f", "1;g=2"}, {"h", "i=j"}};
    BOOST_TEST((rq->args() == all));
    BOOST_TEST(fake_request("GET", "/")->args().empty());
    BOOST_TEST(fake_request("GET", "/?")->args().empty());
}

BOOST_AUTO_TEST_CASE(an_argument_is_read_as_a_type_within_bounds) {
    fake_request rq("GET", "/?n=7&big=3000000000&d=-2.5&flag=true&s=a+b&empty=&n=x");
    BOOST_TEST(rq->arg<int>("n", 1) == 7);
    BOOST_TEST(rq->arg<int>("n", 1, between(7, 7)) == 7);
    BOOST_TEST(rq->arg<int>("none", 10, between(1, 5)) == 10); // the handler's own
    BOOST_TEST(rq->arg<std::int64_t>("big", 0) == 3000000000);
    BOOST_TEST(rq->arg<double>("d", 0) == -2.5);
    BOOST_TEST(rq->arg<double>("n", 0, between(0, 8)) == 7);
    BOOST_TEST(rq->arg<bool>("flag", false));
    BOOST_TEST(!rq->arg<bool>("none", false));
    BOOST_TEST(rq->arg<std::string>("s", "x") == "a b");
    BOOST_TEST(rq->arg<std::string>("none", "x") == "x");
}

BOOST_AUTO_TEST_CASE(an_argument_that_does_not_fit_is_a_fault_of_the_query) {
    fake_request rq("GET", "/?n=7&big=3000000000&d=nan&flag=1&empty=&space=+7&plus=%2B7&inf=1e999&dash=-");
    auto const expected_of = [](auto read) {
        try {
            (void)read();
        } catch (http_error const &e) {
            BOOST_TEST(e.status() == 422U);
            BOOST_REQUIRE(e.faults().size() == 1U);
            BOOST_TEST(e.faults()[0].in == "query");
            return e.faults()[0].parameter + ": " + e.faults()[0].expected + ", got " + e.faults()[0].got;
        }
        return std::string("nothing");
    };
    BOOST_TEST(expected_of([&] { return rq->arg<int>("n", 1, between(8, 9)); }) ==
               "n: an integer from 8 to 9, got \"7\"");
    BOOST_TEST(expected_of([&] { return rq->arg<int>("big", 1); }) ==
               "big: an integer from -2147483648 to 2147483647, got \"3000000000\"");
    BOOST_TEST(expected_of([&] { return rq->arg<std::int64_t>("empty", 1); }) == "empty: an integer, got \"\"");
    for (auto const *wrong : {"space", "plus", "dash", "flag"}) BOOST_TEST_CONTEXT(wrong)
    BOOST_TEST(expected_of([&] { return rq->arg<int>(wrong, 1, between(2, 9)); }) != "nothing");
    for (auto const *wrong : {"d", "inf", "empty"})
        BOOST_TEST_CONTEXT(wrong) BOOST_TEST(expected_of([&] { return rq->arg<double>(wrong, 1); }) != "nothing");
    BOOST_TEST(expected_of([&] { return rq->arg<bool>("flag", false); }) == "flag: true or false, got \"1\"");
}

BOOST_AUTO_TEST_CASE(headers_are_found_without_case) {
    fake_request rq("GET", "/", {{"X-One", "1"}, {"x-one", "2"}, {"X-Empty", ""}});
    BOOST_TEST((rq->header("x-ONE") == std::string_view("1")));
    BOOST_TEST((rq->header("X-Empty") == std::string_view("")));
    BOOST_TEST(!rq->header("X-On"));
    BOOST_TEST(rq->headers().count("X-One") == 2U);
    BOOST_TEST(rq->headers().joined("X-One") == "1, 2");
}

BOOST_AUTO_TEST_CASE(the_url_is_scheme_host_path_and_query_as_sent) {
    struct {
        char const *target, *host_line, *host, *url;
    } const cases[] = {
        {"/", "example.com", "example.com", "http://example.com/"},
        {"/", "127.0.0.1:5000", "127.0.0.1:5000", "http://127.0.0.1:5000/"},
        {"/x", "example.com:80", "example.com:80", "http://example.com/x"},
        {"/x", "example.com:", "example.com:", "http://example.com/x"},
        {"/x", "example.com:8080", "example.com:8080", "http://example.com:8080/x"},
        {"/x", "[::1]:80", "[::1]:80", "http://[::1]/x"},
        {"/x", "[::80]", "[::80]", "http://[::80]/x"},
        {"/a%20b?c=%20d", "h", "h", "http://h/a%20b?c=%20d"},
        {"/a?", "h", "h", "http://h/a"},
        {"/a??", "h", "h", "http://h/a??"},
        {"http://other.example/x", "h", "other.example", "http://other.example/x"},
        {"http://other.example:80/x?y", "h", "other.example:80", "http://other.example/x?y"},
        {"HTTP://other.example?y", "h", "other.example", "http://other.example/?y"},
        {"http://other.example", "h", "other.example", "http://other.example/"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.target << " of " << c.host_line) {
            fake_request rq("GET", c.target, {{"Host", c.host_line}, {"X-Forwarded-Host", "evil"}});
            BOOST_TEST(rq->host() == c.host);
            BOOST_TEST(rq->url() == c.url);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_request_that_names_no_host_is_for_the_servers_own) {
    service_context context;
    context.host = "server:5000";
    body_in_pieces body({});
    request_head head;
    head.target = "/x";
    head.minor_version = 0;
    request const rq(head, body, context);
    BOOST_TEST(rq.host() == "server:5000");
    BOOST_TEST(rq.url() == "http://server:5000/x");
}

BOOST_AUTO_TEST_CASE(the_content_type_is_none_unless_there_is_exactly_one) {
    fake_request one("POST", "/", typed("Text/Plain; charset=x"));
    BOOST_TEST(one->content_type().is("text/plain"));
    struct {
        char const *what;
        fake_request::headers lines;
    } const cases[] = {
        {"absent", {}},
        {"empty", typed("")},
        {"two lines", {{"Content-Type", "text/plain"}, {"content-type", "text/plain"}}},
        {"two in a line", typed("text/plain, text/plain")},
        {"no subtype", typed("text")},
        {"no type", typed("/plain")},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.what) {
            fake_request rq("POST", "/", c.lines);
            BOOST_TEST(rq->content_type().type.empty());
            BOOST_TEST(rq->content_type().subtype.empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(accept_lines_are_one_list) {
    fake_request rq("GET", "/", {{"Accept", "text/plain;q=0.5"}, {"Accept", "application/json"}});
    BOOST_TEST(rq->prefers({"text/plain", "application/json"}) == "application/json");
    BOOST_TEST(fake_request("GET", "/")->prefers({"text/plain", "application/json"}) == "text/plain");
}

BOOST_AUTO_TEST_CASE(text_is_utf8_or_refused) {
    struct {
        char const *type, *body;
        unsigned status;
    } const cases[] = {
        {"text/plain", "hello", 0},
        {"text/plain", "", 0},
        {"text/plain", "h\xC3\xA9", 0},
        {"text/plain; charset=utf-8", "\xC3\xA9", 0},
        {"text/plain; charset=\"UTF-8\"", "\xC3\xA9", 0},
        {"text/plain; Charset=US-ASCII", "x", 0},
        {"text/plain; charset=utf8", "\xC3\xA9", 0},
        {"text/plain; charset=UTF8", "x", 0},
        {"text/plain; charset=\" unicode-1-1-utf-8\"", "x", 0},
        {"text/plain; charset=ascii", "x", 0},
        {"text/plain; charset=ansi_x3.4-1968", "x", 0},
        {"text/plain; charset=ascii", "\xC3\xA9", 0},
        {"text/plain; charset=ascii", "\xE9", 400},
        {"text/plain", "\xE9", 400},
        {"text/plain; charset=utf-8", "\xC3", 400},
        {"text/plain; charset=iso-8859-1", "\xE9", 415},
        {"text/plain; charset=utf-16", "x", 415},
        {"text/plain; charset=utf8x", "x", 415},
        {"text/plain; charset=latin1", "x", 415},
        {"text/plain; charset=", "x", 415},
        {"text/plain; charset=\"\"", "x", 415},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.type << ": " << c.body) {
            fake_request rq("POST", "/", typed(c.type), c.body);
            std::string got = "refused";
            BOOST_TEST(refused([&] { got = run(rq->text()).str(); }) == c.status);
            BOOST_TEST(got == (c.status == 0 ? c.body : "refused"));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_body_in_pieces_is_put_together) {
    fake_request rq("POST", "/", {}, cut("h\xC3\xA9llo", 1));
    BOOST_TEST(run(rq->text()).view() == "héllo");
    fake_request bytes("POST", "/", {}, std::vector<std::string>{"a\xFF", "\xC3", "b"});
    BOOST_TEST(run(bytes->data()).view() == "a\xFF\xC3"
                                            "b");
}

BOOST_AUTO_TEST_CASE(json_is_read_whatever_the_content_type_says) {
    fake_request rq("POST", "/", typed("text/plain"), R"({"b":1,"a":2})");
    BOOST_TEST(run(rq->json()).text() == R"({"a":2,"b":1})");
    for (auto const *bad : {"", "{", "\xFF", "NaN"}) {
        BOOST_TEST_CONTEXT(bad) {
            fake_request refusable("POST", "/", typed("application/json"), bad);
            BOOST_TEST(refused([&] { (void)run(refusable->json()); }) == 400U);
        }
    }
}

BOOST_AUTO_TEST_CASE(forms_are_decoded) {
    fake_request rq("POST", "/", typed("application/x-www-form-urlencoded"), "a=1+2&b=%C3%A9&b&a=%FF");
    form_fields const expected{{"a", "1 2"}, {"b", "é"}, {"b", ""}, {"a", "\uFFFD"}};
    BOOST_TEST((run(rq->form()) == expected));
}

BOOST_AUTO_TEST_CASE(forms_are_decoded_by_their_charset) {
    form_fields const expected{{"a", "café"}};
    for (auto const *type : {"; charset=iso-8859-1", "; charset=ISO-8859-1", ";charset=\"cp1252\""}) {
        fake_request rq("POST", "/", typed(std::string("application/x-www-form-urlencoded") + type), "a=caf%E9");
        BOOST_TEST((run(rq->form()) == expected));
    }
    fake_request utf8("POST", "/", typed("application/x-www-form-urlencoded; charset=UTF-8"), "a=caf%C3%A9");
    BOOST_TEST((run(utf8->form()) == expected));
    fake_request other("POST", "/", typed("application/x-www-form-urlencoded; charset=utf-16"), "a=x");
    BOOST_TEST(refused([&] { (void)run(other->form()); }) == 415U);
}

BOOST_AUTO_TEST_CASE(what_is_held_in_memory_is_limited) {
    std::string const body = R"("345678")"; // 8 bytes
    for (bool const fits : {true, false}) {
        auto const expected = fits ? 0U : 413U;
        auto const context = in_memory(fits ? 8 : 7);
        BOOST_TEST_CONTEXT((fits ? "fits" : "does not fit")) {
            fake_request data("POST", "/", {}, body, context);
            fake_request text("POST", "/", {}, body, context);
            fake_request value("POST", "/", {}, body, context);
            fake_request form("POST", "/", {}, body, context);
            BOOST_TEST(refused([&] { (void)run(data->data()); }) == expected);
            BOOST_TEST(refused([&] { (void)run(text->text()); }) == expected);
            BOOST_TEST(refused([&] { (void)run(value->json()); }) == expected);
            BOOST_TEST(refused([&] { (void)run(form->form()); }) == expected);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_body_as_a_stream_is_not_limited) {
    fake_request rq("POST", "/", {}, "more than four", in_memory(4));
    auto const bytes = run(rq->body().next());
    BOOST_TEST((bytes == std::string_view("more than four")));
    BOOST_TEST(!run(rq->body().next()));
}

BOOST_AUTO_TEST_CASE(parts_need_a_boundary) {
    for (auto const *type :
         {"multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"",
          "multipart/form-data; charset=utf-8", "multipart/form-data; boundary=b@c", "boundary=b"}) {
        BOOST_TEST_CONTEXT(type) {
            fake_request rq("POST", "/", typed(type), "--b--");
            BOOST_TEST(refused([&] { (void)rq->parts(); }) == 400U);
        }
    }
    fake_request twice(
        "POST", "/",
        {{"Content-Type", "multipart/form-data; boundary=b"}, {"Content-Type", "multipart/form-data; boundary=b"}});
    BOOST_TEST(refused([&] { (void)twice->parts(); }) == 400U);
}

BOOST_AUTO_TEST_CASE(parts_are_read_with_the_boundary_of_the_content_type) {
    fake_request rq("POST", "/", typed("multipart/form-data; Boundary=\"b c\""),
                    "--b c\r\nContent-Disposition: form-data; name=n\r\n\r\nhello\r\n--b c--");
    auto parts = rq->parts();
    auto const *part = run(parts.next());
    BOOST_TEST_REQUIRE(part != nullptr);
    BOOST_TEST(part->name == "n");
    BOOST_TEST(run(parts.text()).view() == "hello");
    BOOST_TEST(run(parts.next()) == nullptr);
}

BOOST_AUTO_TEST_CASE(part_texts_share_the_limit_of_what_is_in_memory) {
    fake_request rq("POST", "/", typed("multipart/form-data; boundary=b"),
                    "--b\r\nContent-Disposition: form-data; name=n\r\n\r\nhello\r\n--b--", in_memory(4));
    auto parts = rq->parts();
    BOOST_TEST_REQUIRE(run(parts.next()) != nullptr);
    BOOST_TEST(refused([&] { (void)run(parts.text()); }) == 413U);
}

BOOST_AUTO_TEST_CASE(the_next_request_takes_an_account_that_nobody_uses_any_more) {
    auto const after = [](auto use) {
        fake_request rq("POST", "/", {}, "hello");
        use(rq.get());
        return rq->take_memory();
    };
    auto const account = after([](request &rq) { (void)run(rq.text()); });
    BOOST_TEST_REQUIRE(account != nullptr);
    BOOST_TEST(account->held() == 0U);
    BOOST_TEST(after([](request &rq) { rq.kept_memory().grow(10); }) != nullptr);

    std::optional<held_text> text;
    BOOST_TEST(after([&](request &rq) { text = run(rq.text()); }) == nullptr);
    BOOST_TEST(after([](request &rq) { rq.memory()->take(1); }) == nullptr);

    fake_request next("POST", "/", {}, "hello");
    BOOST_TEST(!next->has_memory());
    next->use_memory(account);
    BOOST_TEST(next->memory() == account);
}

BOOST_AUTO_TEST_CASE(debug_is_the_servers) {
    service_context context;
    context.debug = true;
    BOOST_TEST(fake_request("GET", "/", {}, "", context)->debug());
    BOOST_TEST(!fake_request("GET", "/")->debug());
}

BOOST_AUTO_TEST_SUITE_END()
