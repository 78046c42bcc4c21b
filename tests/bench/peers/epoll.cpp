// The least that an upload can cost one thread: an edge-triggered epoll loop that writes what it has read, with just
// enough HTTP for uploads.py: it trusts its clients, and a body is not empty. Usage: epoll PORT FILE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <unordered_map>

namespace {

struct connection {
    std::string line; // what has come of a head, or of a line between two chunks
    int file = -1;    // open: a body is coming
    bool chunked = false;
    bool last_chunk = false; // has come, so that lines are trailers
    std::uint64_t left = 0;  // of the body, or of the chunk
};

[[noreturn]] void fail(char const *what) {
    std::perror(what);
    std::exit(1);
}

void answer(int fd, std::string_view body) {
    auto const whole = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + std::to_string(body.size()) +
                       "\r\n\r\n" + std::string(body);
    send(fd, whole.data(), whole.size(), MSG_NOSIGNAL); // few bytes: they fit into the socket's buffer
}

void write_all(int file, char const *data, std::size_t size) {
    while (size > 0) {
        auto const n = write(file, data, size);
        if (n < 0) fail("write");
        data += n;
        size -= static_cast<std::size_t>(n);
    }
}

// Takes bytes of a head, and begins what it asks for when it is whole: gives how many it took.
std::size_t take_head(connection &c, int fd, std::string_view in, char const *path) {
    auto const before = c.line.size();
    c.line += in;
    auto const end = c.line.find("\r\n\r\n");
    if (end == std::string::npos) return in.size();
    std::string_view const head(c.line.data(), end);
    if (head.starts_with("POST ")) {
        c.file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
        if (c.file < 0) fail(path);
        c.chunked = head.find("\r\nTransfer-Encoding: chunked") != head.npos;
        c.last_chunk = false;
        std::string_view const name = "\r\nContent-Length: ";
        auto const at = head.find(name);
        c.left = at == head.npos ? 0 : std::strtoull(head.data() + at + name.size(), nullptr, 10);
    } else {
        answer(fd, "Welcome");
    }
    c.line.clear();
    return end + 4 - before;
}

// Moves what the chunks hold to the front, so that it is one write, and counts it in `decoded`: gives how many bytes it
// took. The line break behind a chunk is passed over as an empty line.
std::size_t take_chunks(connection &c, char *in, std::size_t size, std::size_t &decoded, bool &ended) {
    std::size_t at = 0;
    while (at < size && !ended) {
        if (c.left > 0) {
            auto const n = std::min<std::uint64_t>(c.left, size - at);
            if (decoded < at) std::memmove(in + decoded, in + at, n);
            decoded += n;
            at += n;
            c.left -= n;
        } else if (auto const next = in[at++]; next != '\n') {
            if (next != '\r') c.line += next;
        } else if (c.last_chunk) {
            ended = c.line.empty();
            c.line.clear();
        } else if (!c.line.empty()) {
            c.left = std::strtoull(c.line.c_str(), nullptr, 16);
            c.last_chunk = c.left == 0;
            c.line.clear();
        }
    }
    return at;
}

void take(connection &c, int fd, char *in, std::size_t size, char const *path) {
    for (std::size_t at = 0; at < size;) {
        if (c.file < 0) {
            at += take_head(c, fd, {in + at, size - at}, path);
            continue;
        }
        bool ended = false;
        if (c.chunked) {
            std::size_t decoded = 0;
            auto const taken = take_chunks(c, in + at, size - at, decoded, ended);
            write_all(c.file, in + at, decoded);
            at += taken;
        } else {
            auto const n = std::min<std::uint64_t>(c.left, size - at);
            write_all(c.file, in + at, n);
            at += n;
            c.left -= n;
            ended = c.left == 0;
        }
        if (!ended) continue;
        close(c.file);
        c.file = -1;
        answer(fd, "Binary message written!");
    }
}

// False when the client has gone.
bool read_all(connection &c, int fd, char const *path) {
    static std::array<char, 64 * 1024> buffer;
    for (;;) {
        auto const n = recv(fd, buffer.data(), buffer.size(), 0);
        if (n < 0 && errno == EAGAIN) return true;
        if (n <= 0) return false;
        take(c, fd, buffer.data(), static_cast<std::size_t>(n), path);
    }
}

} // namespace

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    int const listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int const on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(std::atoi(argv[1])));
    if (bind(listener, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0 || listen(listener, 128) != 0)
        fail("listen");
    int const epoll = epoll_create1(EPOLL_CLOEXEC);
    auto const watch = [epoll](int fd, std::uint32_t what) {
        epoll_event e{what, {.fd = fd}};
        epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &e);
    };
    watch(listener, EPOLLIN);
    std::unordered_map<int, connection> clients;
    for (;;) {
        std::array<epoll_event, 64> events;
        int const n = epoll_wait(epoll, events.data(), static_cast<int>(events.size()), -1);
        for (int i = 0; i < n; ++i) {
            int const fd = events[static_cast<std::size_t>(i)].data.fd;
            if (fd == listener) {
                int const client = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
                if (client < 0) continue;
                setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
                clients[client] = {};
                watch(client, EPOLLIN | EPOLLET);
            } else if (auto &c = clients[fd]; !read_all(c, fd, argv[2])) {
                if (c.file >= 0) close(c.file);
                close(fd);
                clients.erase(fd);
            }
        }
    }
}
