// Pulls bytes from a body through the multipart parser.
#include "http/multipart.hpp"

#include "http/computing.hpp"
#include "http/http_error.hpp"
#include "http/utf8.hpp"

#include <utility>

namespace phial {
namespace {

held_text mended(held_text bytes) {
    if (is_utf8(bytes)) return bytes;
    held_text out(bytes.account());
    out.reserve(to_utf8_length(bytes));
    for (auto rest = bytes.view(); !rest.empty();) out += take_utf8(rest);
    return out;
}

} // namespace

task<multipart_parser::event> multipart_reader::event() {
    for (;;) {
        auto const e = parser_.next(input_);
        if (e != multipart_parser::event::need_more) co_return e;
        if (ended_) throw http_error(400, "The multipart body ends before its final boundary.");
        if (auto const bytes = co_await body_.next()) {
            input_ = *bytes;
        } else {
            ended_ = true;
            input_ = "\r\n";
        }
    }
}

task<part_head const *> multipart_reader::next() {
    while (!completed_) {
        auto const e = co_await event();
        in_part_ = e == multipart_parser::event::part;
        if (in_part_) co_return &parser_.head();
        completed_ = e == multipart_parser::event::end;
    }
    while (!ended_) { // the epilogue means nothing, but its framing has to be sound
        auto const bytes = co_await body_.next();
        ended_ = !bytes;
    }
    co_return nullptr;
}

task<std::optional<std::string_view>> multipart_reader::data() {
    if (!in_part_) co_return std::nullopt;
    auto const e = co_await event(); // named: g++ 12 miscompiles a comparison with an awaited value in the condition
    if (e == multipart_parser::event::data) co_return parser_.data();
    in_part_ = false;
    co_return std::nullopt;
}

task<held_text> multipart_reader::text() {
    held_text all(account_);
    while (auto const bytes = co_await data()) {
        if (bytes->size() > text_left_)
            throw http_error(413, "The fields of the form are larger than is accepted here.");
        text_left_ -= bytes->size();
        all.append(*bytes);
    }
    auto const mend = [&all] { all = mended(std::move(all)); };
    co_await compute(computing_, all.size(), mend);
    co_return all;
}

} // namespace phial
