// What a request says of itself.
#include "http/request.hpp"

#include "http/charset.hpp"
#include "http/host.hpp"
#include "http/http_error.hpp"
#include "http/multipart_boundary.hpp"
#include "http/uri.hpp"
#include "http/utf8.hpp"

namespace phial {

request::request(request_head const &head, body_stream &body, service_traits const &traits)
    : head_(head),
      body_(body),
      traits_(traits),
      memory_(traits.body_memory),
      target_(parse_target(head.target, head.verb)),
      path_(target_.path) {
    if (needs_decoding(path_)) {
        decoded_path_ = percent_decode(path_);
        path_ = decoded_path_;
    }
}

void request::correlate(id_source &fresh) noexcept {
    auto const given = header("X-Request-Id").value_or("");
    if (is_sane_request_id(given)) {
        id_ = given;
    } else {
        fresh_id_ = fresh.request_id();
        id_ = {fresh_id_.data(), fresh_id_.size()};
    }
    // Several are no trace: which one is meant is in doubt.
    auto const taken_over =
        headers().count("traceparent") == 1 ? parse_traceparent(*header("traceparent")) : std::nullopt;
    trace_ = taken_over ? *taken_over : fresh.trace();
}

std::string_view request::host() const noexcept {
    if (!target_.authority.empty()) return target_.authority;
    return header("Host").value_or(traits_.host);
}

std::string request::url() const {
    std::string url = "http://";
    url += without_default_port(host());
    url += target_.path;
    if (!target_.query.empty()) (url += '?') += target_.query;
    return url;
}

media_type request::content_type() const noexcept {
    if (head_.fields.count("Content-Type") != 1) return {};
    return parse_media_type(*header("Content-Type"));
}

// HTTP/1.0 has no 411: there, reading the body is 400.
void request::require_body() const {
    if (head_.minor_version != 0 && !body_.announced())
        throw http_error(411, "This needs a body, empty or not: send Content-Length, or Transfer-Encoding: chunked.");
}

task<std::string> request::data() { return read_all(body_, traits_.limits.body_in_memory, memory_); }

task<std::string> request::text() {
    auto const label = content_type().parameter("charset");
    if (label && find_charset(*label) != charset::utf_8)
        throw http_error(415, "Text is accepted in utf-8 and us-ascii only, not in '" + shown_label(*label) + "'.");
    auto content = co_await data();
    if (!is_utf8(content)) throw http_error(400, "The body is not UTF-8 text.");
    co_return content;
}

task<json> request::json() {
    auto const content = co_await data();
    auto value = phial::json::parse(content, traits_.limits.json_depth);
    // As canonical text it may be longer: é is \u00e9.
    if (value.text().size() > content.size()) memory_.grow(value.text().size() - content.size());
    co_return value;
}

task<form_fields> request::form() {
    auto const from = charset_of(content_type());
    auto const content = co_await data();
    co_return parse_form(content, from);
}

multipart_reader request::parts() {
    return multipart_reader(body_, multipart_boundary(content_type()), traits_.limits, memory_);
}

} // namespace phial
