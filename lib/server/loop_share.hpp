// How much of its loop a transfer takes for itself.
#pragma once

#include <cstddef>

namespace phial {

/// Counts the bytes that one connection moves while the others of its loop wait. A value: the caller lets others run
/// when a turn is used up.
class loop_share {
  public:
    /// Bytes of a body that are read, or written, in one turn of the loop.
    static constexpr std::size_t long_turn = 256 * 1024;
    /// The same for a body that is decoded as it arrives: decoding takes longer than storing.
    static constexpr std::size_t decoding_turn = 64 * 1024;
    /// The same for a body that comes as fast as it is read while others wait for responses. A fast upload starves
    /// small requests by using all the CPU, not by one long turn; short turns throttle it.
    static constexpr std::size_t short_turn = 1024;
    /// A body comes that fast when this many bytes of it were read without waiting.
    static constexpr std::size_t fast = 64 * 1024;

    /// Another body begins: it may be a small one.
    void begin_body() noexcept { in_a_row_ = 0; }
    /// `n` bytes were read or written.
    void moved(std::size_t n) noexcept {
        in_a_row_ += n;
        unshared_ += n;
    }
    /// The client was waited for: others had their turn meanwhile.
    void waited() noexcept { in_a_row_ = unshared_ = 0; }
    /// Others had a turn.
    void shared() noexcept { unshared_ = 0; }

    /// Bytes to read before others run. `others_wait`: for responses to small requests.
    [[nodiscard]] std::size_t turn(bool others_wait) const noexcept {
        return in_a_row_ >= fast && others_wait ? short_turn : long_turn;
    }
    [[nodiscard]] bool has_used_up(std::size_t turn) const noexcept { return unshared_ >= turn; }

  private:
    std::size_t in_a_row_ = 0; // bytes since the last wait
    std::size_t unshared_ = 0; // bytes since others had a turn
};

} // namespace phial
