// The exception that becomes a response: throw http_error(404).
#pragma once

#include "phial/http/status.hpp"

#include <cstddef>
#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace phial {

/// One of several errors in a request.
struct error_detail {
    std::string pointer; // a JSON pointer (RFC 6901) to the wrong value; empty: the whole text
    std::string message; // for the client, like what()
    friend bool operator==(error_detail const &, error_detail const &) = default;
};

/// An error with the status code of its response. what() is the message that the client reads, so it must not hold a
/// secret. (It is here and not in lib/errors because reading a body may throw it.)
class http_error : public std::exception {
  public:
    /// At most this many details are kept, and at most this many bytes of each of their texts.
    static constexpr std::size_t most_details = 100;
    static constexpr std::size_t longest_detail = 400;

    /// Without a message, what() is the reason phrase of the status code.
    explicit http_error(unsigned status, std::string message = {}, std::vector<error_detail> details = {});

    [[nodiscard]] unsigned status() const noexcept { return status_; }
    [[nodiscard]] char const *what() const noexcept override { return message_.c_str(); }
    /// what(), moved out: the last use of the error.
    [[nodiscard]] std::string &&message() && noexcept { return std::move(message_); }

    /// Adds a header field to the response (Allow, WWW-Authenticate, Retry-After ...). Throws as response::add does.
    http_error &&add(std::string_view name, std::string_view value) &&;
    /// Names and values, in the order added.
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> headers() const;
    /// The same as they are sent, each line ended by CR LF.
    [[nodiscard]] std::string const &field_lines() const noexcept { return lines_; }

    /// In the order given; the response lists them as `errors`.
    [[nodiscard]] std::vector<error_detail> const &details() const noexcept { return details_; }

  private:
    unsigned status_;
    std::string message_;
    std::vector<error_detail> details_;
    std::string lines_;
};

} // namespace phial
