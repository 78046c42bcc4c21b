// Which sockets of a loop are ready: an epoll set of the loop's connections, for whose descriptor Asio waits. Private
// to the server.
#pragma once

#include "phial/runtime/task.hpp"

#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/intrusive/list.hpp>
#include <boost/system/error_code.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <sys/epoll.h>

namespace phial {

class transport;

/// Asio makes a system call for each wait of each of its sockets, to ask for the next event. Here a socket stays in the
/// set from one request to the next, and Asio waits once for all that are ready at a time. The set is level-triggered:
/// no event is lost, however much was read. Used on its loop's thread only.
class ready_set {
  public:
    /// What a transport has of the set.
    class member : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
        friend class ready_set;
        std::uint32_t events_ = 0; // that are waited for; 0: it is not in the set
        int failure_ = 0;          // an errno: why it cannot wait
        bool is_cancelled_ = false;
    };

    /// Throws std::system_error when the kernel has no descriptor or memory left.
    explicit ready_set(executor e);
    ready_set(ready_set const &) = delete;
    ready_set &operator=(ready_set const &) = delete;

    /// The transport's wait will end when it can be read, or else written.
    void watch(transport &t, bool to_read) noexcept;
    /// Its wait will end soon, by cancelling.
    void cancel(transport &t) noexcept;
    /// It is destroyed.
    void remove(transport &t) noexcept;

    /// To be called once a second: an event that could not be waited for, because memory was short, is waited for
    /// again.
    void tick() noexcept;
    /// The loop has ended: all waits are dropped without completion.
    void close() noexcept;

  private:
    using members = boost::intrusive::list<member, boost::intrusive::constant_time_size<false>>;

    void wait() noexcept;
    void collect(boost::system::error_code const &ec);
    void complete_cancelled();
    [[nodiscard]] std::span<epoll_event> ready(std::size_t most) noexcept;
    void complete(transport &t);
    void change(transport &t, std::uint32_t events) noexcept;

    using descriptor = boost::asio::posix::basic_stream_descriptor<executor>;

    // Of the set, which it owns. Asio's part of it must not outlive the loop: close() destroys it.
    std::optional<descriptor> set_;
    int const number_;  // of the descriptor
    members members_;   // those in the set
    members cancelled_; // those to be completed with an error
    std::size_t size_ = 0;
    bool waiting_ = false;
    std::array<epoll_event, 64> events_;
    std::span<epoll_event> left_; // of the events that are being completed
};

} // namespace phial
