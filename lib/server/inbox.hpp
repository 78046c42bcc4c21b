// The bytes of a connection that were read and not used yet. Private to the server.
#pragma once

#include "phial/http/limits.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace phial {

/// A buffer of fixed size; a value that does no input or output. Views of what was read stay right until
/// restart() or move_to_front(), or, for bytes after mark_body(), until make_room().
class inbox {
  public:
    static constexpr std::size_t capacity = largest_head + 4096;

    inbox() : buffer_(std::make_unique_for_overwrite<char[]>(capacity)) {}

    /// Drops everything and begins with `bytes`, at most `capacity` of them.
    void restart(std::string_view bytes) noexcept {
        begin_ = 0;
        end_ = bytes.size();
        if (!bytes.empty()) std::memcpy(buffer_.get(), bytes.data(), bytes.size());
    }

    [[nodiscard]] std::string_view unread() const noexcept { return {buffer_.get() + begin_, end_ - begin_}; }
    [[nodiscard]] std::size_t size() const noexcept { return end_ - begin_; }
    [[nodiscard]] bool empty() const noexcept { return begin_ == end_; }

    /// Whether less than `least` bytes would follow the first `n` of unread() up to the end of the buffer, and moving
    /// helps.
    [[nodiscard]] bool is_short_after(std::size_t n, std::size_t least) const noexcept {
        return begin_ > 0 && capacity - begin_ < n + least;
    }
    /// Moves unread() to the beginning of the buffer. All views end.
    void move_to_front() noexcept {
        std::memmove(buffer_.get(), buffer_.get() + begin_, size());
        end_ -= std::exchange(begin_, 0);
    }

    /// Takes `n` bytes off unread(); not more than there are.
    void use(std::size_t n) noexcept { begin_ += n; }

    /// Where bytes are read to, at most `most` of them, and how many came.
    [[nodiscard]] std::span<char> room(std::size_t most) noexcept {
        return {buffer_.get() + end_, std::min(capacity - end_, most)};
    }
    void add(std::size_t n) noexcept { end_ += n; }

    /// The head was used: what follows is the body.
    void mark_body() noexcept { body_begin_ = begin_; }
    /// When all of the body that came was used, the next of it may take its place. The head stays, as the request's
    /// views point there.
    void make_room() noexcept {
        if (empty()) begin_ = end_ = body_begin_;
    }

  private:
    std::unique_ptr<char[]> buffer_;
    std::size_t begin_ = 0; // of unread()
    std::size_t end_ = 0;
    std::size_t body_begin_ = 0;
};

} // namespace phial
