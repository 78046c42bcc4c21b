// Finds delimiters and reads part headers.
#include "http/multipart_parser.hpp"

#include "http/ascii.hpp"
#include "http/http_error.hpp"
#include "http/media_type.hpp"
#include "http/uri.hpp"
#include "http/utf8.hpp"

#include <algorithm>

namespace phial {
namespace {

http_error malformed(std::string const &what) { return http_error(400, "The multipart body is malformed: " + what); }

bool is_boundary_char(char c) noexcept {
    return is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'z') ||
           std::string_view("'()+_,-./:=? ").find(c) != std::string_view::npos;
}

// ext-value = charset "'" [ language ] "'" value-chars (RFC 8187 3.2.1). Nothing when it is malformed or in a charset
// other than UTF-8 and ISO-8859-1.
std::optional<std::string> decode_extended(std::string_view value) {
    auto const first = value.find('\'');
    auto const second = first == value.npos ? first : value.find('\'', first + 1);
    if (second == value.npos) return std::nullopt;
    auto const charset = value.substr(0, first);
    auto const text = value.substr(second + 1);
    if (iequals(charset, "utf-8")) return percent_decode(text);
    if (!iequals(charset, "iso-8859-1")) return std::nullopt;
    std::string utf8;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned b = static_cast<unsigned char>(text[i]);
        if (b == '%' && text.size() - i > 2 && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0) {
            b = static_cast<unsigned>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
            i += 2;
        }
        if (b >= 0x80) utf8 += static_cast<char>(0xC0U | (b >> 6));
        utf8 += static_cast<char>(b >= 0x80 ? 0x80U | (b & 0x3FU) : b);
    }
    return utf8;
}

} // namespace

multipart_parser::multipart_parser(std::string_view boundary, message_limits const &limits)
    : limits_(limits),
      delimiter_("\r\n--") {
    if (boundary.empty() || boundary.size() > max_boundary || boundary.back() == ' ' ||
        !std::all_of(boundary.begin(), boundary.end(), is_boundary_char))
        throw http_error(400, "The boundary in Content-Type is not one to 70 of the characters a boundary may have.");
    delimiter_ += boundary;
}

// Whether `bytes` begins with a delimiter line: CR LF "--" boundary, then "--" for the last one, white space, CR LF.
// The last one may also end the body; that is for the caller, who knows where the body ends.
multipart_parser::verdict multipart_parser::at_delimiter(std::string_view bytes, std::size_t &length) const {
    auto const known = std::min(bytes.size(), delimiter_.size());
    if (bytes.substr(0, known) != std::string_view(delimiter_).substr(0, known)) return verdict::no;
    auto rest = bytes.substr(known);
    if (known < delimiter_.size() || rest.empty() || rest == "-") return verdict::undecided;
    bool const last = rest.starts_with("--");
    if (last) rest.remove_prefix(2);
    auto const padding = std::min(rest.find_first_not_of(" \t"), rest.size());
    if (padding > max_padding) return verdict::no;
    rest.remove_prefix(padding);
    if (rest.empty() || rest == "\r") return verdict::undecided;
    if (!rest.starts_with("\r\n")) return verdict::no;
    length = static_cast<std::size_t>(rest.data() - bytes.data()) + 2;
    return last ? verdict::last : verdict::next_part;
}

// Hands out content up to the next delimiter line. Only a CR can begin one, so everything before it is content as it
// lies in the input; bytes from a CR on are held only while the input ends before it is decided what they are.
multipart_parser::event multipart_parser::content(std::string_view &input, bool is_part) {
    std::size_t length = 0;
    for (;;) {
        if (held_.empty()) {
            auto cr = input.find('\r');
            while (cr != input.npos && at_delimiter(input.substr(cr), length) == verdict::no)
                cr = input.find('\r', cr + 1);
            data_ = input.substr(0, cr);
            input.remove_prefix(data_.size());
            if (is_part && !data_.empty()) return event::data;
        }
        if (input.empty()) return event::need_more;
        held_ += input.front();
        input.remove_prefix(1);
        found_ = at_delimiter(held_, length);
        if (found_ == verdict::undecided) continue;
        if (found_ == verdict::no) {
            // Every byte but the last could have belonged to a delimiter, so none of them begins another one. The last
            // may.
            held_.pop_back();
            input = {input.data() - 1, input.size() + 1};
            released_.assign(held_, implied_);
            data_ = released_;
        }
        held_.clear();
        implied_ = 0;
        if (found_ != verdict::no) return event::part_end;
        if (is_part && !data_.empty()) return event::data;
    }
}

