#include "phial/server/transport.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

namespace phial {
namespace {

using boost::system::error_code;

// What a system call returned, as a size; `ec` says why there is none.
std::size_t size_of(ssize_t n, error_code &ec) noexcept {
    ec = n < 0 ? error_code(errno, boost::system::system_category()) : error_code();
    return n < 0 ? 0 : static_cast<std::size_t>(n);
}

// The same of a call that reads: no bytes are the end.
std::size_t read_size(ssize_t n, error_code &ec) noexcept {
    auto const size = size_of(n, ec);
    if (n == 0) ec = boost::asio::error::eof;
    return size;
}

// The C library's recv and send are points at which a thread may be cancelled: in a process with threads that takes two
// locked instructions for each. No thread is cancelled here.
ssize_t receive(int socket, void *data, std::size_t size, int flags) noexcept {
    return ::syscall(SYS_recvfrom, socket, data, size, flags, nullptr, nullptr);
}
ssize_t transmit(int socket, void const *data, std::size_t size, int flags) noexcept {
    return ::syscall(SYS_sendto, socket, data, size, flags, nullptr, 0);
}

} // namespace

transport::~transport() {
    set_.remove(*this);
    drop_wait();
}

std::size_t transport::read_some(std::span<char> first, std::span<char> second, error_code &ec) noexcept {
    if (second.empty()) return read_size(receive(socket_.get(), first.data(), first.size(), 0), ec);
    std::array<iovec, 2> rooms{{{first.data(), first.size()}, {second.data(), second.size()}}};
    return read_size(::readv(socket_.get(), rooms.data(), rooms.size()), ec);
}

std::size_t transport::drop_some(std::size_t most, error_code &ec) noexcept {
    std::array<char, std::size_t{64} * 1024> untouched; // the sanitizers take it for written
    return read_size(receive(socket_.get(), untouched.data(), std::min(most, untouched.size()), MSG_TRUNC), ec);
}

std::size_t transport::write_some(std::string_view first, std::string_view second, error_code &ec) noexcept {
    if (second.empty()) return size_of(transmit(socket_.get(), first.data(), first.size(), MSG_NOSIGNAL), ec);
    std::array<iovec, 2> parts{
        {{const_cast<char *>(first.data()), first.size()}, {const_cast<char *>(second.data()), second.size()}}};
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = parts.size();
    return size_of(::sendmsg(socket_.get(), &message, MSG_NOSIGNAL), ec);
}

std::size_t transport::unread() const noexcept {
    int n = 0;
    return ::ioctl(socket_.get(), FIONREAD, &n) == 0 ? static_cast<std::size_t>(n) : 0;
}

std::size_t transport::unacknowledged() const noexcept {
    int n = 0;
    return ::ioctl(socket_.get(), SIOCOUTQ, &n) == 0 ? static_cast<std::size_t>(n) : 0;
}

short transport::ends() const noexcept {
    pollfd look{socket_.get(), POLLRDHUP, 0};
    return ::poll(&look, 1, 0) > 0 ? look.revents : short{0};
}

void transport::send_at_once() noexcept {
    int const on = 1;
    (void)::setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void transport::watch_peer() noexcept {
    auto const set = [this](int level, int name, int value) {
        (void)::setsockopt(socket_.get(), level, name, &value, sizeof value);
    };
    set(IPPROTO_TCP, TCP_KEEPIDLE, 60);  // seconds without a packet, until the first probe
    set(IPPROTO_TCP, TCP_KEEPINTVL, 15); // between two probes
    set(IPPROTO_TCP, TCP_KEEPCNT, 6);    // without an answer
    set(SOL_SOCKET, SO_KEEPALIVE, 1);
}

void transport::end_sending() noexcept { (void)::shutdown(socket_.get(), SHUT_WR); }

void transport::reset() noexcept {
    linger const at_once{1, 0};
    (void)::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    set_.remove(*this);
    socket_ = descriptor(-1);
}

} // namespace phial
