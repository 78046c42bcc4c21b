// The conditions of a request, in the order in which RFC 9110 13.2.2 evaluates them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace phial {

class request;

/// What identifies the current version of what a request asks for (RFC 9110 8.8).
struct validators {
    std::string_view tag = {}; // the entity tag of the selected representation, with its quotes; empty: none
    std::optional<std::chrono::sys_seconds> modified = {}; // in Last-Modified
};

/// The fields If-Match, If-Unmodified-Since, If-None-Match, If-Modified-Since and If-Range of a request, copied, so
/// that they can be evaluated where the request is not: on a pool. A value. To be evaluated only if the response would
/// be a success without them.
class preconditions {
  public:
    explicit preconditions(request const &rq);

    enum class verdict {
        met,          // respond as if there were no conditions
        not_modified, // 304: the client has this version
        failed        // 412
    };
    struct result {
        verdict what;
        std::string_view tag; // of not_modified: the tag to send with it, which is that of the client's representation
    };
    /// Of what exists. Tags are compared by find_tag: a client may have received another coding. The view is of this
    /// or of `current`.
    [[nodiscard]] result check(validators const &current) const & noexcept;
    result check(validators const &current) const && = delete;

    /// Whether Range applies (If-Range, 13.1.5): there is no If-Range, or it is exactly the current representation. The
    /// tag is that of the same coding. A date is the same as Last-Modified, and older than the present second, in which
    /// there may be another change.
    [[nodiscard]] bool allow_range(validators const &current, std::chrono::sys_seconds now) const noexcept;

  private:
    bool reads_; // GET or HEAD
    std::optional<std::string> if_match_;
    std::optional<std::string> if_none_match_;
    std::optional<std::string> accepted_;                         // Accept-Encoding, for If-None-Match of GET
    std::optional<std::chrono::sys_seconds> if_unmodified_since_; // nothing if it is malformed or not to be used
    std::optional<std::chrono::sys_seconds> if_modified_since_;
    std::optional<std::string> if_range_;
};

} // namespace phial
