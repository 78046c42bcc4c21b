// The least that a GET can cost one thread: an edge-triggered epoll loop with just enough HTTP for peers.py: it trusts
// its clients. All requests that one read brings are answered by one write. Usage: articles_epoll PORT
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>
#include <unordered_map>

namespace {

[[noreturn]] void fail(char const *what) {
    std::perror(what);
    std::exit(1);
}

// The line "Date: ...", made once a second.
std::string_view date_line() {
    static std::array<char, 64> line;
    static std::size_t size = 0;
    static std::time_t made = 0;
    if (auto const now = std::time(nullptr); now != made) {
        made = now;
        std::tm t{};
        gmtime_r(&now, &t);
        size = std::strftime(line.data(), line.size(), "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &t);
    }
    return {line.data(), size};
}

void append_answer(std::string &to, std::string_view status, std::string_view begin, std::string_view id) {
    std::array<char, 24> length;
    auto const digits = std::snprintf(length.data(), length.size(), "%zu", begin.size() + id.size());
    to += "HTTP/1.1 ";
    to += status;
    to += "\r\nServer: epoll\r\n";
    to += date_line();
    to += "Content-Type: text/plain\r\nContent-Length: ";
    to.append(length.data(), static_cast<std::size_t>(digits));
    to += "\r\n\r\n";
    to += begin;
    to += id;
}

// Answers all whole requests, and gives what is left.
std::string_view answer(std::string_view in, std::string &out) {
    constexpr std::string_view wanted = "GET /articles/";
    for (;;) {
        auto const end = in.find("\r\n\r\n");
        if (end == in.npos) return in;
        auto head = in.substr(0, end);
        in.remove_prefix(end + 4);
        if (head.starts_with(wanted)) {
            head.remove_prefix(wanted.size());
            append_answer(out, "200 OK", "You are reading ", head.substr(0, head.find(' ')));
        } else {
            append_answer(out, "404 Not Found", "", "");
        }
    }
}

// False when the client has gone. `rest` is the part of a request that came earlier.
bool read_all(int fd, std::string &rest) {
    static std::array<char, 64 * 1024> buffer;
    static std::string out;
    for (;;) {
        auto const n = recv(fd, buffer.data(), buffer.size(), 0);
        if (n < 0 && errno == EAGAIN) return true;
        if (n <= 0) return false;
        std::string_view in(buffer.data(), static_cast<std::size_t>(n));
        if (!rest.empty()) in = rest += in;
        out.clear();
        rest = std::string(answer(in, out));
        if (!out.empty() && send(fd, out.data(), out.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(out.size()))
            fail("send"); // no client asks for more at once than a socket's buffer takes
        if (n < static_cast<ssize_t>(buffer.size())) return true; // there was no more; if more comes, epoll says so
    }
}

int listen_on(int port) {
    int const listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int const on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    if (bind(listener, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0 || listen(listener, 4096) != 0)
        fail("listen");
    return listener;
}

} // namespace

int main(int argc, char **argv) {
    if (argc != 2) return 2;
    int const listener = listen_on(std::atoi(argv[1]));
    int const epoll = epoll_create1(EPOLL_CLOEXEC);
    int const on = 1;
    auto const watch = [epoll](int fd, std::uint32_t what) {
        epoll_event e{what, {.fd = fd}};
        epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &e);
    };
    watch(listener, EPOLLIN);
    std::unordered_map<int, std::string> clients;
    for (;;) {
        std::array<epoll_event, 512> events;
        int const n = epoll_wait(epoll, events.data(), static_cast<int>(events.size()), -1);
        for (int i = 0; i < n; ++i) {
            int const fd = events[static_cast<std::size_t>(i)].data.fd;
            if (fd == listener) {
                int const client = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
                if (client < 0) continue;
                setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
                clients[client].clear();
                watch(client, EPOLLIN | EPOLLET);
            } else if (!read_all(fd, clients[fd])) {
                close(fd);
                clients.erase(fd);
            }
        }
    }
}
