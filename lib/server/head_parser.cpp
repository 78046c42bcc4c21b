// Beast's parser with a sink, and checks for what Beast accepts but HTTP forbids.
#include "phial/server/head_parser.hpp"

#include "phial/http/request_target.hpp"
#include "phial/server/raw_head.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <algorithm>
#include <charconv>
#include <optional>

namespace phial {
namespace {

namespace beast_http = boost::beast::http;
using boost::beast::error_code;

// Bytes of empty lines that are accepted before a request (RFC 9112 2.2).
constexpr std::size_t most_empty_lines = 2048;
// Bytes. When a request line is too long, a longer first token is an unknown method (501); after a shorter one the
// target is too long (414).
constexpr std::size_t longest_method = 64;

constexpr std::string_view malformed_line = "the request line is malformed";
constexpr std::string_view bare_line_end = "a line does not end with CR LF";
constexpr std::string_view unknown_method = "the method is not known here";

std::string_view view(boost::beast::string_view s) noexcept { return {s.data(), s.size()}; }

std::optional<method> find_method(beast_http::verb v) noexcept {
    switch (v) {
    case beast_http::verb::get: return method::get;
    case beast_http::verb::head: return method::head;
    case beast_http::verb::post: return method::post;
    case beast_http::verb::put: return method::put;
    case beast_http::verb::patch: return method::patch;
    case beast_http::verb::delete_: return method::delete_;
    case beast_http::verb::options: return method::options;
    case beast_http::verb::trace: return method::trace;
    case beast_http::verb::connect: return method::connect;
    default: return std::nullopt;
    }
}

// Methods whose requests always have content, even if it is empty.
constexpr bool has_body_by_meaning(method m) noexcept {
    return m == method::post || m == method::put || m == method::patch;
}

template <class F>
void for_each_element(std::string_view list, F each) {
    for (;;) {
        auto const one = list.substr(0, list.find(','));
        each(trim(one));
        if (one.size() == list.size()) return;
        list.remove_prefix(one.size() + 1);
    }
}

bool is_token(std::string_view s) noexcept { return !s.empty() && std::all_of(s.begin(), s.end(), is_token_char); }
} // namespace

// Beast calls it line by line; everything is kept as views into the input.
class head_parser::sink final : public beast_http::basic_parser<true> {
  public:
    sink(head_parser &p, std::string_view bytes) : p_(p), bytes_(bytes) {
        skip(true); // Beast reads heads only
        body_limit(boost::none);
        header_limit(static_cast<std::uint32_t>(p.limits_.head + p.limits_.request_line));
    }

    bool has_line = false; // the request line was read
    bool folded = false;
    bool too_many = false;

  private:
    void on_request_impl(beast_http::verb beast_method, boost::beast::string_view name,
                         boost::beast::string_view target, int version, error_code &) override {
        has_line = true;
        auto const m = find_method(beast_method);
        p_.head_.is_known = m.has_value();
        p_.head_.method = m.value_or(method::get);
        if (!m) p_.head_.method_sent = view(name);
        p_.head_.target = view(target);
        p_.head_.minor_version = version == 10 ? 0 : 1;
    }

    void on_field_impl(beast_http::field name, boost::beast::string_view name_text,
                       boost::beast::string_view value_text, error_code &ec) override {
        if (p_.field_count_ == p_.fields_.size()) {
            too_many = true;
            ec = beast_http::error::header_limit;
            return;
        }
        auto const value = view(value_text);
        // Beast unfolds a folded line (obs-fold) into its own buffer, but skips a fold before the value.
        auto const *const colon = name_text.data() + name_text.size();
        folded = value.data() < colon || value.data() >= bytes_.data() + bytes_.size() ||
                 std::find(colon, value.data(), '\n') != value.data();
        if (folded) {
            ec = beast_http::error::bad_value;
            return;
        }
        p_.fields_[p_.field_count_++] = {view(name_text), value};
        switch (name) {
        case beast_http::field::host:
            ++p_.hosts_;
            p_.host_ = value;
            break;
        case beast_http::field::connection:
            for_each_element(value, [this](std::string_view token) {
                p_.close_ = p_.close_ || iequals(token, "close");
                p_.keep_alive_asked_ = p_.keep_alive_asked_ || iequals(token, "keep-alive");
            });
            break;
        case beast_http::field::content_length: length(value, ec); break;
        case beast_http::field::transfer_encoding:
            p_.has_coding_ = true;
            for_each_element(value, [this](std::string_view coding) { transfer_coding(coding); });
            break;
        case beast_http::field::expect:
            for_each_element(value, [this](std::string_view expectation) {
                bool const is_known = iequals(expectation, "100-continue");
                p_.expects_continue_ = p_.expects_continue_ || is_known;
                p_.bad_expectation_ = p_.bad_expectation_ || !is_known;
            });
            break;
        default: break;
        }
    }

