// The chunked transfer coding as a state machine without I/O (RFC 9112 7.1).
#pragma once

#include "phial/http/limits.hpp"
#include "phial/server/outbox.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace phial {

/// Takes bytes in pieces of any size. What does not follow the grammar throws http_error(400): a bare CR or LF, a sign,
/// white space in a size, a chunk that does not end with CR LF, a trailer that is not a field line. Extensions and
/// trailers are checked in the same way, limited in size (trailers that are too large: http_error(431)), and dropped.
class chunk_decoder {
  public:
    explicit chunk_decoder(message_limits const &limits = {}) noexcept
        : line_limit_(limits.chunk_line),
          extensions_left_(limits.chunk_extensions),
          trailers_left_(limits.trailers) {}

    /// The next content; it and the framing around it are removed from `input`. Empty when the input is used up or the
    /// body has ended.
    std::string_view next(std::string_view &input);

    /// Bytes of the current chunk that are still to come; 0 outside the content of a chunk. An announced size counts
    /// only when its line is complete.
    [[nodiscard]] std::uint64_t content_left() const noexcept { return state_ == state::data ? left_ : 0; }

    /// Skips content that was not read with next(): 1 to content_left() bytes.
    void skip(std::uint64_t n) noexcept;

    [[nodiscard]] bool done() const noexcept { return state_ == state::done; }

  private:
    enum class state {
        size,
        before_extension, // white space before a semicolon
        name_begin,       // of an extension
        name,
        before_equals,
        value_begin,
        value,
        quoted,
        quoted_pair,
        quoted_end,
        size_lf,
        data,
        data_cr,
        data_lf,
        trailer,
        trailer_lf,
        done
    };

    void take(char c);
    [[nodiscard]] state after_size(char c) const;
    [[nodiscard]] state extension(char c) const;
    void trailer(char c);

    std::size_t line_limit_;
    std::size_t extensions_left_;
    std::size_t trailers_left_;
    state state_ = state::size;
    std::uint64_t left_ = 0; // bytes of the chunk
    unsigned digits_ = 0;
    std::size_t line_ = 0;
    bool in_name_ = false;   // of a trailer field
    bool line_empty_ = true; // of the trailer section
};

/// Appends a chunk. The content is not empty: that would be the last chunk.
void append_chunk(outbox &out, std::string_view content);
/// The same for content that is written from elsewhere: after it comes chunk_end.
void append_chunk_size(outbox &out, std::size_t size);
inline constexpr std::string_view chunk_end = "\r\n";
/// The end of a body, without trailers.
inline constexpr std::string_view last_chunk = "0\r\n\r\n";

} // namespace phial
