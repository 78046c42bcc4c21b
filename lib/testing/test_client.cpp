#include "phial/testing/test_client.hpp"

#include "phial/runtime/task.hpp"
#include "phial/testing/run.hpp"
#include "phial/text/ascii.hpp"
#include "phial/text/base64.hpp"
#include "phial/text/concat.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

namespace phial::testing {
namespace {

// The stream may refer to the request, so it is read while that lives.
task<response> respond(app const &served, request &rq) {
    auto rs = co_await served.respond(rq);
    served.filter(rq, rs);
    if (auto *const stream = rs.stream()) {
        auto &body = rs.body();
        if (!stream->is_endless())
            while (auto const piece = co_await stream->next()) body += *piece;
        rs.stream(nullptr);
    }
    co_return rs;
}

} // namespace

response call(handler const &h, request &rq) { return run(h(rq)); }
response call(app const &a, request &rq) { return run(a.respond(rq)); }

response test_client::send(std::string_view method, std::string target, headers lines, std::string body) const {
    fake_request rq(method, std::move(target), complete(std::move(lines)), std::move(body), context_);
    return send(rq);
}

open_response test_client::open(std::string_view method, std::string target, headers lines, std::string body) const {
    return {served_, method, std::move(target), complete(std::move(lines)), std::move(body), context_};
}

test_client::headers test_client::complete(headers lines) const {
    auto const is_authorization = [](auto const &line) { return iequals(line.first, "Authorization"); };
    if (!authorization_.empty() && std::none_of(lines.begin(), lines.end(), is_authorization))
        lines.emplace_back("Authorization", authorization_);
    return lines;
}

response test_client::send_json(std::string_view method, std::string target, json const &value, headers lines) const {
    lines.emplace_back("Content-Type", "application/json");
    return send(method, std::move(target), std::move(lines), std::string(value.text()));
}

test_client test_client::as(std::string_view user, std::string_view password) const {
    auto client = *this;
    client.authorization_ = concat("Basic ", encode_base64(concat(user, ":", password)));
    return client;
}

response test_client::send(fake_request &rq) const {
    constexpr std::chrono::seconds most(10);
    boost::asio::io_context loop{1};
    std::exception_ptr failure;
    std::optional<response> result;
    boost::asio::co_spawn(loop, respond(served_, rq), [&](std::exception_ptr e, response rs) {
        failure = std::move(e);
        result = std::move(rs);
    });
    loop.run_for(most);
    if (failure) std::rethrow_exception(failure);
    if (!result)
        throw std::runtime_error(concat("the response has not ended within ", most.count(),
                                        " s. One that waits for others is read by test_client::open"));
    return std::move(*result);
}

} // namespace phial::testing
