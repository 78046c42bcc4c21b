// The text before the first part of a multipart body, which must not hold a part (RFC 2046 5.1.1).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace phial {

/// Finds lines that were meant as a delimiter line: they end with the delimiter but do not begin with it, or they end
/// with a bare CR or LF. The part after such a line would be lost. Memory does not grow with the preamble.
class preamble {
  public:
    /// `delimiter` is "--" and the boundary, not empty.
    explicit preamble(std::string delimiter);

    /// The next bytes, in pieces of any size, without delimiter lines. Throws http_error(400) at the end of a line that
    /// was meant as one.
    void pass(std::string_view bytes);

    /// Ends the last line of the preamble, because a delimiter line follows or the body ends. Throws as pass does.
    void end() const;

  private:
    void pass(char c) noexcept;

    std::string delimiter_;
    std::vector<std::size_t> fallback_; // Knuth, Morris, Pratt: the longest border of each prefix of the delimiter
    std::size_t matched_ = 0;           // bytes of the delimiter that the text ends with
    std::size_t line_ = 0;              // bytes of the line so far
    bool after_cr_ = false;
    bool at_delimiter_ = false; // only white space has followed a delimiter
    bool begins_line_ = false;  // whether that delimiter begins its line
};

} // namespace phial
