// Parses multipart/form-data: a state machine without I/O (RFC 7578, RFC 2046 5.1).
#pragma once

#include "phial/http/limits.hpp"
#include "phial/http/preamble.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace phial {

/// What the header section of a part says.
struct part_head {
    std::string name;                    // UTF-8
    std::optional<std::string> filename; // of a file; as sent, in UTF-8: never use it as a path. filename* is preferred
    std::string content_type;            // as sent; empty if absent
};

/// Takes the bytes of the body in pieces of any size; memory is bounded by the limits, whatever the size of the body.
/// Every error is an http_error: 400, 413 for a limit, or 415 for a part with an encoding.
class multipart_parser {
  public:
    static constexpr std::size_t max_padding = 1024; // white space after a boundary

    enum class event {
        need_more, // the input is used up
        part,      // a part begins; head() is its header section
        data,      // data() is a piece of its content, valid until the next call
        part_end,  // its content is complete
        end        // the final boundary was found
    };

    /// Throws http_error(400) as require_boundary does.
    explicit multipart_parser(std::string_view boundary, message_limits const &limits = {});

    /// Continues to the next event and removes from `input` what it used. At the end of the body, pass one CR LF: the
    /// final boundary need not be followed by one. If `end` has not come then, the body was cut off.
    event next(std::string_view &input);

    /// The header section of the part, until the call after its part_end.
    [[nodiscard]] part_head const &head() const noexcept { return head_; }
    [[nodiscard]] std::string_view data() const noexcept { return data_; }

  private:
    enum class state { preamble, headers, content, epilogue };
    enum class verdict { undecided, no, next_part, last };

    verdict at_delimiter(std::string_view bytes, std::size_t &length, std::size_t &padding) const;
    event content(std::string_view &input);
    void begin_part();
    event headers(std::string_view &input);
    void read_header_line(std::string_view line);
    void read_disposition(std::string_view parameters);
    [[nodiscard]] std::string bounded(std::string text) const;

    message_limits limits_;
    std::string delimiter_; // CR LF "--" boundary
    preamble preamble_;
    state state_ = state::preamble;
    // Bytes that may turn out to be a delimiter. The CR LF of a delimiter is implied at the beginning of the body and
    // of each part's content, so it is put here.
    std::string held_ = "\r\n";
    std::size_t implied_ = 2; // how many bytes of held_ are not content
    std::size_t padding_ = 0; // bytes of held_ that are known to be white space after a boundary
    std::string released_;    // held bytes that turned out to be content; data_ may point into it
    std::string_view data_;
    verdict found_ = verdict::no;
    std::string line_; // of a part's header section, as far as it has arrived
    std::size_t head_size_ = 0;
    std::size_t head_lines_ = 0;
    std::size_t parts_ = 0;
    bool has_disposition_ = false;
    part_head head_;
};

} // namespace phial
