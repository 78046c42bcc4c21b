#include "phial/server/beast_head.hpp"

#include "phial/server/raw_head.hpp"
#include "phial/text/ascii.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

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

// Beast calls it line by line; everything is kept as views into the input.
class sink final : public beast_http::basic_parser<true> {
  public:
    sink(std::string_view bytes, message_limits const &limits, std::span<field> table, head_facts &facts)
        : bytes_(bytes),
          table_(table),
          facts_(facts) {
        skip(true); // Beast reads heads only
        body_limit(boost::none);
        header_limit(static_cast<std::uint32_t>(limits.head + limits.request_line));
    }

    bool has_line = false; // the request line was read
    bool folded = false;
    bool too_many = false;
    std::size_t count = 0; // of fields in the table

  private:
    void on_request_impl(beast_http::verb beast_method, boost::beast::string_view name,
                         boost::beast::string_view target, int version, error_code &) override {
        has_line = true;
        auto &head = facts_.head;
        auto const m = find_method(beast_method);
        head.is_known = m.has_value();
        head.method = m.value_or(method::get);
        if (!m) head.method_sent = view(name);
        head.target = view(target);
        head.minor_version = version == 10 ? 0 : 1;
    }

    void on_field_impl(beast_http::field name, boost::beast::string_view name_text,
                       boost::beast::string_view value_text, error_code &ec) override {
        if (count == table_.size()) {
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
        table_[count++] = {view(name_text), value};
        switch (name) {
        case beast_http::field::host: facts_.read_host(value); break;
        case beast_http::field::connection: facts_.read_connection(value); break;
        case beast_http::field::content_length:
            if (!facts_.read_content_length(value)) ec = beast_http::error::bad_content_length;
            break;
        case beast_http::field::transfer_encoding: facts_.read_transfer_encoding(value); break;
        case beast_http::field::expect: facts_.read_expect(value); break;
        default: break;
        }
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

    std::string_view bytes_;
    std::span<field> table_;
    head_facts &facts_;
};

// Rejects what Beast found malformed.
head_result refuse_by(error_code const &ec, head_facts &facts) {
    if (ec == beast_http::error::bad_content_length || ec == beast_http::error::multiple_content_length)
        return facts.refuse(400, "Content-Length is not a plain number, or there are several");
    if (ec == beast_http::error::bad_transfer_encoding)
        return facts.refuse(400, "Transfer-Encoding is repeated, or comes with Content-Length");
    if (ec == beast_http::error::bad_method || ec == beast_http::error::bad_target ||
        ec == beast_http::error::bad_version)
        return facts.refuse(400, malformed_line);
    return facts.refuse(400, "a header line is malformed");
}

// `line` is cut at the limit, so that what was rejected before more bytes came stays rejected for the same reason.
head_result refuse_long_line(std::string_view line, message_limits const &limits, std::span<field> table,
                             head_facts &facts) {
    sink parser(line, limits, table, facts);
    error_code ec;
    parser.put({line.data(), line.size()}, ec);
    bool const version_comes = ec == beast_http::error::bad_version && !other_version(line).empty();
    if (ec != beast_http::error::need_more && !version_comes) return refuse_by(ec, facts);
    if (has_bare_line_end(line, 0)) return facts.refuse(400, bare_line_end);
    auto const end = std::find_if_not(line.begin(), line.end(), is_token_char);
    auto const name = line.substr(0, static_cast<std::size_t>(end - line.begin()));
    if (name.size() <= longest_method) return facts.refuse(414, "the request line is longer than is accepted here");
    facts.head.method_sent = name;
    return facts.refuse(501, unknown_method);
}

} // namespace

head_result read_head_with_beast(std::string_view bytes, message_limits const &limits, std::span<field> table,
                                 head_facts &facts) {
    auto &head = facts.head;
    head.is_known = false; // until the request line was read
    std::size_t empty_lines = 0;
    while (bytes.substr(empty_lines).starts_with("\r\n")) empty_lines += 2;
    auto message = bytes.substr(empty_lines);
    if (empty_lines > most_empty_lines) return facts.refuse(400, "there are only empty lines");
    if (message.empty() || message == "\r") return head_result::need_more;
    if (message.starts_with("HEAD ")) head.method = method::head; // a response that rejects it has no content either
    if (message.size() > limits.request_line && message.substr(0, limits.request_line).find('\n') == message.npos)
        return refuse_long_line(message.substr(0, limits.request_line), limits, table, facts);
    bool const too_large = message.size() > limits.head; // unless it ends before the limit
    message = message.substr(0, limits.head);

    auto parser = std::make_optional<sink>(message, limits, table, facts);
    error_code ec;
    auto used = parser->put({message.data(), message.size()}, ec);
    if (ec == beast_http::error::bad_version) {
        auto const version = other_version(message);
        if (version.empty()) return facts.refuse(400, malformed_line);
        if (!version.ends_with('\n')) return head_result::need_more;
        if (version[5] != '1') return facts.refuse(505, "only HTTP/1.1 and HTTP/1.0 are supported");
        // A later HTTP/1.x is read as HTTP/1.1, the highest that is known (RFC 9110 2.5). Beast does not do this.
        auto const end = message.find("\r\n") + 2;
        std::string line(message.substr(0, end));
        line[end - 3] = '1';
        parser.emplace(message, limits, table, facts);
        parser->put({line.data(), line.size()}, ec);
        head.target = message.substr(message.find(' ') + 1, head.target.size()); // views into `bytes`, like all
        head.method_sent = message.substr(0, head.method_sent.size());
        if (ec == beast_http::error::need_more) ec = {};
        if (!ec) used = end + parser->put({message.data() + end, message.size() - end}, ec);
    }
    head.fields = fields_view(table.first(parser->count));
    if (parser->too_many) return facts.refuse(431, "the header section has more fields than are accepted here");
    if (parser->folded) return facts.refuse(400, "a header field is folded over several lines");
    if (ec == beast_http::error::need_more) {
        if (has_bare_line_end(message, 0)) return facts.refuse(400, bare_line_end);
        // Beast waits for the eight octets of a version even after the end of the line.
        if (!parser->has_line && message.find('\n') != message.npos) return facts.refuse(400, malformed_line);
        return too_large ? facts.refuse(431, "the header section is larger than is accepted here")
                         : head_result::need_more;
    }
    if (ec) return refuse_by(ec, facts);
    facts.size = empty_lines + used;
    return head_result::complete;
}

} // namespace phial
