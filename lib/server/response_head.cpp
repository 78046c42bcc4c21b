#include "phial/server/response_head.hpp"

#include "phial/http/status.hpp"

#include <charconv>
#include <cstring>

namespace phial {

using namespace std::string_view_literals;

bool is_chunked(response const &rs, unsigned minor_version) noexcept {
    return rs.stream() != nullptr && !rs.stream()->length() && minor_version == 1;
}

bool ends_with_connection(response const &rs, unsigned minor_version) noexcept {
    return rs.stream() != nullptr && !rs.stream()->length() && minor_version == 0;
}

namespace {

// Appends to memory that has room for it.
class head_writer {
  public:
    explicit head_writer(char *end) noexcept : end_(end) {}

    head_writer &operator<<(std::string_view s) noexcept {
        std::memcpy(end_, s.data(), s.size());
        end_ += s.size();
        return *this;
    }
    head_writer &operator<<(std::uint64_t n) noexcept {
        end_ = std::to_chars(end_, end_ + longest_number, n).ptr;
        return *this;
    }
    [[nodiscard]] char *end() const noexcept { return end_; }

    static constexpr std::size_t longest_number = 20;

  private:
    char *end_;
};

// No head has more bytes than this besides the texts whose sizes append_response_head() adds.
constexpr std::size_t most_of_the_rest = std::string_view("HTTP/1.1 200 OK\r\n"
                                                          "X-Request-Id: \r\n"
                                                          "Content-Type: \r\n"
                                                          "X-Content-Type-Options: nosniff\r\n"
                                                          "Cache-Control: no-store\r\n"
                                                          "Transfer-Encoding: chunked\r\n"
                                                          "Connection: keep-alive\r\n\r\n\r\n")
                                             .size() +
                                         2 * head_writer::longest_number;

} // namespace

void append_response_head(outbox &out, response const &rs, response_context const &context) {
    auto const status = rs.status();
    auto const type = rs.content_type_literal();
    auto const first = rs.field_line_literal();
    auto const others = rs.field_lines();
    auto const fields_size = first.size() + others.size();
    auto const reason = reason_phrase(status);
    auto *const begin = out.room(most_of_the_rest + reason.size() + context.common_fields.size() +
                                 context.request_id.size() + type.size() + fields_size);
    head_writer head(begin);
    if (status == 200)
        head << "HTTP/1.1 200 OK\r\n"sv;
    else
        head << "HTTP/1.1 "sv << status << " "sv << reason << "\r\n"sv;
    head << context.common_fields;
    if (!context.request_id.empty()) head << "X-Request-Id: "sv << context.request_id << "\r\n"sv;
    if (!type.empty()) head << "Content-Type: "sv << type << "\r\n"sv;
    auto const lacks = [&rs, fields_size](std::string_view name) { // most responses have less than such a line
        return fields_size < name.size() || rs.get(name).empty();
    };
    bool const has_content = !has_no_content(status) && (!rs.body().empty() || rs.stream() != nullptr);
    if (has_content && lacks("X-Content-Type-Options")) head << "X-Content-Type-Options: nosniff\r\n"sv;
    if ((context.is_personal || status == 401) && lacks("Cache-Control")) head << "Cache-Control: no-store\r\n"sv;
    if (has_no_content(status)) {
        // no field that announces content (RFC 9110 8.6, RFC 9112 6.1)
    } else if (is_chunked(rs, context.minor_version)) {
        head << "Transfer-Encoding: chunked\r\n"sv;
    } else if (!ends_with_connection(rs, context.minor_version)) {
        auto const length = rs.stream() == nullptr ? std::uint64_t{rs.body().size()} : *rs.stream()->length();
        head << "Content-Length: "sv << length << "\r\n"sv;
    }
    if (context.closing)
        head << "Connection: close\r\n"sv;
    else if (context.minor_version == 0)
        head << "Connection: keep-alive\r\n"sv;
    if (!first.empty()) head << first << "\r\n"sv;
    if (!others.empty()) head << others;
    head << "\r\n"sv;
    out.added(static_cast<std::size_t>(head.end() - begin));
}

} // namespace phial
