// The exception that is an answer: throw http_error(404), and the client gets it.
#pragma once

#include "phial/http/status.hpp"

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace phial {

/// One of several faults of a request.
struct error_detail {
    std::string pointer; // to the value at fault, a JSON pointer (RFC 6901); empty: the whole
    std::string message; // for the client, as what() is
    friend bool operator==(error_detail const &, error_detail const &) = default;
};

/// An error with the status it is answered with. what() is the message the client reads, so it holds no secret.
/// (It stands here and not in lib/errors because reading a body may have to throw it.)
class http_error : public std::runtime_error {
  public:
    /// At most so many details are kept, and so many bytes of each of their texts.
    static constexpr std::size_t most_details = 100;
    static constexpr std::size_t longest_detail = 400;

    /// Without a message the status' reason phrase is it.
    explicit http_error(unsigned status, std::string const &message = {}, std::vector<error_detail> details = {});

    [[nodiscard]] unsigned status() const noexcept { return status_; }

    /// A header line for the answer (Allow, WWW-Authenticate, Retry-After ...).
    http_error &&add(std::string_view name, std::string_view value) && {
        headers_.emplace_back(name, value);
        return std::move(*this);
    }
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> const &headers() const noexcept { return headers_; }

    /// In the order given; the response lists them as `errors`.
    [[nodiscard]] std::vector<error_detail> const &details() const noexcept { return details_; }

  private:
    unsigned status_;
    std::vector<error_detail> details_;
    std::vector<std::pair<std::string, std::string>> headers_;
};

} // namespace phial
