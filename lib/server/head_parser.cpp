// Checks for what Beast accepts but HTTP forbids, and for what is not served here.
#include "phial/server/head_parser.hpp"

#include "phial/http/request_target.hpp"
#include "phial/server/beast_head.hpp"
#include "phial/server/head_scanner.hpp"
#include "phial/server/raw_head.hpp"

namespace phial {
namespace {

// Copied faster than its members are set one by one.
constexpr head_facts no_facts;

// Bytes of a Host value that is worth remembering.
constexpr std::size_t longest_kept_host = 64;

// Methods whose requests always have content, even if it is empty.
constexpr bool has_body_by_meaning(method m) noexcept {
    return m == method::post || m == method::put || m == method::patch;
}

} // namespace

head_parser::result head_parser::parse(std::string_view bytes) {
    reset();
    if (read_plain_head(bytes, limits_, fields_, facts_)) return check_message();
    return parse_with_beast(bytes);
}

head_parser::result head_parser::parse_with_beast(std::string_view bytes) {
    reset();
    auto const r = read_head_with_beast(bytes, limits_, fields_, facts_);
    return r == result::complete ? check_message() : r;
}

void head_parser::reset() noexcept {
    facts_ = no_facts;
    keep_alive_ = framing_is_known_ = false;
}

// The host of most requests is that of the request before.
bool head_parser::has_valid_host() {
    auto const host = facts_.host;
    if (host == valid_host_) return true;
    if (!is_valid_host(host)) return false;
    if (host.size() <= longest_kept_host) valid_host_ = host;
    return true;
}

// Judges a complete, well-formed head by what it says.
head_parser::result head_parser::check_message() {
    auto &head = facts_.head;
    keep_alive_ = !facts_.close && (head.minor_version == 1 || facts_.keep_alive_asked);
    facts_.expects_continue = facts_.expects_continue && head.minor_version == 1;
    bool const may_lack_host = head.minor_version == 0 && facts_.hosts == 0;
    if (!may_lack_host && (facts_.hosts != 1 || !has_valid_host()))
        return facts_.refuse(400, "Host is missing, repeated or malformed");
    if (facts_.has_coding && (facts_.has_length || head.minor_version == 0))
        return facts_.refuse(400, "Transfer-Encoding comes with Content-Length, or in HTTP/1.0");
    if (facts_.has_coding && (facts_.bad_coding || !facts_.chunked_is_last))
        return facts_.refuse(400, "chunked must be the last transfer coding, and must not be repeated");
    if (facts_.unknown_coding) return facts_.refuse(501, "the only transfer coding known here is chunked");

    facts_.body.chunked = facts_.has_coding;
    facts_.body.announced = facts_.has_coding || facts_.has_length;
    facts_.body.lacks_length = head.minor_version == 0 && !facts_.has_length && has_body_by_meaning(head.method);
    framing_is_known_ = head.method != method::connect; // what follows belongs to a tunnel
    if (!head.is_known) return facts_.refuse(501, unknown_method);
    if (head.method == method::connect) return facts_.refuse(501, "this is not a proxy: CONNECT is not known here");
    return head.plain_target ? result::complete : check_target();
}

// Judges the target and Expect. A head that the scanner has read has no Expect.
head_parser::result head_parser::check_target() {
    auto const &head = facts_.head;
    if (head.target.starts_with('/') ? head.target.find('#') != head.target.npos
                                     : parse_target(head.target).path.empty())
        return facts_.refuse(400, why_no_target(head.target));
    if (head.target == "*" && head.method != method::options)
        return facts_.refuse(400, "the target * is for OPTIONS only");
    if (facts_.bad_expectation) return facts_.refuse(417, "the only expectation known here is 100-continue");
    return result::complete;
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
