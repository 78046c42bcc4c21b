// The responses of a connection that wait to be written, and how fast its client takes them. Private to the server.
#pragma once

#include "phial/server/pace.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace phial {

/// A value that does no input or output: the connection writes, and says how many bytes the kernel has taken, and how
/// many of those the client has not.
class outbox {
  public:
    /// When this many bytes wait, the next content is written together with them instead of being collected.
    static constexpr std::size_t batch = 64 * 1024;
    /// Bytes of memory that are kept for the next responses.
    static constexpr std::size_t most_kept = 256 * 1024;

    /// Appends bytes of responses. These functions throw std::bad_alloc.
    outbox &operator+=(std::string_view s) {
        std::memcpy(room(s.size()), s.data(), s.size());
        added(s.size());
        return *this;
    }
    /// For a caller that writes bytes itself: room(n) makes room for n more, at what it returns; added(n) takes n of
    /// them.
    [[nodiscard]] char *room(std::size_t n) {
        if (bytes_.size() - end_ < n) bytes_.resize(std::max(end_ + n, 2 * bytes_.size()));
        return bytes_.data() + end_;
    }
    void added(std::size_t n) noexcept { end_ += n; }

    /// What is still to be written.
    [[nodiscard]] std::string_view waiting() const noexcept { return {bytes_.data() + begin_, size()}; }
    [[nodiscard]] std::size_t size() const noexcept { return end_ - begin_; }
    [[nodiscard]] bool empty() const noexcept { return size() == 0; }
    [[nodiscard]] bool is_full() const noexcept { return size() > batch; }

    /// The next response begins: earlier ones that wait do not count for it.
    void begin_response() noexcept { sent_ = 0 - std::uint64_t{size()}; }
    /// Bytes of this response that were written or wait.
    [[nodiscard]] std::uint64_t sent() const noexcept { return sent_ + size(); }

    /// `n` bytes were written: those that wait, and then content that follows them. Returns how many of that.
    std::size_t wrote(std::size_t n) noexcept {
        sent_ += n;
        held_ += n;
        if (n < size()) {
            begin_ += n;
            return 0;
        }
        auto const more = n - size();
        drop();
        return more;
    }

    /// Nothing waits any more. Much memory is not kept: a loop has many of these.
    void drop() noexcept {
        begin_ = end_ = 0;
        if (bytes_.size() > most_kept) bytes_ = std::string();
    }

    /// The client must take what is written from now on as fast as `least` says. `held`: see count_taken().
    void begin_pace(pace const &least, std::size_t held) noexcept {
        least_ = least;
        held_ = held;
    }
    /// The kernel holds `held` bytes that the client has not acknowledged; it has taken all others.
    void count_taken(std::size_t held) noexcept {
        if (held < held_) least_.moved(held_ - held);
        held_ = held;
    }
    /// The same after a time without a look: whether it has taken anything, or nothing was left to take.
    [[nodiscard]] bool is_taken(std::size_t held) noexcept {
        bool const is = held == 0 || held < held_;
        count_taken(held);
        return is;
    }
    /// The same after one more second of waiting.
    [[nodiscard]] bool is_too_slow(std::size_t held) noexcept {
        count_taken(held);
        return least_.too_slow();
    }

  private:
    std::string bytes_;      // with the room after those that wait
    std::size_t begin_ = 0;  // of those that wait
    std::size_t end_ = 0;    // of those that wait
    std::uint64_t sent_ = 0; // of this response; less than 0 while earlier ones wait
    std::size_t held_ = 0;   // by the kernel, at the last look and what was written since
    pace least_;
};

} // namespace phial
