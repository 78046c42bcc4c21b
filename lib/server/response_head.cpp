#include "phial/server/response_head.hpp"

#include "phial/http/status.hpp"
#include "phial/text/number.hpp"

namespace phial {

using namespace std::string_view_literals;

bool is_chunked(response const &rs, unsigned minor_version) noexcept {
    return rs.stream() != nullptr && !rs.stream()->length() && minor_version == 1;
}

bool ends_with_connection(response const &rs, unsigned minor_version) noexcept {
    return rs.stream() != nullptr && !rs.stream()->length() && minor_version == 0;
}

void append_response_head(std::string &out, response const &rs, response_context const &context) {
    auto const status = rs.status();
    if (status == 200) {
        out += "HTTP/1.1 200 OK\r\n"sv;
    } else {
        out += "HTTP/1.1 "sv;
        append_integer(out, std::uint64_t{status});
        ((out += ' ') += reason_phrase(status)) += "\r\n"sv;
    }
    out += context.common_fields;
    if (!context.request_id.empty()) ((out += "X-Request-Id: "sv) += context.request_id) += "\r\n"sv;
    if (auto const type = rs.content_type_literal(); !type.empty()) ((out += "Content-Type: "sv) += type) += "\r\n"sv;
    if (has_no_content(status)) {
        // no field that announces content (RFC 9110 8.6, RFC 9112 6.1)
    } else if (is_chunked(rs, context.minor_version)) {
        out += "Transfer-Encoding: chunked\r\n"sv;
    } else if (!ends_with_connection(rs, context.minor_version)) {
        out += "Content-Length: "sv;
        append_integer(out, rs.stream() == nullptr ? std::uint64_t{rs.body().size()} : *rs.stream()->length());
        out += "\r\n"sv;
    }
    if (context.closing)
        out += "Connection: close\r\n"sv;
    else if (context.minor_version == 0)
        out += "Connection: keep-alive\r\n"sv;
    (out += rs.field_lines()) += "\r\n"sv;
}

} // namespace phial
