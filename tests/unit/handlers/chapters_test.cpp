// Every route of the tutorial's API, called through the whole app.
#include "app/app.hpp"
#include "phial/runtime/worker_pool.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace phial;
using namespace phial::testing;

namespace {

using headers = fake_request::headers;

struct fixture {
    temporary_folder folder;
    memory_log records;
    logger log{records};
    worker_pool pool{2};
    file_store uploads{pool, folder.path()};
    single_user known{"admin", "secret"};
    phial::app app = make_app(known, uploads, log);

    response get(std::string target, headers lines = {}, service_context context = {}) {
        fake_request rq("GET", std::move(target), std::move(lines), {}, std::move(context));
        return call(app, rq);
    }
    response post(std::string target, std::string type, std::string body, headers lines = {},
                  service_context context = {}) {
        lines.emplace_back("Content-Type", std::move(type));
        fake_request rq("POST", std::move(target), std::move(lines), std::move(body), std::move(context));
        return call(app, rq);
    }

    std::vector<std::string> uploaded() {
        pool.wait_until_idle();
        return folder.names();
    }
};

service_context debugging() {
    service_context context;
    context.debug = true;
    return context;
}

constexpr std::string_view plain = "text/plain; charset=utf-8";
constexpr std::string_view accepted = "{\"hello\": \"world\", \"number\": 3}";

} // namespace

BOOST_FIXTURE_TEST_SUITE(chapters, fixture)

BOOST_AUTO_TEST_CASE(routing_reads_articles) {
    struct {
        std::string target, body;
    } const cases[] = {
        {"/", "Welcome"},
        {"/articles", "List of /articles"},
        {"/articles/123", "You are reading 123"},
        {"/articles/a%20b%C3%A9", "You are reading a b\u00E9"},
        {"/articles/int", "You are reading int"},
        {"/articles/int/0042", "You are reading 42"},
        {"/articles/int/9223372036854775807", "You are reading 9223372036854775807"},
        {"/articles/float/1.0", "You are reading 1.0"},
        {"/articles/float/07.50", "You are reading 7.5"},
        {"/articles/float/0.00001", "You are reading 1e-05"},
        {"/articles/float/10000000000000000.0", "You are reading 1e+16"},
        {"/articles/path/a", "You are reading a"},
        {"/articles/path/a/b//c/", "You are reading a/b//c/"},
        {"/articles/path/a%2Fb", "You are reading a/b"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.target) {
            auto const rs = get(c.target);
            BOOST_TEST(rs.status() == 200U);
            BOOST_TEST(rs.body() == c.body);
            BOOST_TEST(rs.get("Content-Type") == plain);
        }
    }
    for (std::string const target :
         {"/articles/", "/articles/a/b", "/articles/int/x", "/articles/int/-1", "/articles/int/9223372036854775808",
          "/articles/float/1", "/articles/float/-1.0", "/articles/path/", "/Articles", "/articles/a%2Fb"})
        BOOST_TEST_CONTEXT(target) BOOST_TEST(get(target).status() == 404U);
}

BOOST_AUTO_TEST_CASE(hello_greets_by_name) {
    struct {
        std::string target, body;
    } const cases[] = {
        {"/hello", "Hello John Doe"},
        {"/hello?name=Luis", "Hello Luis"},
        {"/hello?name=a&name=b", "Hello a"},
        {"/hello?name=a+b%20c%2Bd", "Hello a b c+d"},
        {"/hello?name=", "Hello "},
        {"/hello?name", "Hello "},
        {"/hello?Name=x", "Hello John Doe"},
        {"/hello?name=a;b", "Hello a;b"},
        {"/hello?name=%3Cscript%3E", "Hello <script>"},
        {"/hello?x=1&name=%C3%A9%FF", "Hello \u00E9\uFFFD"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.target) {
            auto const rs = get(c.target);
            BOOST_TEST(rs.status() == 200U);
            BOOST_TEST(rs.body() == c.body);
            BOOST_TEST(rs.get("Content-Type") == plain);
            BOOST_TEST(rs.get("Vary") == "Accept");
            BOOST_TEST(rs.get("Link") == "");
        }
    }
}

