// Requests without a socket, to call handlers with.
#pragma once

#include "phial/http/body.hpp"
#include "phial/http/request.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace phial::testing {

/// A body that comes in the given pieces; announces its length unless it is chunked.
class body_in_pieces final : public body_stream {
  public:
    explicit body_in_pieces(std::vector<std::string> parts, bool chunked = true)
        : parts_(std::move(parts)),
          chunked_(chunked) {}
    task<std::optional<std::string_view>> next() override;
    std::optional<std::uint64_t> length() const noexcept override;
    void limit(std::uint64_t most) noexcept override { left_ = std::min(left_, most); }

  private:
    std::vector<std::string> parts_;
    bool chunked_;
    std::size_t next_ = 0;
    std::uint64_t left_ = UINT64_MAX; // bytes that may still come
};

/// `whole` cut into pieces of `size` bytes.
[[nodiscard]] std::vector<std::string> cut(std::string_view whole, std::size_t size);

/// A request without a socket. Host is 127.0.0.1:5000 unless `lines` has another.
class fake_request {
  public:
    using headers = std::vector<std::pair<std::string, std::string>>;

    explicit fake_request(std::string_view method, std::string target, headers lines = {}, std::string body = {},
                          service_context context = {});
    fake_request(std::string_view method, std::string target, headers lines, std::vector<std::string> body_pieces);

    /// Sets the address of the client.
    fake_request &client(std::string_view address);

    [[nodiscard]] request &get() noexcept { return *request_; }
    operator request &() noexcept { return *request_; }
    request *operator->() noexcept { return request_.get(); }

  private:
    std::string target_;
    headers headers_;
    std::vector<field> fields_;
    service_context context_;
    body_in_pieces body_;
    boost::asio::ip::address peer_;
    std::unique_ptr<request> request_;
};

} // namespace phial::testing
