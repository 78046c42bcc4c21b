// Building responses, and what their header fields may be.
#include "phial/http/response.hpp"

#include "phial/http/http_error.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

using namespace phial;
using namespace phial::testing;
using namespace std::string_view_literals;

BOOST_AUTO_TEST_SUITE(responses)

BOOST_AUTO_TEST_CASE(a_response_is_200_and_empty_by_default) {
    response const rs;
    BOOST_TEST(rs.status() == 200U);
    BOOST_TEST(rs.body().empty());
    BOOST_TEST(rs.field_lines().empty());
    BOOST_TEST(rs.content_type_literal().empty());
    BOOST_TEST((rs.stream() == nullptr));
    BOOST_TEST(response(404).status() == 404U);
    BOOST_TEST(response().status(201).status() == 201U);
}

BOOST_AUTO_TEST_CASE(a_literal_content_type_is_kept_as_it_is) {
    response rs("text/plain", "body");
    BOOST_TEST(rs.content_type_literal() == "text/plain");
    BOOST_TEST(rs.get("content-type") == "text/plain");
    BOOST_TEST(rs.field_lines().empty());
    BOOST_TEST(rs.body() == "body");
}

BOOST_AUTO_TEST_CASE(set_replaces_every_line_of_a_name_and_add_adds_one) {
    response rs;
    rs.add("Link", "<a>").add("X-Other", "1").add("LINK", "<b>");
    BOOST_TEST(rs.field_lines() == "Link: <a>\r\nX-Other: 1\r\nLINK: <b>\r\n");
    BOOST_TEST(rs.get("link") == "<a>");
    rs.set("link", "<c>");
    BOOST_TEST(rs.field_lines() == "X-Other: 1\r\nlink: <c>\r\n");
    BOOST_TEST(rs.get("Link") == "<c>");
    BOOST_TEST(rs.get("X-Othe").empty());
    BOOST_TEST(rs.get("X-Other-").empty());
}

BOOST_AUTO_TEST_CASE(two_challenges_are_two_lines_in_their_order) {
    auto const rs = response(401).add("WWW-Authenticate", "Basic realm=\"x\"").add("WWW-Authenticate", "Bearer");
    BOOST_TEST(rs.field_lines() == "WWW-Authenticate: Basic realm=\"x\"\r\nWWW-Authenticate: Bearer\r\n");
}

BOOST_AUTO_TEST_CASE(there_is_one_content_type_whoever_sets_it) {
    response rs("text/plain", "");
    rs.add("content-type", "a/b");
    BOOST_TEST(rs.content_type_literal().empty());
    BOOST_TEST(rs.field_lines() == "content-type: a/b\r\n");
    rs.add("Content-Type", "c/d");
    BOOST_TEST(rs.field_lines() == "Content-Type: c/d\r\n");
    rs.set("CONTENT-TYPE", "e/f");
    BOOST_TEST(rs.field_lines() == "CONTENT-TYPE: e/f\r\n");
    BOOST_TEST(rs.get("Content-Type") == "e/f");
}

BOOST_AUTO_TEST_CASE(values_are_trimmed_and_may_be_empty_or_hold_a_tab) {
    auto const rs = response().set("A", " \tx y\t ").set("B", "").set("C", "x\ty").set("D", "\xC3\xA9");
    BOOST_TEST(rs.field_lines() == "A: x y\r\nB: \r\nC: x\ty\r\nD: \xC3\xA9\r\n");
    BOOST_TEST(rs.get("A") == "x y");
    BOOST_TEST(rs.get("B").empty());
}

BOOST_AUTO_TEST_CASE(a_value_that_could_end_the_line_is_refused) {
    for (auto const value : {"a\r\nSet-Cookie: x"sv, "a\rb"sv, "a\nb"sv, "a\0b"sv, "\r\n"sv, "a\x1B[m"sv, "a\x7F"sv}) {
        BOOST_TEST_CONTEXT(value) {
            response rs;
            rs.set("X", "before");
            BOOST_CHECK_THROW(rs.set("X", value), std::invalid_argument);
            BOOST_CHECK_THROW(rs.add("X", value), std::invalid_argument);
            BOOST_CHECK_THROW(rs.set("Content-Type", value), std::invalid_argument);
            BOOST_TEST(rs.field_lines() == "X: before\r\n");
        }
    }
}

BOOST_AUTO_TEST_CASE(a_name_that_is_not_a_token_is_refused) {
    for (auto const name : {""sv, " "sv, "X Y"sv, "X:"sv, "X\r\nY"sv, "X\0"sv, "X\x7F"sv, "X\""sv, "\xC3\xA9"sv}) {
        BOOST_TEST_CONTEXT(name) {
            BOOST_CHECK_THROW(response().set(name, "x"), std::invalid_argument);
            BOOST_CHECK_THROW(response().add(name, "x"), std::invalid_argument);
        }
    }
}

