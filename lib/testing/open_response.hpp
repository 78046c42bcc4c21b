// A response whose body is read while it goes on, without sockets.
#pragma once

#include "phial/http/handler.hpp"
#include "phial/http/response.hpp"
#include "phial/testing/fake_request.hpp"

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <string_view>

namespace phial::testing {

/// What an app answers to one request; the body comes piece by piece, from a generator that runs on a separate loop:
///
///     auto chat = client.open("GET", "/chat");
///     messages.publish("Hello");
///     BOOST_TEST(chat.next().value() == "data: Hello\n\n");
///
/// Time passes for it only in next(). One thread at a time; what the generator listens to may be on other threads.
class open_response {
  public:
    /// `served` outlives it. Throws what the app throws. See test_client::open.
    open_response(app const &served, std::string_view method, std::string target, fake_request::headers lines,
                  std::string body, service_context context);
    /// As when the client goes: the generator is cancelled.
    ~open_response();
    open_response(open_response const &) = delete;
    open_response &operator=(open_response const &) = delete;

    /// The response without its stream.
    [[nodiscard]] response const &head() const noexcept { return *rs_; }

    /// Waits for the next piece of the body: what a generator has yielded before it waits again. Nothing at the end.
    /// Throws what the stream throws, and std::runtime_error when nothing comes within `most`; then it may be called
    /// again.
    [[nodiscard]] std::optional<std::string> next(std::chrono::milliseconds most = std::chrono::seconds(10));

  private:
    void begin_read();

    fake_request rq_;
    boost::asio::cancellation_signal client_goes_;
    std::optional<response> rs_;
    std::optional<std::string> piece_;
    std::exception_ptr failure_;
    bool reads_ = false;
    bool has_ended_ = false;
    boost::asio::io_context loop_{1};
};

} // namespace phial::testing
