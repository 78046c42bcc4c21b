// The chunked transfer coding as a state machine without I/O (RFC 9112 7.1).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace phial {

/// Fed with bytes however they are cut. Anything but the grammar is http_error(400): a bare CR or LF, a sign, white
/// space in a size, a chunk that is not ended by CR LF, a trailer that is no field line. Extensions and trailers are
/// checked for that, bounded, and dropped.
class chunk_decoder {
  public:
    static constexpr std::size_t max_line = 4 * 1024;        // a size with its extensions
    static constexpr std::size_t max_extensions = 16 * 1024; // all of them together
    static constexpr std::size_t max_trailers = 16 * 1024;   // all of them together

    /// The next content, taken off `input` together with what surrounds it; empty when the input is used up or the body
    /// has ended.
    std::string_view next(std::string_view &input);

    [[nodiscard]] bool done() const noexcept { return state_ == state::done; }

  private:
    enum class state { size, extension, size_lf, data, data_cr, data_lf, trailer, trailer_lf, done };

    void take(char c);

    state state_ = state::size;
    std::uint64_t left_ = 0; // of the chunk
    unsigned digits_ = 0;
    std::size_t line_ = 0;
    std::size_t extensions_ = 0;
    std::size_t trailers_ = 0;
    bool quoted_ = false;    // inside a quoted extension value
    bool escaped_ = false;   // behind a backslash there
    bool in_name_ = false;   // of a trailer field
    bool line_empty_ = true; // of the trailer section
};

} // namespace phial
