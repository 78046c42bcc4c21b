#include "phial/http/multipart_parser.hpp"

#include "phial/http/http_error.hpp"
#include "phial/http/media_type.hpp"
#include "phial/http/multipart_boundary.hpp"
#include "phial/text/ascii.hpp"
#include "phial/text/charset.hpp"
#include "phial/text/concat.hpp"
#include "phial/text/uri.hpp"
#include "phial/text/utf8.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace phial {
namespace {

http_error malformed(std::string const &reason) {
    return http_error(400, "The multipart body is malformed: " + reason);
}

// ext-value = charset "'" [ language ] "'" value-chars (RFC 8187 3.2.1). Nothing when it is malformed or its charset is
// unknown.
std::optional<std::string> decode_extended(std::string_view value) {
    auto const first = value.find('\'');
    auto const second = first == value.npos ? first : value.find('\'', first + 1);
    if (second == value.npos) return std::nullopt;
    auto const encoding = find_charset(value.substr(0, first));
    return encoding ? std::optional(percent_decode(value.substr(second + 1), *encoding)) : std::nullopt;
}

// RFC 7578 4.7: the content of a part is not encoded. These values say so (RFC 2045 6.2).
void require_no_coding(std::string_view encoding) {
    for (auto const *plain : {"", "7bit", "8bit", "binary"})
        if (iequals(encoding, plain)) return;
    throw http_error(415,
                     concat("A part is accepted with the Content-Transfer-Encoding 7bit, 8bit or binary, not with '",
                            shown_label(encoding), "'."));
}

} // namespace

multipart_parser::multipart_parser(std::string_view boundary, message_limits const &limits)
    : limits_(limits),
      delimiter_(concat("\r\n--", boundary)),
      preamble_(delimiter_.substr(2)) {
    require_boundary(boundary);
}

// Whether `bytes` begins with a delimiter line: CR LF "--" boundary, then "--" for the last one, white space, CR LF.
// The last one may also end the body: the caller handles that, since it knows where the body ends. `padding` is the
// length of the white space; what an earlier call with fewer bytes has scanned is not scanned again.
multipart_parser::verdict multipart_parser::at_delimiter(std::string_view bytes, std::size_t &length,
                                                         std::size_t &padding) const {
    auto const known = std::min(bytes.size(), delimiter_.size());
    if (bytes.substr(0, known) != std::string_view(delimiter_).substr(0, known)) return verdict::no;
    auto rest = bytes.substr(known);
    if (known < delimiter_.size() || rest.empty() || rest == "-") return verdict::undecided;
    bool const last = rest.starts_with("--");
    if (last) rest.remove_prefix(2);
    padding = std::min(rest.find_first_not_of(" \t", padding), rest.size());
    if (padding > max_padding) return verdict::no;
    rest.remove_prefix(padding);
    if (rest.empty() || rest == "\r") return verdict::undecided;
    if (!rest.starts_with("\r\n")) return verdict::no;
    length = static_cast<std::size_t>(rest.data() - bytes.data()) + 2;
    return last ? verdict::last : verdict::next_part;
}

// Gives content up to the next delimiter line. Only a CR can begin one, so all content before it is a view into the
// input. Bytes from a CR on are held only if the input ends before it is known what they are.
multipart_parser::event multipart_parser::content(std::string_view &input) {
    std::size_t length = 0;
    for (;;) {
        if (held_.empty()) {
            auto const begins_none = [&](std::size_t offset) {
                std::size_t padding = 0;
                return at_delimiter(input.substr(offset), length, padding) == verdict::no;
            };
            auto cr = input.find('\r');
            while (cr != input.npos && begins_none(cr)) cr = input.find('\r', cr + 1);
            data_ = input.substr(0, cr);
            input.remove_prefix(data_.size());
            if (!data_.empty()) return event::data;
        }
        if (input.empty()) return event::need_more;
        held_ += input.front();
        input.remove_prefix(1);
        found_ = at_delimiter(held_, length, padding_);
        if (found_ == verdict::undecided) continue;
        if (found_ == verdict::no) {
            // Every byte but the last could belong to a delimiter, so none of them begins another one. The last may
            // begin one.
            held_.pop_back();
            input = {input.data() - 1, input.size() + 1};
            released_.assign(held_, implied_);
            data_ = released_;
        }
        held_.clear();
        implied_ = padding_ = 0;
        if (found_ != verdict::no) return event::part_end;
        if (!data_.empty()) return event::data;
    }
}

