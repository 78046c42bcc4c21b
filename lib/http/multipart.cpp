// Pulls bytes from a body through the multipart parser.
#include "http/multipart.hpp"

#include "http/http_error.hpp"
#include "http/media_type.hpp"
#include "http/utf8.hpp"

namespace phial {

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

// RFC 7578 4.6: a field of the name _charset_ says what those behind it are in that do not say it themselves.
task<std::string> multipart_reader::text() {
    auto const type = parse_media_type(in_part_ ? std::string_view(parser_.head().content_type) : "");
    auto const from = type.parameter("charset") ? charset_of(type) : charset_;
    std::string all;
    while (auto const bytes = co_await data()) {
        if (bytes->size() > text_left_)
            throw http_error(413, "The fields of the form are larger than is accepted here.");
        text_left_ -= bytes->size();
        memory_.grow(bytes->size());
        all += *bytes;
    }
    if (from == charset::windows_1252) {
        memory_.grow(windows_1252_length(all));
        co_return to_utf8(all, from);
    }
    if (parser_.head().name == "_charset_" && !all.empty()) charset_ = require_charset(all);
    co_return is_utf8(all) ? std::move(all) : to_utf8(all);
}

} // namespace phial
