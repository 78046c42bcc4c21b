#include "phial/http/multipart.hpp"

#include "phial/http/computing.hpp"
#include "phial/http/http_error.hpp"
#include "phial/http/media_type.hpp"
#include "phial/text/utf8.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace phial {
namespace {

// Bytes converted at a time; the conversion needs as much memory again.
constexpr std::size_t slice = 16 * 1024;

held_text mended(held_text bytes, charset encoding) {
    if (encoding == charset::utf_8 && is_utf8(bytes)) return bytes;
    held_text out(bytes.account());
    out.reserve(to_utf8_length(bytes, encoding));
    auto rest = bytes.view();
    if (encoding == charset::utf_8)
        while (!rest.empty()) out += take_utf8(rest);
    for (; !rest.empty(); rest.remove_prefix(std::min(slice, rest.size())))
        out += std::string_view(to_utf8(rest.substr(0, slice), encoding)); // each character is one byte
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
    while (!ended_) { // the epilogue has no meaning, but its framing must be valid
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

// RFC 7578 4.6: a field named _charset_ gives the charset of the fields after it that do not name one.
task<held_text> multipart_reader::text() {
    auto const type = parse_media_type(in_part_ ? std::string_view(parser_.head().content_type) : "");
    auto const encoding = type.parameter("charset") ? charset_of(type) : charset_;
    held_text all(account_);
    while (auto const bytes = co_await data()) {
        if (bytes->size() > text_left_)
            throw http_error(413, "The fields of the form are larger than is accepted here.");
        text_left_ -= bytes->size();
        all.append(*bytes);
    }
    auto const mend = [&all, encoding] { all = mended(std::move(all), encoding); };
    co_await compute(computing_, all.size(), mend);
    if (shown_ != nullptr) keep_to_show(*shown_, parser_.head().name, all);
    if (parser_.head().name == "_charset_" && !all.empty()) charset_ = require_charset(all);
    co_return all;
}

} // namespace phial