BOOST_AUTO_TEST_CASE(what_frames_the_message_is_the_servers) {
    for (auto const name : {"Content-Length", "content-length", "Transfer-Encoding", "CONNECTION", "Date", "Server"}) {
        BOOST_TEST_CONTEXT(name) {
            BOOST_CHECK_THROW(response().set(name, "1"), std::invalid_argument);
            BOOST_CHECK_THROW(response().add(name, "1"), std::invalid_argument);
        }
    }
}

BOOST_AUTO_TEST_CASE(text_joins_its_parts) {
    auto const rs = text("You are reading ", 1.0, " and ", 23, std::string("!"));
    BOOST_TEST(rs.body() == "You are reading 1.0 and 23!");
    BOOST_TEST(rs.get("Content-Type") == "text/plain; charset=utf-8");
    BOOST_TEST(rs.status() == 200U);
}

BOOST_AUTO_TEST_CASE(html_is_sent_as_it_is) {
    auto const rs = html("<p>é & so");
    BOOST_TEST(rs.body() == "<p>é & so");
    BOOST_TEST(rs.get("Content-Type") == "text/html; charset=utf-8");
}

BOOST_AUTO_TEST_CASE(jsonify_is_compact_in_normal_mode_and_indented_in_debug_mode) {
    service_context debug;
    debug.debug = true;
    json const value{{"message", "Authenticate."}, {"a", json_array()}};
    fake_request normal_request("GET", "/");
    fake_request debug_request("GET", "/", {}, "", debug);
    auto const compact = jsonify(normal_request.get(), value);
    auto const indented = jsonify(debug_request.get(), value);
    BOOST_TEST(compact.body() == "{\"a\":[],\"message\":\"Authenticate.\"}\n");
    BOOST_TEST(indented.body() == "{\n  \"a\": [],\n  \"message\": \"Authenticate.\"\n}\n");
    BOOST_TEST(compact.get("Content-Type") == "application/json");
    BOOST_TEST(indented.get("Content-Type") == "application/json");
}

BOOST_AUTO_TEST_CASE(a_redirect_names_its_location) {
    auto const rs = redirect("/a?b");
    BOOST_TEST(rs.status() == 302U);
    BOOST_TEST(rs.get("Location") == "/a?b");
    BOOST_TEST(redirect("/", 308).status() == 308U);
    BOOST_CHECK_THROW((void)redirect("/\r\nSet-Cookie: x"), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_stream_belongs_to_the_response) {
    auto source = std::make_unique<string_body>("streamed");
    auto const *const given = source.get();
    auto rs = response(206).stream(std::move(source));
    BOOST_TEST((rs.stream() == given));
    BOOST_TEST(rs.status() == 206U);
    BOOST_TEST(run(read_all(*rs.stream(), 100, nullptr)).view() == "streamed");
}

BOOST_AUTO_TEST_CASE(a_literal_field_is_added_as_it_is) {
    auto const rs = text("x").add("Vary: Accept").add("Vary", "Origin").add("X-Empty: ");
    BOOST_TEST(rs.field_line_literal() == "Vary: Accept");
    BOOST_TEST(rs.field_lines() == "Vary: Origin\r\nX-Empty: \r\n");
    BOOST_TEST(rs.get("vary") == "Accept");
    BOOST_TEST(rs.get("Var") == "");
}

BOOST_AUTO_TEST_CASE(a_literal_field_keeps_its_place) {
    auto const rs = text("x").add("A", "1").add("B: 2");
    BOOST_TEST(rs.field_line_literal() == "");
    BOOST_TEST(rs.field_lines() == "A: 1\r\nB: 2\r\n");
}

BOOST_AUTO_TEST_CASE(a_literal_field_is_replaced_as_any_other) {
    auto const rs = text("x").add("Vary: Accept").add("X", "1").set("VARY", "Origin");
    BOOST_TEST(rs.field_line_literal() == "");
    BOOST_TEST(rs.field_lines() == "X: 1\r\nVARY: Origin\r\n");
    auto const other = text("x").add("Vary: Accept").set("X", "1");
    BOOST_TEST(other.get("Vary") == "Accept");
    BOOST_TEST(other.get("X") == "1");
}

BOOST_AUTO_TEST_CASE(the_fields_of_an_error_are_added_behind_those_there_are) {
    auto const e = http_error(405).add("Allow", "GET").add("Content-Type", "c/d").add("Allow", "HEAD");
    auto rs = text("x").add("Vary", "Accept");
    rs.add_fields_of(e).add_fields_of(http_error(404));
    BOOST_TEST(rs.field_lines() == "Vary: Accept\r\nAllow: GET\r\nContent-Type: c/d\r\nAllow: HEAD\r\n");
    BOOST_TEST(rs.content_type_literal() == "");
}

BOOST_AUTO_TEST_SUITE_END()
