// The app: whatever head the parser lets through, the answer is sound, and so are the log's lines.
#include "fuzz.hpp"

#include "app/app.hpp"
#include "phial/runtime/worker_pool.hpp"
#include "phial/server/head_parser.hpp"
#include "phial/text/ascii.hpp"
#include "phial/text/utf8.hpp"
#include "tests/support/support.hpp"

#include <string>

using namespace phial;
using namespace phial::fuzzing;

namespace {

bool is_control(char c) noexcept { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

class line_checker final : public log_sink {
  public:
    void write(severity level, std::string_view message, std::span<attribute const> attributes) noexcept override {
        for (auto const as : {log_format::text, log_format::json}) {
            std::string lines;
            append_record(lines, as, wall_time{}, level, message, attributes);
            write_lines(std::move(lines), 1);
        }
    }
    void write_lines(std::string lines, std::size_t records) noexcept override {
        require(lines.ends_with('\n') && is_utf8(lines));
        require(std::count_if(lines.begin(), lines.end(), is_control) == static_cast<std::ptrdiff_t>(records));
    }
    void count_dropped(std::size_t) noexcept override { require(false); }
    [[nodiscard]] log_format format() const noexcept override { return log_format::text; }
};

struct service {
    line_checker sink;
    logger log{sink, severity::debug};
    worker_pool pool{1};
    file_store uploads{pool, "/dev/null"}; // no folder: no file can be written
    single_user known{"admin", "secret"};
    phial::app app = make_app(known, uploads, log);
    boost::asio::io_context loop{1};
};

task<> read(response &rs) {
    while (auto const piece = co_await rs.stream()->next()) rs.body() += *piece;
    rs.stream(nullptr);
}

void check(response const &rs) {
    require(rs.status() >= 200 && rs.status() < 600 && rs.stream() == nullptr);
    std::string_view lines = rs.field_lines();
    while (!lines.empty()) {
        auto line = take_until(lines, '\n');
        require(line.ends_with('\r'));
        line.remove_suffix(1);
        auto const name = take_until(line, ':');
        require(!name.empty() && std::all_of(name.begin(), name.end(), is_token_char));
        require(std::none_of(line.begin(), line.end(), is_control));
    }
    require(is_utf8(rs.body()));
    auto const type = parse_media_type(rs.get("Content-Type"));
    if (type.is_json()) (void)json::parse(rs.body());
    if (type.is("text/html")) require(rs.body().find("<zz") == std::string::npos); // nothing the client sent is markup
    auto const location = rs.get("Location");
    require((rs.status() == 308) == location.starts_with('/'));
    require(!location.starts_with("//") && location.find('\\') == location.npos); // it leads to no other host
}

} // namespace

// The first byte is the method ('0' is GET), with 8 more in debug mode; then the target, a line; field lines; an empty
// line; the body. The lines end with LF.
int LLVMFuzzerTestOneInput(std::uint8_t const *data, std::size_t size) {
    static service s;
    auto bytes = as_text(data, size);
    unsigned const choice = bytes.empty() ? 0 : static_cast<unsigned char>(bytes.front());
    take(bytes, 1);
    auto text = concat(to_string(static_cast<method>(choice % 8)), " ", take_until(bytes, '\n'), " HTTP/1.1\r\n");
    for (auto line = take_until(bytes, '\n'); !line.empty(); line = take_until(bytes, '\n'))
        text += concat(line, "\r\n");
    if (text.find("Host:") == text.npos) text += "Host: 127.0.0.1:5000\r\n";
    text += "\r\n";

    head_parser head{message_limits()};
    if (head.parse(text) != head_parser::result::complete) return 0;
    string_body body{std::string(bytes)};
    service_context context;
    context.debug = (choice & 8U) != 0;
    context.limits.body_in_memory = 1024;
    request rq(head.head(), body, context);
    auto rs = testing::run(s.loop, s.app.respond(rq));
    if (rs.stream() != nullptr) testing::run(s.loop, read(rs)); // the page of debug mode
    check(rs);
    if (rs.status() != 308) return 0;
    auto redirected = head.head();
    redirected.target = rs.get("Location");
    redirected.plain_target = false;
    request again(redirected, body, context);
    require(testing::run(s.loop, s.app.respond(again)).status() != 308);
    return 0;
}
