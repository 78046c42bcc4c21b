// What stands before the first part of a multipart body, and must not be one (RFC 2046 5.1.1).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace phial {

/// Looks for lines that were meant to be a delimiter line: they end with the delimiter, but do not begin with it, or
/// end with a bare CR or LF. The part behind such a line would be lost. Memory does not grow with the preamble.
class preamble {
  public:
    /// `delimiter` is "--" and the boundary, not empty.
    explicit preamble(std::string delimiter);

    /// The next bytes, however they are cut: of what is no delimiter line. Throws http_error(400) at the end of a line
    /// that was meant to be one.
    void pass(std::string_view bytes);

    /// The preamble's last line ends here, because a delimiter line follows or the body ends.
    void end() const;

  private:
    void pass(char c) noexcept;

    std::string delimiter_;
    std::vector<std::size_t> fallback_; // Knuth, Morris, Pratt: the longest border of each beginning of the delimiter
    std::size_t matched_ = 0;           // bytes of the delimiter that the text ends with
    std::size_t line_ = 0;              // bytes of the line so far
    bool after_cr_ = false;
    bool at_delimiter_ = false; // nothing but blanks has come behind one
    bool begins_line_ = false;  // which that delimiter does
};

} // namespace phial
