// The socket of a connection, as far as a connection uses it. It waits in the ready_set of its loop. Private to the
// server.
#pragma once

#include "phial/runtime/descriptor.hpp"
#include "phial/server/ready_set.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/system/error_code.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <string_view>
#include <utility>

namespace phial {

/// A connected stream socket. Reading and writing never wait: without bytes, or room, the error is would_block. What
/// waits is async_wait, once at a time. Used on its loop's thread only.
class transport : public ready_set::member {
  public:
    using error_code = boost::system::error_code;
    enum class wait_type : std::uint8_t { read, write };

    /// `socket` does not block. `set` outlives the transport.
    transport(descriptor socket, ready_set &set) noexcept : socket_(std::move(socket)), set_(set) {}
    transport(transport const &) = delete;
    transport &operator=(transport const &) = delete;
    ~transport();

    /// The room is not empty. Returns the number of bytes that were read; `ec` is eof when the peer has ended its side.
    std::size_t read_some(std::span<char> room, error_code &ec) noexcept { return read_some(room, {}, ec); }
    /// Fills `first` before `second`.
    std::size_t read_some(std::span<char> first, std::span<char> second, error_code &ec) noexcept;
    /// Drops up to `most` bytes that have arrived, at most 64 KiB; the kernel does not even copy them.
    std::size_t drop_some(std::size_t most, error_code &ec) noexcept;
    /// Returns the number of bytes that were written, of `first` and then of `second`.
    std::size_t write_some(std::string_view first, std::string_view second, error_code &ec) noexcept;

    /// Bytes that have arrived and were not read.
    [[nodiscard]] std::size_t unread() const noexcept;
    /// Bytes that were written and that the peer has not acknowledged.
    [[nodiscard]] std::size_t unacknowledged() const noexcept;
    /// What poll says now, of POLLRDHUP, POLLERR and POLLHUP.
    [[nodiscard]] short ends() const noexcept;

    /// Small responses are sent at once (TCP_NODELAY).
    void send_at_once() noexcept;
    /// From now on the connection breaks when the peer's machine does not answer for two and a half minutes, although
    /// nothing is sent (TCP keep-alive).
    void watch_peer() noexcept;
    /// Ends this side; the peer's side can still be read.
    void end_sending() noexcept;
    /// Closes the connection by a reset: what was written and not acknowledged is dropped.
    void reset() noexcept;

    /// Waits until reading, or writing, will not block; it may end earlier. The signature of completion is
    /// void(error_code). It completes within a handler of the loop, never from here.
    template <class Token>
    auto async_wait(wait_type what, Token &&token) {
        return boost::asio::async_initiate<Token, void(error_code)>(
            [this, what](auto handler) { this->start(what, std::move(handler)); }, token);
    }
    /// The wait, if there is one, ends soon, with operation_aborted.
    void cancel() noexcept {
        if (waits()) set_.cancel(*this);
    }

  private:
    friend class ready_set;

    // A handler is kept in the transport, so that waiting allocates nothing. It resumes a coroutine, or owns a
    // connection that rests: both are a few pointers.
    struct alignas(std::max_align_t) handler_room {
        std::array<std::byte, 32> bytes;
    };
    using completion = void (*)(handler_room &room, error_code const *ec); // ec null: the handler is only destroyed

    template <class Handler>
    static void complete(handler_room &room, error_code const *ec) {
        auto *const stored = std::launder(reinterpret_cast<Handler *>(&room));
        Handler handler(std::move(*stored));
        stored->~Handler();
        if (ec != nullptr) std::move(handler)(*ec);
    }

    template <class Handler>
    void start(wait_type what, Handler handler) {
        static_assert(sizeof(Handler) <= sizeof(handler_room) && alignof(Handler) <= alignof(handler_room));
        auto slot = boost::asio::get_associated_cancellation_slot(handler);
        if (slot.is_connected()) slot.assign([this](boost::asio::cancellation_type) { cancel(); });
        ::new (static_cast<void *>(&handler_)) Handler(std::move(handler));
        complete_ = &complete<Handler>;
        set_.watch(*this, what == wait_type::read);
    }

    [[nodiscard]] bool waits() const noexcept { return complete_ != nullptr; }
    // The transport may be gone afterwards.
    void complete(error_code const &ec) { std::exchange(complete_, nullptr)(handler_, &ec); }
    void drop_wait() noexcept {
        if (waits()) std::exchange(complete_, nullptr)(handler_, nullptr);
    }

    descriptor socket_;
    ready_set &set_;
    completion complete_ = nullptr;
    handler_room handler_;
};

} // namespace phial
