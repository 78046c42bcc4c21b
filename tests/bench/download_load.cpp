// Clients that ask for files, each for the next one when it has received the last; downloads.py builds and runs it.
//   download_load PORT CONNECTIONS FILES   reads numbers from stdin; for each it makes so many requests, for /static/0
//                                          and so on to /static/FILES-1 in turn, and prints the seconds and the bytes
// Exit status 1: an answer was not 200 with Content-Length, or the connection ended; stderr says so.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

struct client {
    int fd = -1;
    std::string head; // while it is not whole
    std::uint64_t left = 0;
};

struct load {
    long files;
    long to_send = 0;
    long to_receive = 0;
    long next = 0;
    std::uint64_t bytes = 0;
    std::vector<char> buffer = std::vector<char>(1U << 20U);
};

[[noreturn]] void fail(char const *why, std::string_view shown) {
    std::fprintf(stderr, "download_load: %s: %.*s\n", why, static_cast<int>(shown.size()), shown.data());
    std::exit(1);
}

int connect_to(int port) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(port));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int const fd = socket(AF_INET, SOCK_STREAM, 0);
    int const on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(fd, reinterpret_cast<sockaddr const *>(&to), sizeof to) != 0) fail("cannot connect", "");
    return fd;
}

void ask(client &c, load &all) {
    if (all.to_send == 0) return;
    --all.to_send;
    auto const request = "GET /static/" + std::to_string(all.next++ % all.files) + " HTTP/1.1\r\nHost: a\r\n\r\n";
    c.head.clear();
    if (send(c.fd, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
        fail("cannot send", request);
}

// Takes the end of the head and what came of the content; false while the head is not whole.
bool take_head(client &c, load &all, std::string_view come) {
    c.head += come;
    auto const end = c.head.find("\r\n\r\n");
    if (end == c.head.npos) return false;
    constexpr std::string_view length = "\r\nContent-Length: ";
    auto const at = c.head.find(length);
    if (!c.head.starts_with("HTTP/1.1 200 ") || at > end) fail("a wrong answer", c.head.substr(0, end));
    std::from_chars(c.head.data() + at + length.size(), c.head.data() + end, c.left);
    all.bytes += c.left;
    c.left -= c.head.size() - end - 4;
    return true;
}

void receive(client &c, load &all) {
    auto const n = recv(c.fd, all.buffer.data(), all.buffer.size(), MSG_DONTWAIT);
    if (n < 0) return;
    if (n == 0) fail("a connection ended", c.head);
    if (c.left > 0)
        c.left -= static_cast<std::uint64_t>(n);
    else if (!take_head(c, all, {all.buffer.data(), static_cast<std::size_t>(n)}))
        return;
    if (c.left > 0) return;
    --all.to_receive;
    ask(c, all);
}

} // namespace

int main(int argc, char **argv) {
    if (argc != 4) return 1;
    std::vector<client> clients(static_cast<std::size_t>(std::atoi(argv[2])));
    load all{.files = std::atol(argv[3])};
    int const set = epoll_create1(0);
    for (auto &c : clients) {
        c.fd = connect_to(std::atoi(argv[1]));
        epoll_event event{.events = EPOLLIN, .data = {.ptr = &c}};
        epoll_ctl(set, EPOLL_CTL_ADD, c.fd, &event);
    }
    while (std::scanf("%ld", &all.to_send) == 1) {
        all.to_receive = all.to_send;
        all.bytes = 0;
        auto const begun = std::chrono::steady_clock::now();
        for (auto &c : clients) ask(c, all);
        while (all.to_receive > 0) {
            epoll_event events[64];
            auto const n = epoll_wait(set, events, 64, -1);
            for (int i = 0; i < n; ++i) receive(*static_cast<client *>(events[i].data.ptr), all);
        }
        std::chrono::duration<double> const took = std::chrono::steady_clock::now() - begun;
        std::printf("%.6f %llu\n", took.count(), static_cast<unsigned long long>(all.bytes));
        std::fflush(stdout);
    }
}