    // Digits only, and the same number every time (RFC 9112 6.3).
    void length(std::string_view list, error_code &ec) {
        for_each_element(list, [this, &ec](std::string_view value) {
            std::uint64_t n = 0;
            auto const [end, failed] = std::from_chars(value.data(), value.data() + value.size(), n);
            if (failed != std::errc() || end != value.data() + value.size() || (p_.has_length_ && n != p_.body_.length))
                ec = beast_http::error::bad_content_length;
            p_.has_length_ = true;
            p_.body_.length = n;
        });
    }

    // chunked comes last and once; other codings may precede it, but none of them is known here (RFC 9112 6.1, 6.3).
    void transfer_coding(std::string_view coding) {
        p_.bad_coding_ = p_.bad_coding_ || p_.chunked_is_last_ || !is_token(coding.substr(0, coding.find(';')));
        p_.chunked_is_last_ = iequals(coding, "chunked");
        p_.unknown_coding_ = p_.unknown_coding_ || !p_.chunked_is_last_;
    }

    void on_response_impl(int, boost::beast::string_view, int, error_code &) override {}
    void on_header_impl(error_code &) override {}
    void on_body_init_impl(boost::optional<std::uint64_t> const &, error_code &) override {}
    std::size_t on_body_impl(boost::beast::string_view s, error_code &) override { return s.size(); }
    void on_chunk_header_impl(std::uint64_t, boost::beast::string_view, error_code &) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, boost::beast::string_view s, error_code &) override {
        return s.size();
    }
    void on_finish_impl(error_code &) override {}

    head_parser &p_;
    std::string_view bytes_;
};

head_parser::result head_parser::refuse(unsigned status, std::string_view reason) {
    why_ = {status, reason};
    return result::refused;
}

// Rejects a complete, well-formed head for what it says; sets why_.
void head_parser::check_message() {
    auto const begins_with_slash = head_.target.starts_with('/');
    if (head_.minor_version == 1 ? hosts_ != 1 || !is_valid_host(host_)
                                 : hosts_ > 1 || (hosts_ == 1 && !is_valid_host(host_)))
        refuse(400, "Host is missing, repeated or malformed");
    else if (has_coding_ && (has_length_ || head_.minor_version == 0))
        refuse(400, "Transfer-Encoding comes with Content-Length, or in HTTP/1.0");
    else if (has_coding_ && (bad_coding_ || !chunked_is_last_))
        refuse(400, "chunked must be the last transfer coding, and must not be repeated");
    else if (unknown_coding_)
        refuse(501, "the only transfer coding known here is chunked");
    if (why_.status != 0) return;
    body_.chunked = has_coding_;
    body_.announced = has_coding_ || has_length_;
    body_.lacks_length = head_.minor_version == 0 && !has_length_ && has_body_by_meaning(head_.method);
    framing_is_known_ = true;
    if (!head_.is_known)
        refuse(501, unknown_method);
    else if (head_.method == method::connect) {
        framing_is_known_ = false; // what follows belongs to a tunnel
        refuse(501, "this is not a proxy: CONNECT is not known here");
    } else if (begins_with_slash ? head_.target.find('#') != head_.target.npos
                                 : parse_target(head_.target).path.empty())
        refuse(400, why_no_target(head_.target));
    else if (head_.target == "*" && head_.method != method::options)
        refuse(400, "the target * is for OPTIONS only");
    else if (bad_expectation_)
        refuse(417, "the only expectation known here is 100-continue");
}

void head_parser::reset() noexcept {
    field_count_ = size_ = hosts_ = 0;
    head_ = {};
    body_ = {};
    why_ = {};
    has_length_ = has_coding_ = bad_coding_ = chunked_is_last_ = unknown_coding_ = false;
    close_ = keep_alive_asked_ = keep_alive_ = false;
    bad_expectation_ = expects_continue_ = framing_is_known_ = false;
    head_.is_known = false;
}

// `line` is cut at the limit, so that what was rejected before more bytes came stays rejected for the same reason.
head_parser::result head_parser::refuse_long_line(std::string_view line) {
    sink parser(*this, line);
    error_code ec;
    parser.put({line.data(), line.size()}, ec);
    bool const version_comes = ec == beast_http::error::bad_version && !other_version(line).empty();
    if (ec != beast_http::error::need_more && !version_comes) return refuse_by(ec);
    if (has_bare_line_end(line, 0)) return refuse(400, bare_line_end);
    auto const end = std::find_if_not(line.begin(), line.end(), is_token_char);
    auto const name = line.substr(0, static_cast<std::size_t>(end - line.begin()));
    if (name.size() <= longest_method) return refuse(414, "the request line is longer than is accepted here");
    head_.method_sent = name;
    return refuse(501, unknown_method);
}