BOOST_AUTO_TEST_CASE(hello_is_json_when_accept_prefers_it) {
    constexpr std::string_view json = "application/json";
    constexpr std::string_view custom = "application/vnd.example.v2+json";
    struct {
        std::string accept;
        std::string_view type;
    } const cases[] = {
        {"application/json", json},
        {"APPLICATION/JSON", json},
        {"application/json, text/plain;q=0.9", json},
        {"application/json;q=0.5, text/plain;q=0.4", json},
        {"application/vnd.example.v2+json", custom},
        {"application/json;q=0.5, application/vnd.example.v2+json", custom},
        {"text/plain", plain},
        {"text/plain, application/json", plain},
        {"application/json;q=0.5, text/plain;q=0.5", plain},
        {"*/*", plain},
        {"application/json, */*", plain},
        {"image/png", plain},
        {"", plain},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.accept) {
            auto const rs = get("/hello", {{"Accept", c.accept}});
            bool const is_text = c.type == plain;
            BOOST_TEST(rs.status() == 200U);
            BOOST_TEST(rs.get("Content-Type") == c.type);
            BOOST_TEST(rs.body() == (is_text ? "Hello John Doe" : accepted));
            BOOST_TEST(rs.get("Link") == (is_text ? "" : "http://luisrei.com"));
            BOOST_TEST(rs.get("Vary") == "Accept");
        }
    }
    BOOST_TEST(get("/hello", {{"Accept", "application/json"}}, debugging()).body() == accepted); // 31 bytes in any mode
}

BOOST_AUTO_TEST_CASE(echo_says_the_method) {
    for (std::string const method : {"GET", "POST", "PATCH", "PUT", "DELETE"}) {
        BOOST_TEST_CONTEXT(method) {
            fake_request rq(method, "/echo");
            auto const rs = call(app, rq);
            BOOST_TEST(rs.status() == 200U);
            BOOST_TEST(rs.body() == "ECHO: " + method + "\n");
            BOOST_TEST(rs.get("Content-Type") == plain);
        }
    }
    fake_request head("HEAD", "/echo");
    BOOST_TEST(call(app, head).body() == "ECHO: GET\n"); // the server leaves the body out
    BOOST_TEST(get("/ECHO").status() == 404U);
}

BOOST_AUTO_TEST_CASE(messages_are_read_by_their_media_type) {
    struct {
        std::string type, body, answer;
    } const cases[] = {
        {"text/plain", "hello", "Text Message: hello"},
        {"TEXT/Plain; Charset=\"UTF-8\"", "\u00E9\r\n", "Text Message: \u00E9\r\n"},
        {"text/plain; charset=us-ascii", "", "Text Message: "},
        {"application/json", R"({"b":[1,2.50],"a":"é"})", R"(JSON Message: {"a": "\u00e9", "b": [1, 2.5]})"},
        {"application/json; charset=utf-8", " 1 ", "JSON Message: 1"},
        {"application/ld+json", "null", "JSON Message: null"},
        {"application/json", R"({"a":1,"a":2})", R"(JSON Message: {"a": 2})"},
        {"application/json", "123456789012345678901234567890", "JSON Message: 123456789012345678901234567890"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.type << " " << c.body) {
            auto const rs = post("/messages", c.type, c.body);
            BOOST_TEST(rs.status() == 200U);
            BOOST_TEST(rs.body() == c.answer);
            BOOST_TEST(rs.get("Content-Type") == plain);
            BOOST_TEST(post("/messages", c.type, c.body, {}, debugging()).body() == c.answer);
        }
    }
    BOOST_TEST(uploaded().empty());
}

BOOST_AUTO_TEST_CASE(messages_that_cannot_be_read_are_refused) {
    struct {
        std::string type, body;
        unsigned status;
    } const cases[] = {
        {"text/plain", "\xFF", 400},           {"application/json", "", 400},
        {"application/json", "{", 400},        {"application/json", "NaN", 400},
        {"application/json", "[1,]", 400},     {"application/json", "1 2", 400},
        {"application/json", "\"\xFF\"", 400}, {"application/json", "\"\\ud800\"", 400},
        {"application/json", "1e400", 400},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.type << " " << c.body) {
            auto const rs = post("/messages", c.type, c.body);
            BOOST_TEST(rs.status() == c.status);
            BOOST_TEST(rs.get("Content-Type") == "application/json");
        }
    }
}

BOOST_AUTO_TEST_CASE(messages_of_other_types_get_the_tutorials_415) {
    headers const cases[] = {
        {},
        {{"Content-Type", ""}},
        {{"Content-Type", "text/html"}},
        {{"Content-Type", "application/xml"}},
        {{"Content-Type", "text/json"}},
        {{"Content-Type", "json"}},
        {{"Content-Type", "multipart/form-data; boundary=x"}},
        {{"Content-Type", "text/plain"}, {"Content-Type", "application/json"}},
    };
    for (auto const &lines : cases) {
        BOOST_TEST_CONTEXT((lines.empty() ? "none" : lines.back().second)) {
            fake_request rq("POST", "/messages", lines, std::string("x"));
            auto const rs = call(app, rq);
            BOOST_TEST(rs.status() == 415U);
            BOOST_TEST(rs.body() == "415 Unsupported Media Type ;)");
            BOOST_TEST(rs.get("Content-Type") == plain);
        }
    }
}

