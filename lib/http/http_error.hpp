// The exception that becomes a response: throw http_error(404).
#pragma once

#include "phial/http/status.hpp"

#include <cstddef>
#include <exception>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace phial {

class json;

/// One of several things that are wrong with a request.
struct fault {
    std::string pointer = {};   // a JSON pointer (RFC 6901) into the body; empty: all of it, or a parameter
    std::string parameter = {}; // the name of a query argument or of a header field
    std::string in = {};        // of a parameter: "query" or "header"
    std::string detail = {};    // for the client: "must be an integer from 1 to 5"
    std::string expected = {};  // "an integer from 1 to 5"; may be empty
    std::string got = {};       // "7"; may be empty
    friend bool operator==(fault const &, fault const &) = default;
};
using fault_list = std::vector<fault>;

/// An error with the status code of its response. what() is the message that the client reads and that is logged, so it
/// must not hold a secret. (It is here and not in lib/errors because reading a body may throw it.)
class http_error : public std::exception {
  public:
    /// At most this many faults are kept, and at most this many bytes of each of their texts.
    static constexpr std::size_t most_faults = 100;
    static constexpr std::size_t longest_text = 400;
    /// A longer pointer points to what is around the value.
    static constexpr std::size_t longest_pointer = 1000;

    /// Without a message, what() is the reason phrase of the status code.
    explicit http_error(unsigned status, std::string message = {});
    /// The response lists the faults as `errors`, in the order given.
    http_error(unsigned status, std::string message, fault_list list);

    [[nodiscard]] unsigned status() const noexcept { return status_; }
    [[nodiscard]] char const *what() const noexcept override { return message_.c_str(); }

    /// Adds a header field to the response (Allow, WWW-Authenticate, Retry-After ...). Throws as response::add does.
    http_error &&add(std::string_view name, std::string_view value) &&;
    /// Names and values, in the order added.
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> headers() const;
    /// The same as they are sent, each line ended by CR LF.
    [[nodiscard]] std::string const &field_lines() const noexcept { return lines_; }

    /// Adds a member to the JSON of the response, and to its page: any extension member of problem details, or their
    /// `type`, `title` and `instance` (RFC 9457 3). A later value replaces an earlier one. Throws std::invalid_argument
    /// for `status`, `detail` and `message`, which the error has itself, and for a `type`, `title` or `instance` that
    /// is not a text.
    http_error &&with(std::string name, json value) &&;

    [[nodiscard]] std::span<fault const> faults() const noexcept;
    /// What with() has added; null: nothing.
    [[nodiscard]] std::map<std::string, json> const *members() const noexcept;

  private:
    struct details;
    [[nodiscard]] details &own_details();

    unsigned status_;
    std::string message_;
    std::string lines_;
    std::shared_ptr<details> details_; // few errors have any; copies share them
};

} // namespace phial
