// One client that asks for /articles/123 and waits for the answer, again and again; observe.py builds and runs it.
//   closed_loop PORT   reads numbers from stdin; for each it asks so often, all on one connection, and then prints how
//                      many bytes an answer had
// Exit status 1: an answer was not 200, not whole, or not what was asked for; stderr shows it.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace {

// As curl asks.
constexpr std::string_view request = "GET /articles/123 HTTP/1.1\r\n"
                                     "Host: 127.0.0.1:5000\r\n"
                                     "User-Agent: curl/7.88.1\r\n"
                                     "Accept: */*\r\n\r\n";
constexpr std::string_view content = "You are reading 123";

int connect_to(int port) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(port));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int const fd = socket(AF_INET, SOCK_STREAM, 0);
    int const on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return connect(fd, reinterpret_cast<sockaddr const *>(&to), sizeof to) == 0 ? fd : -1;
}

// How long the answer is that begins here: 0 while its head is not whole, -1 when it is not the one that is wanted.
long answer_size(std::string_view from) {
    auto const head = from.substr(0, from.find("\r\n\r\n"));
    if (head.size() == from.size()) return 0;
    constexpr std::string_view length = "\r\nContent-Length: "; // as both servers write it
    auto const at = head.find(length);
    if (!head.starts_with("HTTP/1.1 200 ") || at == head.npos) return -1;
    std::size_t size = 0;
    std::from_chars(head.data() + at + length.size(), head.data() + head.size(), size);
    return size == content.size() ? static_cast<long>(head.size() + 4 + size) : -1;
}

// Sends one request and takes its answer: the answer's size, -1 when it was wrong.
long ask(int fd) {
    if (send(fd, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size())) return -1;
    char buffer[4096];
    std::size_t filled = 0;
    while (filled < sizeof buffer) {
        auto const n = recv(fd, buffer + filled, sizeof buffer - filled, 0);
        if (n <= 0) break;
        filled += static_cast<std::size_t>(n);
        std::string_view const come(buffer, filled);
        auto const size = answer_size(come);
        if (size == 0 || size > static_cast<long>(filled)) continue;
        if (size == static_cast<long>(filled) && come.ends_with(content)) return size;
        break;
    }
    std::fprintf(stderr, "wrong answer: %.*s\n", static_cast<int>(filled), buffer);
    return -1;
}

} // namespace

int main(int argc, char **argv) {
    int const fd = argc == 2 ? connect_to(std::atoi(argv[1])) : -1;
    if (fd < 0) {
        std::fprintf(stderr, "closed_loop: cannot connect\n");
        return 1;
    }
    for (long count = 0; std::scanf("%ld", &count) == 1;) {
        long size = 0;
        for (; count > 0; --count)
            if ((size = ask(fd)) < 0) return 1;
        std::printf("%ld\n", size);
        std::fflush(stdout);
    }
    close(fd);
    return 0;
}
