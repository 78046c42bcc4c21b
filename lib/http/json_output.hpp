// The text that a parser of JSON writes, at a position that it keeps to itself.
#pragma once

#include "phial/http/held_text.hpp"

#include <cstddef>
#include <memory>
#include <utility>

namespace phial {

/// Bytes are written through a pointer, which the writer keeps in a register: a member would be stored with each byte.
/// So the functions take the pointer, and give back where it points to when the text had to move. All throw what
/// memory_account::take throws.
class json_output {
  public:
    /// Bytes that may be written after room(to) without another call.
    static constexpr std::size_t slack = 48;

    /// With room for n bytes.
    json_output(std::shared_ptr<memory_account> const &account, std::size_t n) : text_(account) { grow(begin_, n); }

    [[nodiscard]] char *begin() noexcept { return begin_; }
    [[nodiscard]] std::size_t offset(char const *to) const noexcept { return static_cast<std::size_t>(to - begin_); }

    /// Makes room for the slack from `to` on.
    [[nodiscard]] char *room(char *to) { return to <= limit_ ? to : grow(to, 0); }
    /// Makes room for n bytes and the slack.
    [[nodiscard]] char *room(char *to, std::size_t n) {
        return to <= limit_ && n <= static_cast<std::size_t>(limit_ - to) ? to : grow(to, n);
    }

    /// The text up to `to`; the last use.
    [[nodiscard]] held_text take(char const *to) noexcept {
        text_.added(offset(to) - text_.size());
        return std::move(text_);
    }

  private:
    [[gnu::noinline]] char *grow(char *to, std::size_t n) {
        text_.added(offset(to) - text_.size());
        to = text_.room(n + slack);
        begin_ = to - text_.size();
        limit_ = begin_ + (text_.capacity() - slack);
        return to;
    }

    held_text text_; // its size follows when it grows
    char *begin_ = nullptr;
    char *limit_ = nullptr; // where the slack begins
};

} // namespace phial
