// Clients that drip the heads of their requests, and what they drip to for comparison; slow_heads.py builds and runs
// it.
//   dripper drip PORT CLIENTS   each sends 24 KiB of a head at once, then a byte a second; when cut off, again;
//                               prints bytes, connects and cut-offs a second, failed connects, the latest byte in ms
//   dripper sink ignore|read    prints its port; ends each connection after 10 s; reads what comes, or never looks
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <string>
#include <thread>
#include <vector>

namespace {

using steady = std::chrono::steady_clock;
using namespace std::chrono_literals;

std::sig_atomic_t volatile ended = 0;

sockaddr_in loopback(std::uint32_t host, int port) {
    sockaddr_in a{};
    a.sin_family = AF_INET;
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK + host);
    a.sin_port = htons(static_cast<std::uint16_t>(port));
    return a;
}

// Within phial's limits, and left open in its last field, which the drips go on with.
std::string large_head() {
    std::string head = "GET /articles/123 HTTP/1.1\r\nHost: a\r\n";
    for (int i = 10; head.size() < 24 * 1024 - 300; ++i)
        head += "X-Field-" + std::to_string(i) + ": " + std::string(290, 'a') + "\r\n";
    return head + "X-Last: ";
}

struct client {
    int fd = -1;
    steady::time_point ends = steady::time_point::max(); // by itself
};

struct counts {
    double drips = 0, connected = 0, cut = 0, failed = 0;
    double late = 0; // at most, in milliseconds
};

void connect(client &c, std::size_t number, int port, counts &n) {
    static std::string const head = large_head();
    c.fd = socket(AF_INET, SOCK_STREAM, 0);
    int const on = 1;
    setsockopt(c.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(c.fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    auto const from = loopback(256 + number % 8, 0); // 127.0.1.x: one address has too few ports
    auto const to = loopback(0, port);
    if (bind(c.fd, reinterpret_cast<sockaddr const *>(&from), sizeof from) != 0 ||
        connect(c.fd, reinterpret_cast<sockaddr const *>(&to), sizeof to) != 0 ||
        send(c.fd, head.data(), head.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(head.size())) {
        ++n.failed;
        close(c.fd);
        c.fd = -1;
        return;
    }
    ++n.connected;
}

// What a client does once a second: notices that it was cut off, or sends a byte.
void visit(client &c, std::size_t number, int port, counts &n) {
    char answer[4096];
    bool const cut = c.fd >= 0 && (recv(c.fd, answer, sizeof answer, MSG_DONTWAIT) >= 0 || errno != EAGAIN);
    if (cut || (c.fd >= 0 && steady::now() > c.ends)) {
        n.cut += cut;
        close(c.fd);
        c = {};
    }
    if (c.fd < 0) return connect(c, number, port, n);
    send(c.fd, "a", 1, MSG_NOSIGNAL);
    ++n.drips;
}

// The clients take turns, evenly over the second. A first life is ended at a random age, so that from the first second
// on as many connections end at any time as later.
int drip(int port, std::size_t count) {
    std::vector<client> clients(count);
    auto const begin = steady::now();
    for (auto &c : clients) c.ends = begin + std::chrono::milliseconds(1000 + std::rand() % 10000);
    counts n;
    for (std::size_t turn = 0; !ended; ++turn) {
        auto const due = begin + turn * std::chrono::nanoseconds(1s) / static_cast<long>(count);
        std::this_thread::sleep_until(due);
        if (turn == 2 * count) n = {.failed = n.failed}; // counted from the third second on
        n.late = std::max(n.late, std::chrono::duration<double, std::milli>(steady::now() - due).count());
        visit(clients[turn % count], turn % count, port, n);
    }
    auto const seconds = std::chrono::duration<double>(steady::now() - begin).count() - 2;
    std::printf("%.0f %.0f %.0f %.0f %.1f\n", n.drips / seconds, n.connected / seconds, n.cut / seconds, n.failed,
                n.late);
    return 0;
}

int sink(bool reads) {
    int const listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    auto address = loopback(0, 0);
    socklen_t size = sizeof address;
    if (bind(listener, reinterpret_cast<sockaddr *>(&address), size) != 0 || listen(listener, 4096) != 0 ||
        getsockname(listener, reinterpret_cast<sockaddr *>(&address), &size) != 0)
        return 1;
    std::printf("%d\n", ntohs(address.sin_port));
    std::fflush(stdout);
    int const epoll = epoll_create1(0);
    auto const watch = [epoll](int fd) {
        epoll_event e{EPOLLIN, {.fd = fd}};
        epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &e);
    };
    watch(listener);
    std::deque<std::pair<steady::time_point, int>> open;
    std::vector<char> buffer(64 * 1024);
    while (!ended) {
        epoll_event events[64];
        int const n = epoll_wait(epoll, events, 64, 100);
        for (int i = 0; i < n; ++i) {
            if (events[i].data.fd != listener) {
                if (recv(events[i].data.fd, buffer.data(), buffer.size(), MSG_DONTWAIT) == 0)
                    epoll_ctl(epoll, EPOLL_CTL_DEL, events[i].data.fd, nullptr); // closed when its time has come
                continue;
            }
            for (int fd = 0; (fd = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK)) >= 0;) {
                open.emplace_back(steady::now() + 10500ms, fd); // phial's 10 s end with a tick a second
                if (reads) watch(fd);
            }
        }
        for (; !open.empty() && open.front().first < steady::now(); open.pop_front()) close(open.front().second);
    }
    return 0;
}

} // namespace

int main(int argc, char **argv) {
    struct sigaction end = {};
    end.sa_handler = [](int) { ended = 1; };
    sigaction(SIGTERM, &end, nullptr);
    prctl(PR_SET_TIMERSLACK, 1UL);
    std::string const mode = argc == 4 || argc == 3 ? argv[1] : "";
    if (mode == "drip" && argc == 4) return drip(std::atoi(argv[2]), std::strtoul(argv[3], nullptr, 10));
    if (mode == "sink") return sink(argv[2] == std::string("read"));
    return 2;
}
