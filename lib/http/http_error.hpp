// The exception that is an answer: throw http_error(404), and the client gets it.
#pragma once

#include "phial/http/status.hpp"

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace phial {

/// An error with the status it is answered with. what() is the message the client reads, so it holds no secret.
/// (It stands here and not in lib/errors because reading a body may have to throw it.)
class http_error : public std::runtime_error {
  public:
    /// Without a message the status' reason phrase is it.
    explicit http_error(unsigned status, std::string const &message = {})
        : std::runtime_error(message.empty() ? std::string(reason_phrase(status)) : message),
          status_(status) {}

    [[nodiscard]] unsigned status() const noexcept { return status_; }

    /// A header line for the answer (Allow, WWW-Authenticate, Retry-After ...).
    http_error &&add(std::string_view name, std::string_view value) && {
        headers_.emplace_back(name, value);
        return std::move(*this);
    }
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> const &headers() const noexcept { return headers_; }

  private:
    unsigned status_;
    std::vector<std::pair<std::string, std::string>> headers_;
};

} // namespace phial
