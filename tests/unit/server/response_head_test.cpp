// Response heads as bytes.
#include "phial/server/response_head.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>

using namespace phial;

namespace {

class endless final : public body_stream {
  public:
    task<std::optional<std::string_view>> next() override { co_return "x"; }
    std::optional<std::uint64_t> length() const noexcept override { return std::nullopt; }
};

response streamed() { return response("text/plain", "").stream(std::make_unique<endless>()); }

std::string head(response const &rs, response_context const &context) {
    outbox out;
    append_response_head(out, rs, context);
    return std::string(out.waiting());
}

std::string head(response const &rs, unsigned minor_version = 1, bool closing = false) {
    return head(rs, {minor_version, closing, "Server: s\r\n", {}});
}

} // namespace

BOOST_AUTO_TEST_SUITE(response_head)

BOOST_AUTO_TEST_CASE(a_request_that_has_a_name_gets_it_back) {
    auto const named = head(text("x"), {1, false, "Server: s\r\n", "order-42"});
    BOOST_TEST(named.find("Server: s\r\nX-Request-Id: order-42\r\n") != named.npos);
    auto const nameless = head(text("x"), {1, false, "Server: s\r\n", {}});
    BOOST_TEST(nameless.find("X-Request-Id") == nameless.npos);
}

BOOST_AUTO_TEST_CASE(a_whole_body_has_its_length) {
    BOOST_TEST(head(text("hello")) == "HTTP/1.1 200 OK\r\nServer: s\r\nContent-Type: text/plain; charset=utf-8\r\n"
                                      "X-Content-Type-Options: nosniff\r\nContent-Length: 5\r\n\r\n");
    BOOST_TEST(head(response(404)) == "HTTP/1.1 404 Not Found\r\nServer: s\r\nContent-Length: 0\r\n\r\n");
    BOOST_TEST(head(response(200).set("Content-Type", "a/b").add("X", "1").add("X", "2")) ==
               "HTTP/1.1 200 OK\r\nServer: s\r\nContent-Length: 0\r\nContent-Type: a/b\r\nX: 1\r\nX: 2\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(literal_fields_are_sent_in_their_place) {
    BOOST_TEST(head(response(200).add("Vary: Accept").add("X", "1").add("Vary: Origin")) ==
               "HTTP/1.1 200 OK\r\nServer: s\r\nContent-Length: 0\r\nVary: Accept\r\nX: 1\r\nVary: Origin\r\n\r\n");
    auto const guarded = head(text("x").add("X-Content-Type-Options: nosniff"));
    BOOST_TEST(guarded.find("nosniff") == guarded.rfind("nosniff"));
}

BOOST_AUTO_TEST_CASE(content_is_what_its_media_type_says) {
    constexpr char sniffing[] = "X-Content-Type-Options";
    BOOST_TEST(head(text("x")).find(sniffing) != std::string::npos);
    BOOST_TEST(head(text("x").status(404)).find(sniffing) != std::string::npos);
    BOOST_TEST(head(streamed()).find(sniffing) != std::string::npos);
    BOOST_TEST(head(text("")).find(sniffing) == std::string::npos);
    BOOST_TEST(head(text("x").status(304)).find(sniffing) == std::string::npos);
    auto const own = head(text("x").set("x-content-type-options", "other"));
    BOOST_TEST(own.find("nosniff") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_needs_a_login_is_not_stored) {
    constexpr char stored[] = "Cache-Control: no-store\r\n";
    auto const personal = [](response const &rs) { return head(rs, {1, false, "Server: s\r\n", {}, true}); };
    BOOST_TEST(personal(text("x")).find(stored) != std::string::npos);
    BOOST_TEST(personal(response(304)).find(stored) != std::string::npos);
    BOOST_TEST(personal(text("x").set("Cache-Control", "private")).find(stored) == std::string::npos);
    BOOST_TEST(head(response(401)).find(stored) != std::string::npos);
    BOOST_TEST(head(response(403)).find(stored) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(no_content_is_announced_where_there_is_none) {
    for (unsigned const status : {100U, 101U, 204U, 304U}) {
        BOOST_TEST_CONTEXT(status) {
            BOOST_TEST(has_no_content(status));
            BOOST_TEST(head(text("x").status(status)).find("Content-Length") == std::string::npos);
            BOOST_TEST(head(streamed().status(status)).find("Transfer-Encoding") == std::string::npos);
        }
    }
    BOOST_TEST(!has_no_content(200));
    BOOST_TEST(!has_no_content(205));
}

BOOST_AUTO_TEST_CASE(a_stream_is_framed_by_what_is_known_of_it) {
    auto const sized = response("a/b", "").stream(std::make_unique<string_body>("four"));
    BOOST_TEST(head(sized).find("Content-Length: 4\r\n") != std::string::npos);
    BOOST_TEST(head(streamed()).find("Transfer-Encoding: chunked\r\n") != std::string::npos);
    BOOST_TEST(head(streamed()).find("Content-Length") == std::string::npos);
    BOOST_TEST(is_chunked(streamed(), 1));
    BOOST_TEST(!ends_with_connection(streamed(), 1));
    auto const to_old_client = head(streamed(), 0, true);
    BOOST_TEST(ends_with_connection(streamed(), 0));
    BOOST_TEST(to_old_client.find("Transfer-Encoding") == to_old_client.npos);
    BOOST_TEST(to_old_client.find("Content-Length") == to_old_client.npos);
}

BOOST_AUTO_TEST_CASE(connection_is_sent_where_it_differs_from_the_version) {
    BOOST_TEST(head(text("x"), 1, false).find("Connection") == std::string::npos);
    BOOST_TEST(head(text("x"), 1, true).find("Connection: close\r\n") != std::string::npos);
    BOOST_TEST(head(text("x"), 0, false).find("Connection: keep-alive\r\n") != std::string::npos);
    BOOST_TEST(head(text("x"), 0, true).find("Connection: close\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
