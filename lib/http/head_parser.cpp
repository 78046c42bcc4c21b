// The sink of Beast's parser, and what it lets pass but HTTP does not.
#include "http/head_parser.hpp"

#include "http/host.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <algorithm>
#include <charconv>
#include <optional>

namespace phial {
namespace {

namespace beast_http = boost::beast::http;
using boost::beast::error_code;

std::string_view view(boost::beast::string_view s) noexcept { return {s.data(), s.size()}; }

std::optional<method> known(beast_http::verb v) noexcept {
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

// Calls `each` with the elements of a comma list.
template <class F>
void for_each_token(std::string_view list, F each) {
    while (!list.empty()) {
        auto const one = list.substr(0, list.find(','));
        list.remove_prefix(std::min(list.size(), one.size() + 1));
        if (auto const token = trim(one); !token.empty()) each(token);
    }
}

// Beast came as far as the version and refused it: "HTTP/2.0" is one we do not speak, anything else is malformed.
bool asks_for_other_version(std::string_view bytes) noexcept {
    auto const line = bytes.substr(0, bytes.find("\r\n"));
    auto const version = line.substr(line.find(' ', line.find(' ') + 1) + 1);
    return version.size() == 8 && version.starts_with("HTTP/") && is_digit(version[5]) && version[6] == '.' &&
           is_digit(version[7]);
}

} // namespace

// Beast reports line by line; everything is kept as views into its input.
class head_parser::sink final : public beast_http::basic_parser<true> {
  public:
    sink(head_parser &p, std::string_view bytes) : p_(p), bytes_(bytes) {
        skip(true); // bodies are not Beast's business here
        body_limit(boost::none);
        header_limit(static_cast<std::uint32_t>(p.limits_.head + p.limits_.request_line));
    }

    bool folded = false;
    bool too_many = false;

  private:
    void on_request_impl(beast_http::verb verb, boost::beast::string_view, boost::beast::string_view target,
                         int version, error_code &) override {
        auto const m = known(verb);
        p_.known_method_ = m.has_value();
        p_.head_.verb = m.value_or(method::get);
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
        // Beast unfolds a folded line (obs-fold) into a buffer of its own, but passes over a fold before the value.
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
            for_each_token(value, [this](std::string_view token) {
                p_.close_ = p_.close_ || iequals(token, "close");
                p_.keep_alive_asked_ = p_.keep_alive_asked_ || iequals(token, "keep-alive");
            });
            break;
        case beast_http::field::content_length: length(value, ec); break;
        case beast_http::field::transfer_encoding:
            p_.bad_coding_ = p_.has_coding_ || !iequals(value, "chunked");
            p_.has_coding_ = true;
            break;
        case beast_http::field::expect:
            if (iequals(value, "100-continue"))
                p_.expects_continue_ = true;
            else
                p_.bad_expectation_ = true;
            break;
        default: break;
        }
    }

    // Digits only, one number, the same in every line.
    void length(std::string_view value, error_code &ec) {
        std::uint64_t n = 0;
        auto const [end, failed] = std::from_chars(value.data(), value.data() + value.size(), n);
        if (failed != std::errc() || end != value.data() + value.size() || (p_.has_length_ && n != p_.body_.length)) {
            ec = beast_http::error::bad_content_length;
            return;
        }
        p_.has_length_ = true;
        p_.body_.length = n;
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

// What a whole, well-formed head may still have against it; sets why_.
void head_parser::check_message() {
    auto const begins_with_slash = head_.target.starts_with('/');
    if (head_.minor_version == 1 ? hosts_ != 1 || !is_valid_host(host_)
                                 : hosts_ > 1 || (hosts_ == 1 && !is_valid_host(host_)))
        refuse(400, "Host is missing, doubled or malformed");
    else if (has_coding_ && (has_length_ || head_.minor_version == 0))
        refuse(400, "Transfer-Encoding stands beside Content-Length, or in HTTP/1.0");
    else if (bad_coding_)
        refuse(501, "the only transfer coding known here is chunked, once");
    if (why_.status != 0) return;
    body_.chunked = has_coding_;
    framing_is_known_ = true;
    if (!known_method_)
        refuse(501, "the method is not known here");
    else if (head_.verb == method::connect) {
        framing_is_known_ = false; // what follows belongs to a tunnel
        refuse(501, "this is no proxy: CONNECT is not known here");
    } else if (begins_with_slash ? head_.target.find('#') != head_.target.npos
                                 : parse_target(head_.target).path.empty())
        refuse(400, "the request target has none of the forms it may have");
    else if (head_.target == "*" && head_.verb != method::options)
        refuse(400, "the target * is for OPTIONS only");
    else if (bad_expectation_)
        refuse(417, "the only expectation known here is 100-continue");
}

head_parser::result head_parser::parse(std::string_view bytes) {
    field_count_ = size_ = hosts_ = 0;
    head_ = {};
    body_ = {};
    why_ = {};
    has_length_ = has_coding_ = bad_coding_ = close_ = keep_alive_asked_ = keep_alive_ = false;
    bad_expectation_ = expects_continue_ = framing_is_known_ = false;
    known_method_ = true;
    std::size_t empty_lines = 0;
    while (bytes.substr(empty_lines).starts_with("\r\n")) empty_lines += 2;
    auto const message = bytes.substr(empty_lines);
    if (message.empty() || message == "\r")
        return empty_lines > limits_.request_line ? refuse(400, "nothing but empty lines") : result::need_more;
    if (message.size() > limits_.request_line && message.substr(0, limits_.request_line).find('\n') == message.npos)
        return refuse(414, "the request line is larger than 16 KiB");

    sink parser(*this, message);
    error_code ec;
    auto const used = parser.put({message.data(), message.size()}, ec);
    head_.fields = fields_view({fields_.data(), field_count_});
    if (parser.too_many) return refuse(431, "the header has more than 100 fields");
    if (parser.folded) return refuse(400, "a header field is folded over several lines");
    if (ec == beast_http::error::header_limit ||
        (ec == beast_http::error::need_more ? message.size() : used) > limits_.head)
        return refuse(431, "the header is larger than 32 KiB");
    if (ec == beast_http::error::need_more) return result::need_more;
    if (ec == beast_http::error::bad_version && asks_for_other_version(message))
        return refuse(505, "only HTTP/1.1 and HTTP/1.0 are spoken here");
    if (ec == beast_http::error::bad_content_length || ec == beast_http::error::multiple_content_length)
        return refuse(400, "Content-Length is no plain number, or there are several");
    if (ec == beast_http::error::bad_transfer_encoding)
        return refuse(400, "Transfer-Encoding is doubled, or stands beside Content-Length");
    if (ec == beast_http::error::bad_method || ec == beast_http::error::bad_target ||
        ec == beast_http::error::bad_version)
        return refuse(400, "the request line is malformed");
    if (ec) return refuse(400, "a header line is malformed");

    size_ = empty_lines + used;
    keep_alive_ = !close_ && (head_.minor_version == 1 || keep_alive_asked_);
    expects_continue_ = expects_continue_ && head_.minor_version == 1;
    check_message();
    return why_.status == 0 ? result::complete : result::refused;
}

bool head_parser::may_be_complete(std::string_view bytes, std::size_t seen) noexcept {
    // Over the request line's limit there is something to say before the end has come.
    return bytes.size() > head_limits().request_line || bytes.find("\n\r\n", seen < 2 ? 0 : seen - 2) != bytes.npos;
}

} // namespace phial