// Rejects what Beast found malformed.
head_parser::result head_parser::refuse_by(error_code const &ec) {
    if (ec == beast_http::error::bad_content_length || ec == beast_http::error::multiple_content_length)
        return refuse(400, "Content-Length is not a plain number, or there are several");
    if (ec == beast_http::error::bad_transfer_encoding)
        return refuse(400, "Transfer-Encoding is repeated, or comes with Content-Length");
    if (ec == beast_http::error::bad_method || ec == beast_http::error::bad_target ||
        ec == beast_http::error::bad_version)
        return refuse(400, malformed_line);
    return refuse(400, "a header line is malformed");
}

head_parser::result head_parser::parse(std::string_view bytes) {
    reset();
    std::size_t empty_lines = 0;
    while (bytes.substr(empty_lines).starts_with("\r\n")) empty_lines += 2;
    auto message = bytes.substr(empty_lines);
    if (empty_lines > most_empty_lines) return refuse(400, "there are only empty lines");
    if (message.empty() || message == "\r") return result::need_more;
    if (message.starts_with("HEAD ")) head_.method = method::head; // a response that rejects it has no content either
    if (message.size() > limits_.request_line && message.substr(0, limits_.request_line).find('\n') == message.npos)
        return refuse_long_line(message.substr(0, limits_.request_line));
    bool const too_large = message.size() > limits_.head; // unless it ends before the limit
    message = message.substr(0, limits_.head);

    auto parser = std::make_optional<sink>(*this, message);
    error_code ec;
    auto used = parser->put({message.data(), message.size()}, ec);
    if (ec == beast_http::error::bad_version) {
        auto const version = other_version(message);
        if (version.empty()) return refuse(400, malformed_line);
        if (!version.ends_with('\n')) return result::need_more;
        if (version[5] != '1') return refuse(505, "only HTTP/1.1 and HTTP/1.0 are supported");
        // A later HTTP/1.x is read as HTTP/1.1, the highest that is known (RFC 9110 2.5). Beast does not do this.
        auto const end = message.find("\r\n") + 2;
        request_line_.assign(message.substr(0, end))[end - 3] = '1';
        parser.emplace(*this, message);
        parser->put({request_line_.data(), request_line_.size()}, ec);
        head_.target = message.substr(message.find(' ') + 1, head_.target.size()); // views into `bytes`, like all
        head_.method_sent = message.substr(0, head_.method_sent.size());
        if (ec == beast_http::error::need_more) ec = {};
        if (!ec) used = end + parser->put({message.data() + end, message.size() - end}, ec);
    }
    head_.fields = fields_view({fields_.data(), field_count_});
    if (parser->too_many) return refuse(431, "the header section has more fields than are accepted here");
    if (parser->folded) return refuse(400, "a header field is folded over several lines");
    if (ec == beast_http::error::need_more) {
        if (has_bare_line_end(message, 0)) return refuse(400, bare_line_end);
        // Beast waits for the eight octets of a version even after the end of the line.
        if (!parser->has_line && message.find('\n') != message.npos) return refuse(400, malformed_line);
        return too_large ? refuse(431, "the header section is larger than is accepted here") : result::need_more;
    }
    if (ec) return refuse_by(ec);

    size_ = empty_lines + used;
    keep_alive_ = !close_ && (head_.minor_version == 1 || keep_alive_asked_);
    expects_continue_ = expects_continue_ && head_.minor_version == 1;
    check_message();
    return why_.status == 0 ? result::complete : result::refused;
}

bool head_parser::is_worth_parsing(std::string_view bytes, std::size_t seen, message_limits const &limits) noexcept {
    bool const passed_the_line = seen <= limits.request_line && bytes.size() > limits.request_line;
    if (passed_the_line || bytes.size() > limits.head) return true;
    auto const line_end = bytes.find('\n', bytes.find_first_not_of("\r\n"));
    if (line_end != bytes.npos && line_end >= seen) return true; // a bad request line need not wait for the rest
    // A line end may begin in the last three bytes that were seen. An LF at their start belongs to a CR before them.
    auto const begin = seen < 3 ? 0 : seen - 3;
    auto const start = bytes[begin] == '\n' ? begin + 1 : begin;
    return bytes.find("\n\r\n", begin) != bytes.npos || has_bare_line_end(bytes, start);
}

} // namespace phial