BOOST_AUTO_TEST_CASE(messages_in_another_charset_get_the_reason) {
    for (std::string const label : {"latin1", "iso-8859-1", "utf-16"}) {
        BOOST_TEST_CONTEXT(label) {
            auto const rs = post("/messages", "text/plain; charset=" + label, "x");
            BOOST_TEST(rs.status() == 415U);
            BOOST_TEST(rs.body() ==
                       "415 Unsupported Media Type ;)\nText is accepted in utf-8 and us-ascii only, not in '" + label +
                           "'.");
            BOOST_TEST(rs.get("Content-Type") == plain);
        }
    }
    // What the client says is shown as text, and not without end.
    auto const rs = post("/messages", "text/plain; charset=\"\xFF" + std::string(5000, 'x') + "\"", "x");
    BOOST_TEST(rs.status() == 415U);
    BOOST_TEST(rs.body().size() < 200U);
    BOOST_TEST(rs.body().find("'\uFFFDxxx") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(binary_messages_are_written_to_a_file_whole) {
    std::string large;
    for (int i = 0; large.size() < 1'000'000; ++i) large += std::to_string(i * 7919);
    for (std::string const &content : {std::string("\0\xFF\r\n", 4), large, std::string()}) {
        BOOST_TEST_CONTEXT(content.size() << " bytes") {
            auto const rs = post("/messages", "application/octet-stream", content);
            BOOST_TEST(rs.status() == 200U);
            BOOST_TEST(rs.body() == "Binary message written!");
            BOOST_TEST((read_file(folder.path() / "binary") == content));
        }
    }
    fake_request streamed("POST", "/messages", {{"Content-Type", "application/octet-stream"}}, cut(large, 65'537));
    BOOST_TEST(call(app, streamed).status() == 200U);
    BOOST_TEST((read_file(folder.path() / "binary") == large));
    BOOST_TEST(uploaded() == std::vector<std::string>{"binary"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_upload_folder_that_is_gone_is_a_500_without_its_name) {
    std::filesystem::remove(folder.path());
    auto const rs = post("/messages", "application/octet-stream", "x");
    BOOST_TEST(rs.status() == 500U);
    BOOST_TEST(rs.body().find(folder.path().string()) == std::string::npos);
    BOOST_TEST_REQUIRE(records.records().size() == 1U);
    BOOST_TEST(records.records()[0].second.starts_with("Exception on /messages [POST]"));
}

BOOST_AUTO_TEST_CASE(files_of_a_multipart_form_are_described_in_the_order_sent) {
    std::string const body = "--B\r\n"
                             "Content-Disposition: form-data; name=\"title\"\r\n\r\n"
                             "a \u00E9\xFF\r\n"
                             "--B\r\n"
                             "Content-Disposition: form-data; name=\"f\"; filename=\"../\\\"x\\\".txt\"\r\n"
                             "Content-Type: text/plain; x=y\r\n\r\n"
                             "123456789\r\n"
                             "--B\r\n"
                             "Content-Disposition: form-data; name=\"g\"; filename=\"\"\r\n\r\n"
                             "\r\n"
                             "--B\r\n"
                             "Content-Disposition: form-data; name=\"title\"\r\n\r\n"
                             "\r\n"
                             "--B--\r\n";
    std::string const expected =
        R"({"files":[{"content_type":"text/plain; x=y","crc32":"cbf43926","field":"f","filename":"../\"x\".txt","size":9},)"
        R"({"content_type":"","crc32":"00000000","field":"g","filename":"","size":0}],)"
        R"("form":[{"field":"title","value":"a \u00e9\ufffd"},{"field":"title","value":""}]})"
        "\n";
    auto const rs = post("/files", "multipart/form-data; boundary=B", body);
    BOOST_TEST(rs.status() == 200U);
    BOOST_TEST(rs.body() == expected);
    BOOST_TEST(rs.get("Content-Type") == "application/json");
    for (std::size_t const size : {1U, 7U}) {
        BOOST_TEST_CONTEXT("in pieces of " << size) {
            fake_request rq("POST", "/files", {{"Content-Type", "multipart/form-data; boundary=B"}}, cut(body, size));
            BOOST_TEST(call(app, rq).body() == expected);
        }
    }
    BOOST_TEST(uploaded().empty()); // they are described, not kept
}

BOOST_AUTO_TEST_CASE(urlencoded_forms_have_fields_only) {
    struct {
        std::string body, answer;
    } const cases[] = {
        {"a=1&b=x+y&a=%C3%A9",
         R"({"files":[],"form":[{"field":"a","value":"1"},{"field":"b","value":"x y"},{"field":"a","value":"\u00e9"}]})"},
        {"a", R"({"files":[],"form":[{"field":"a","value":""}]})"},
        {"", R"({"files":[],"form":[]})"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.body) {
            auto const rs = post("/files", "application/x-www-form-urlencoded", c.body);
            BOOST_TEST(rs.status() == 200U);
            BOOST_TEST(rs.body() == c.answer + "\n");
        }
    }
}

BOOST_AUTO_TEST_CASE(uploads_that_cannot_be_read_are_refused) {
    struct {
        std::string type, body;
        unsigned status;
    } const cases[] = {
        {"multipart/form-data", "--B--\r\n", 400},
        {"multipart/form-data; boundary=B", "", 400},
        {"multipart/form-data; boundary=B", "--C--\r\n", 400},
        {"multipart/form-data; boundary=B", "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx", 400},
        {"multipart/form-data; boundary=B", "--B\r\n\r\nx\r\n--B--\r\n", 400},
        {"multipart/form-data; boundary=B", "--B\r\nContent-Disposition: form-data\r\n\r\nx\r\n--B--\r\n", 400},
        {"text/plain", "x", 415},
        {"multipart/mixed; boundary=B", "--B--\r\n", 415},
        {"", "", 415},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.type << " " << c.body) {
            auto const rs = post("/files", c.type, c.body);
            BOOST_TEST(rs.status() == c.status);
            BOOST_TEST(rs.get("Content-Type") == "application/json");
        }
    }
}

BOOST_AUTO_TEST_CASE(users_are_found_by_number_as_text) {
    struct {
        std::string target, body;
    } const cases[] = {
        {"/users/1", "{\"1\":\"john\"}\n"},
        {"/users/2", "{\"2\":\"steve\"}\n"},
        {"/users/3", "{\"3\":\"bill\"}\n"},
        {"/users/4", "{\"message\":\"Not Found: http://127.0.0.1:5000/users/4\",\"status\":404}\n"},
        {"/users/02", "{\"message\":\"Not Found: http://127.0.0.1:5000/users/02\",\"status\":404}\n"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.target) {
            auto const rs = get(c.target);
            BOOST_TEST(rs.status() == (c.body.find("404") == std::string::npos ? 200U : 404U));
            BOOST_TEST(rs.body() == c.body);
            BOOST_TEST(rs.get("Content-Type") == "application/json");
        }
    }
    BOOST_TEST(get("/users/2", {}, debugging()).body() == "{\n  \"2\": \"steve\"\n}\n");
}

BOOST_AUTO_TEST_CASE(secrets_need_credentials) {
    auto const shown = get("/secrets", {{"Authorization", "Basic YWRtaW46c2VjcmV0"}});
    BOOST_TEST(shown.status() == 200U);
    BOOST_TEST(shown.body() == "this is top secret");
    BOOST_TEST(shown.get("Content-Type") == plain);
    BOOST_TEST(shown.get("WWW-Authenticate") == "");
    headers const cases[] = {{}, {{"Authorization", "Basic YWRtaW46d3Jvbmc="}}, {{"Authorization", "Bearer secret"}}};
    for (auto const &lines : cases) {
        BOOST_TEST_CONTEXT((lines.empty() ? "none" : lines.back().second)) {
            auto const rs = get("/secrets", lines);
            BOOST_TEST(rs.status() == 401U);
            BOOST_TEST(rs.body() == "{\"message\":\"Authenticate.\"}\n");
            BOOST_TEST(rs.get("Content-Type") == "application/json");
            BOOST_TEST(rs.field_lines().find("WWW-Authenticate: Basic realm=\"Example\"\r\n"
                                             "WWW-Authenticate: Bearer realm=\"Example\"\r\n") != std::string::npos);
        }
    }
    fake_request options("OPTIONS", "/secrets");
    BOOST_TEST(call(app, options).status() == 200U);
}

BOOST_AUTO_TEST_CASE(logs_hello_writes_three_lines) {
    auto const rs = get("/logs/hello");
    BOOST_TEST(rs.status() == 200U);
    BOOST_TEST(rs.body() == "check your logs\n");
    std::vector<std::pair<severity, std::string>> const expected{
        {severity::info, "informing"}, {severity::warning, "warning"}, {severity::error, "error"}};
    BOOST_TEST((records.records() == expected));
}

BOOST_AUTO_TEST_CASE(debug_error_fails_on_purpose) {
    auto const rs = get("/debug/error");
    BOOST_TEST(rs.status() == 500U);
    BOOST_TEST_REQUIRE(records.records().size() == 1U);
    BOOST_TEST((records.records()[0].first == severity::error));
    BOOST_TEST(records.records()[0].second.find("<boom> & \"quotes\"") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