multipart_parser::event multipart_parser::next(std::string_view &input) {
    for (;;) {
        switch (state_) {
        case state::preamble: {
            auto const e = content(input);
            if (e == event::data) {
                preamble_.pass(data_);
                break;
            }
            if (e == event::part_end || !held_.empty()) preamble_.end(); // held_ begins with CR
            if (e == event::need_more) return e;
            begin_part();
            break;
        }
        case state::content: {
            auto const e = content(input);
            if (e == event::part_end) begin_part();
            return e;
        }
        case state::headers: return headers(input);
        case state::epilogue: input = {}; return event::end;
        }
    }
}

// Called after a delimiter line.
void multipart_parser::begin_part() {
    state_ = found_ == verdict::last ? state::epilogue : state::headers;
    if (state_ == state::headers && ++parts_ > limits_.parts)
        throw http_error(413, "The multipart body has more than " + std::to_string(limits_.parts) + " parts.");
    head_size_ = 0;
}

multipart_parser::event multipart_parser::headers(std::string_view &input) {
    if (head_size_ == 0) { // not earlier: the caller may still use the header section of the part before
        head_ = {};
        head_lines_ = 0;
        has_disposition_ = false;
    }
    for (;;) {
        auto const lf = input.find('\n');
        auto const taken = lf == input.npos ? input.size() : lf + 1;
        head_size_ += taken;
        if (head_size_ > limits_.part_head)
            throw http_error(413, "The header section of a part is larger than is accepted here.");
        line_ += input.substr(0, taken);
        input.remove_prefix(taken);
        if (lf == input.npos || !line_.ends_with('\n')) return event::need_more;
        if (!line_.ends_with("\r\n")) throw malformed("a line of a part's header section does not end with CR LF.");
        line_.resize(line_.size() - 2);
        if (line_.empty()) break;
        if (++head_lines_ > limits_.part_lines)
            throw http_error(413, "The header section of a part has more lines than are accepted here.");
        read_header_line(line_);
        line_.clear();
    }
    if (!has_disposition_) throw malformed("a part has no Content-Disposition: form-data; name=...");
    // The CR LF that ends the header section may also begin a delimiter: a part without content needs no other.
    held_ = "\r\n";
    implied_ = 2;
    state_ = state::content;
    return event::part;
}

// A body may have many parts, and the caller may keep their names.
std::string multipart_parser::bounded(std::string text) const {
    if (text.size() > limits_.part_name)
        throw http_error(413, "The name, file name or content type of a part is longer than is accepted here.");
    return text;
}

void multipart_parser::read_header_line(std::string_view line) {
    auto const colon = line.find(':');
    auto const name = line.substr(0, colon);
    if (colon == line.npos || name.empty() || !std::all_of(name.begin(), name.end(), is_token_char))
        throw malformed("a part's header section has a line that is not a header field.");
    auto const value = trim(line.substr(colon + 1));
    for (char const c : value)
        if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F)
            throw malformed("a part's header section contains a control character.");
    if (iequals(name, "Content-Type")) head_.content_type = bounded(to_utf8(value));
    if (iequals(name, "Content-Transfer-Encoding")) require_no_coding(value);
    if (!iequals(name, "Content-Disposition")) return;
    if (std::exchange(has_disposition_, true)) throw malformed("a part has two lines of Content-Disposition.");
    auto const disposition = value.substr(0, value.find(';'));
    if (!iequals(trim(disposition), "form-data"))
        throw malformed("the Content-Disposition of a part is not form-data.");
    read_disposition(value.substr(disposition.size()));
}

void multipart_parser::read_disposition(std::string_view parameters) {
    std::vector<parameter> all;
    auto rest = parameters;
    while (auto p = next_parameter(rest)) all.push_back(std::move(*p));
    if (!rest.empty()) { // not valid by the RFC; try what browsers mean, which do not escape a backslash in a file name
        all.clear();
        rest = parameters;
        while (auto p = next_parameter(rest, backslash::may_end_a_value)) all.push_back(std::move(*p));
    }
    if (!rest.empty())
        throw malformed(concat("the Content-Disposition of a part cannot be read from '", shown_label(rest),
                               "' on: a parameter is ;name=value, and a value that is not a token is put in quotes."));
    std::optional<std::string> field;
    std::optional<std::string> extended;
    for (auto &p : all) {
        if (iequals(p.name, "name")) field = to_utf8(p.value);
        if (iequals(p.name, "filename")) head_.filename = to_utf8(p.value);
        if (iequals(p.name, "filename*")) extended = decode_extended(p.value);
    }
    if (!field) throw malformed("the Content-Disposition of a part has no name.");
    if (extended) head_.filename = std::move(extended);
    if (head_.filename) head_.filename = bounded(std::move(*head_.filename));
    head_.name = bounded(std::move(*field));
}

} // namespace phial
