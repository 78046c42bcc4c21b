// A client of an app, without sockets.
#pragma once

#include "phial/http/handler.hpp"
#include "phial/http/json.hpp"
#include "phial/testing/fake_request.hpp"
#include "phial/testing/open_response.hpp"

#include <string>
#include <string_view>

namespace phial::testing {

/// Calls a handler, or the handler `respond` of an app. Throws what it throws. A streamed body is not read.
[[nodiscard]] response call(handler const &h, request &rq);
[[nodiscard]] response call(app const &a, request &rq);

/// Sends requests to an app, through all its layers and error handlers:
///
///     test_client client(app);
///     BOOST_TEST(client.get("/greet/Ann").body() == "Hello, Ann\n");
///
///     client.post("/notes", {{"title", "Tea"}});
///     client.as("admin", "secret").delete_("/notes/1");
///
/// A body that is streamed is one of body_in_pieces. Cookies are not kept. What the server does is missing: its header
/// fields, the limits of a header section, ids, and HEAD without content (here the response to HEAD has its content).
/// One thread at a time.
class test_client {
  public:
    using headers = fake_request::headers;

    /// `served` outlives the client. `context`: what the requests have in common, such as limits.
    explicit test_client(app const &served, service_context context = {})
        : served_(served),
          context_(std::move(context)) {}

    /// The response, with all of its content in body(), also of a stream; one that is endless (events) is not read: see
    /// open(). Throws std::invalid_argument if the method is not known, what the stream throws, and std::runtime_error
    /// when it has not ended after 10 seconds.
    [[nodiscard]] response send(std::string_view method, std::string target, headers lines = {},
                                std::string body = {}) const;
    [[nodiscard]] response send(fake_request &rq) const;

    /// The response, to read its body piece by piece while other requests are sent.
    [[nodiscard]] open_response open(std::string_view method, std::string target, headers lines = {},
                                     std::string body = {}) const;

    /// The same client, logged in: it sends Basic credentials (RFC 7617) with each request that has no Authorization.
    [[nodiscard]] test_client as(std::string_view user, std::string_view password) const;

    [[nodiscard]] response get(std::string target, headers lines = {}) const {
        return send("GET", std::move(target), std::move(lines));
    }
    [[nodiscard]] response post(std::string target, std::string content_type, std::string body) const {
        return send("POST", std::move(target), {{"Content-Type", std::move(content_type)}}, std::move(body));
    }
    [[nodiscard]] response post(std::string target, json const &value, headers lines = {}) const {
        return send_json("POST", std::move(target), value, std::move(lines));
    }
    [[nodiscard]] response put(std::string target, json const &value, headers lines = {}) const {
        return send_json("PUT", std::move(target), value, std::move(lines));
    }
    [[nodiscard]] response patch(std::string target, json const &value, headers lines = {}) const {
        return send_json("PATCH", std::move(target), value, std::move(lines));
    }
    [[nodiscard]] response delete_(std::string target, headers lines = {}) const {
        return send("DELETE", std::move(target), std::move(lines));
    }

  private:
    [[nodiscard]] headers complete(headers lines) const;
    [[nodiscard]] response send_json(std::string_view method, std::string target, json const &value,
                                     headers lines) const;

    app const &served_;
    service_context context_;
    std::string authorization_; // empty: nobody is logged in
};

} // namespace phial::testing
