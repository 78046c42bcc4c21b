// A whole connection: what comes back is the same however the client's bytes are cut, and ends when the client does.
#include "fuzz.hpp"

#include "phial/http/http_error.hpp"
#include "phial/server/server_loop.hpp"

#include <string>
#include <sys/socket.h>
#include <unistd.h>

using namespace phial;
using namespace phial::fuzzing;

namespace {

// Says what it saw, so that a request that was taken for another one shows. The target chooses what becomes of the
// body.
task<response> respond(request &rq) {
    auto const path = rq.path();
    std::string body;
    if (path.starts_with("/r")) {
        body = (co_await rq.data()).str();
    } else if (path.starts_with("/p")) {
        auto const some = co_await rq.body().next();
        body = some ? some->substr(0, 1) : "";
    } else if (path.starts_with("/e")) {
        throw http_error(403);
    }
    co_return text(rq.method(), " ", rq.head().target, " ", rq.headers().size(), "\n", body, "\n");
}

task<response> refuse(request &rq) { co_return text("refused\n").status(rq.notes.refused.status); }

struct service {
    static server_options options() {
        server_options o;
        o.context.limits = {.request_line = 200,
                            .head = 400,
                            .fields = 10,
                            .body = 1000,
                            .body_in_memory = 500,
                            .unread_body = 100,
                            .chunk_line = 20,
                            .chunk_extensions = 40,
                            .trailers = 40};
        o.context.host = "localhost";
        return o;
    }

    loops on{1};
    server owner{on, options(), {respond, refuse}};
    server_loop loop{on[0], owner};
};

class pipe_end {
  public:
    explicit pipe_end(int fd) noexcept : fd_(fd) {}
    pipe_end(pipe_end const &) = delete;
    pipe_end &operator=(pipe_end const &) = delete;
    ~pipe_end() { ::close(fd_); }
    [[nodiscard]] int get() const noexcept { return fd_; }

  private:
    int fd_;
};

// Everything the service answers when it gets these bytes in such pieces, and then the end.
std::string answers(service &s, std::string_view bytes, std::string_view sizes) {
    int ends[2];
    require(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) == 0);
    pipe_end const client(ends[0]);
    auto &context = s.on[0].context();
    s.loop.serve(descriptor(ends[1]), boost::asio::ip::address_v4::loopback());

    std::string all;
    bool ended = false;
    auto const run = [&] {
        context.restart();
        while (context.poll() > 0) {
        }
        char buffer[4096];
        for (;;) {
            auto const n = ::recv(client.get(), buffer, sizeof buffer, MSG_DONTWAIT);
            ended = ended || n == 0;
            if (n <= 0) return;
            all.append(buffer, static_cast<std::size_t>(n));
        }
    };
    run();
    for_each_piece(bytes, sizes, [&](std::string_view piece) {
        (void)::send(client.get(), piece.data(), piece.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        run();
        return true;
    });
    (void)::shutdown(client.get(), SHUT_WR);
    run();
    require(ended && s.loop.is_empty() && s.loop.requests_under_way() == 0);
    return all;
}

void remove_all(std::string &from, std::string_view what) {
    for (auto i = from.find(what); i != from.npos; i = from.find(what, i)) from.erase(i, what.size());
}

// Names are new with each answer.
void remove_names(std::string &from) {
    constexpr std::string_view field = "X-Request-Id: ";
    for (auto i = from.find(field); i != from.npos; i = from.find(field, i)) from.erase(i, from.find('\n', i) - i);
}

// Equal, but for what may depend on the cuts: 100 (Continue) comes unless the body has; a refusal says that the
// connection ends if a malformed body has come by then; a head that is malformed and ends before its end is refused, or
// waited for in vain.
bool are_alike(std::string a, std::string b) {
    for (auto *one : {&a, &b}) {
        remove_all(*one, "HTTP/1.1 100 Continue\r\n\r\n");
        remove_all(*one, "Connection: close\r\n");
        remove_names(*one);
    }
    if (a.size() < b.size()) std::swap(a, b);
    if (!a.starts_with(b)) return false;
    auto const more = std::string_view(a).substr(b.size());
    return more.empty() || (more.starts_with("HTTP/1.1 400 ") && more.rfind("HTTP/1.1 ") == 0);
}

} // namespace

// The first four bytes choose the cuts.
int LLVMFuzzerTestOneInput(std::uint8_t const *data, std::size_t size) {
    static service s;
    auto bytes = as_text(data, size);
    auto const sizes = take(bytes, 4);
    auto const whole = answers(s, bytes, {});
    require(whole.empty() || whole.starts_with("HTTP/1.1 "));
    auto const last = whole.find("\r\nConnection: close\r\n");
    require(last == whole.npos || whole.find("\r\nDate: ", last) == whole.npos); // nothing is answered behind it
    require(are_alike(whole, answers(s, bytes, sizes)));
    return 0;
}