multipart_parser::event multipart_parser::next(std::string_view &input) {
    for (;;) {
        switch (state_) {
        case state::preamble:
        case state::content: {
            bool const is_part = state_ == state::content;
            auto const e = content(input, is_part);
            if (e != event::part_end) return e;
            state_ = found_ == verdict::last ? state::epilogue : state::headers;
            if (state_ == state::headers && ++parts_ > limits_.parts)
                throw http_error(413, "The multipart body has more than " + std::to_string(limits_.parts) + " parts.");
            head_size_ = 0;
            if (is_part) return event::part_end;
            break;
        }
        case state::headers: return headers(input);
        case state::epilogue: input = {}; return event::end;
        }
    }
}

multipart_parser::event multipart_parser::headers(std::string_view &input) {
    if (head_size_ == 0) { // not earlier: the reader of the part before may still look at its header
        head_ = {};
        head_lines_ = 0;
        has_disposition_ = false;
    }
    for (;;) {
        auto const lf = input.find('\n');
        auto const taken = lf == input.npos ? input.size() : lf + 1;
        head_size_ += taken;
        if (head_size_ > limits_.part_head)
            throw http_error(413, "The header of a part is larger than is accepted here.");
        line_ += input.substr(0, taken);
        input.remove_prefix(taken);
        if (lf == input.npos || !line_.ends_with('\n')) return event::need_more;
        if (!line_.ends_with("\r\n")) throw malformed("a line of a part's header does not end with CR LF.");
        line_.resize(line_.size() - 2);
        if (line_.empty()) break;
        if (++head_lines_ > limits_.part_lines)
            throw http_error(413, "The header of a part has more lines than are accepted here.");
        read_header_line(line_);
        line_.clear();
    }
    if (!has_disposition_) throw malformed("a part has no Content-Disposition: form-data with a name.");
    // The CR LF that ends the header may be that of a delimiter: a part without content need not have another.
    held_ = "\r\n";
    implied_ = 2;
    state_ = state::content;
    return event::part;
}

// A body may have many parts, and who reads them may keep what they are called.
std::string multipart_parser::bounded(std::string text) const {
    if (text.size() > limits_.part_name)
        throw http_error(413, "The name, file name or content type of a part is longer than is accepted here.");
    return text;
}

void multipart_parser::read_header_line(std::string_view line) {
    auto const colon = line.find(':');
    auto const name = line.substr(0, colon);
    if (colon == line.npos || name.empty() || !std::all_of(name.begin(), name.end(), is_token_char))
        throw malformed("a part's header has a line that is no header field.");
    auto const value = trim(line.substr(colon + 1));
    for (char const c : value)
        if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F)
            throw malformed("a part's header holds a control character.");
    if (iequals(name, "Content-Type")) head_.content_type = bounded(to_utf8(value));
    if (!iequals(name, "Content-Disposition")) return;
    auto const disposition = value.substr(0, value.find(';'));
    auto parameters = value.substr(disposition.size());
    std::optional<std::string> field;
    std::optional<std::string> extended;
    while (auto p = next_parameter(parameters)) {
        if (iequals(p->name, "name")) field = to_utf8(p->value);
        if (iequals(p->name, "filename")) head_.filename = to_utf8(p->value);
        if (iequals(p->name, "filename*")) extended = decode_extended(p->value);
    }
    if (!iequals(trim(disposition), "form-data") || !parameters.empty() || !field || has_disposition_)
        throw malformed("a part has no Content-Disposition: form-data with a name.");
    if (extended) head_.filename = std::move(extended);
    if (head_.filename) head_.filename = bounded(std::move(*head_.filename));
    head_.name = bounded(std::move(*field));
    has_disposition_ = true;
}

} // namespace phial
