// multipart/form-data: the same parts, content and errors however the body is cut.
#include "fuzz.hpp"

#include "phial/http/http_error.hpp"
#include "phial/http/memory_account.hpp"
#include "phial/http/multipart.hpp"
#include "phial/http/multipart_boundary.hpp"
#include "phial/http/multipart_parser.hpp"
#include "phial/text/concat.hpp"
#include "phial/text/utf8.hpp"

#include <boost/asio/co_spawn.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <string>

using namespace phial;
using namespace phial::fuzzing;
using event = multipart_parser::event;

namespace {

struct outcome {
    std::string events; // with the content that came between them
    bool ended = false;
    unsigned status = 0; // of the error
    bool operator==(outcome const &) const = default;
};

std::string as_line(part_head const &head) {
    require(is_utf8(head.name) && is_utf8(head.filename.value_or("")) && is_utf8(head.content_type));
    return concat("\npart ", head.name, "|", head.filename.value_or("(none)"), "|", head.content_type, "\n");
}

class reader {
  public:
    explicit reader(multipart_parser parser) : parser_(std::move(parser)) {}

    // Whether more is to come.
    bool feed(std::string_view piece) {
        try {
            while (!out_.ended) {
                auto const e = parser_.next(piece);
                if (e == event::need_more) break;
                take(e);
            }
            require(piece.empty());
        } catch (http_error const &e) {
            out_.status = e.status();
            require(out_.status == 400 || out_.status == 413 || out_.status == 415);
        }
        return out_.status == 0 && !out_.ended;
    }

    [[nodiscard]] outcome const &result() const noexcept { return out_; }

  private:
    void take(event e) {
        require((e == event::data || e == event::part_end) == part_.has_value());
        if (part_) require(*part_ == as_line(parser_.head()));
        if (e == event::part) out_.events += part_.emplace(as_line(parser_.head()));
        if (e == event::data) out_.events += parser_.data();
        if (e == event::part_end) {
            out_.events += "\nend of part\n";
            part_.reset();
        }
        out_.ended = e == event::end;
    }

    multipart_parser parser_;
    std::optional<std::string> part_; // that is being read
    outcome out_;
};

outcome parse(multipart_parser const &fresh, std::string_view bytes, std::string_view sizes) {
    reader r(fresh);
    bool open = true;
    for_each_piece(bytes, sizes, [&](std::string_view piece) { return open = r.feed(piece); });
    if (open) r.feed("\r\n"); // where the body ends
    return r.result();
}

class pieces final : public body_stream {
  public:
    explicit pieces(std::string_view rest) : rest_(rest) {}
    task<std::optional<std::string_view>> next() override {
        if (rest_.empty()) co_return std::nullopt;
        co_return take(rest_, 100);
    }
    std::optional<std::uint64_t> length() const noexcept override { return rest_.size(); }

  private:
    std::string_view rest_;
};

task<> read_texts(multipart_reader &parts, quota const &budget) {
    while (auto const *part = co_await parts.next()) {
        if (part->filename) continue;
        auto const text = co_await parts.text();
        require(is_utf8(text));
        require(budget.used() >= text.size());
    }
}

// Little memory is 413, and nothing stays counted.
void check_account(std::string_view boundary, std::string_view bytes) {
    quota budget(bytes.size());
    pieces body(bytes);
    multipart_reader parts(body, boundary, {}, std::make_shared<memory_account>(&budget));
    boost::asio::io_context on{1};
    boost::asio::co_spawn(on.get_executor(), read_texts(parts, budget), [](std::exception_ptr const &failure) {
        try {
            if (failure) std::rethrow_exception(failure);
        } catch (http_error const &e) {
            require(e.status() == 400 || e.status() == 413 || e.status() == 415);
        }
    });
    on.run();
    require(budget.used() == 0);
}

} // namespace

// The first four bytes choose the cuts, the rest of the first line is the boundary.
int LLVMFuzzerTestOneInput(std::uint8_t const *data, std::size_t size) {
    auto bytes = as_text(data, size);
    auto const sizes = take(bytes, 4);
    auto const boundary = take_until(bytes, '\n');
    std::optional<multipart_parser> fresh;
    try {
        fresh.emplace(boundary);
    } catch (http_error const &e) {
        require(e.status() == 400);
        return 0;
    }
    require(boundary.size() <= max_boundary);
    require(parse(*fresh, bytes, {}) == parse(*fresh, bytes, sizes));
    check_account(boundary, bytes);
    return 0;
}
