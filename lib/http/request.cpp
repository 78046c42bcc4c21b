// What a request says of itself.
#include "http/request.hpp"

#include "http/host.hpp"
#include "http/http_error.hpp"
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

boost::asio::ip::address request::client() const noexcept {
    if (peer == nullptr) return {};
    return traits_.proxies == nullptr ? unmapped(*peer) : client_of(*peer, headers(), *traits_.proxies);
}

media_type request::content_type() const noexcept {
    if (head_.fields.count("Content-Type") != 1) return {};
    return parse_media_type(*header("Content-Type"));
}

task<std::string> request::data() { return read_all(body_, traits_.limits.body_in_memory, memory_); }

task<std::string> request::text() {
    auto const charset = content_type().parameter("charset");
    if (charset && !iequals(*charset, "utf-8") && !iequals(*charset, "us-ascii"))
        throw http_error(415, "Text is accepted in utf-8 only, not in '" + *charset + "'.");
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
    auto const content = co_await data();
    co_return parse_form(content);
}

multipart_reader request::parts() {
    auto const boundary = content_type().parameter("boundary");
    if (!boundary) throw http_error(400, "The Content-Type of a multipart body names its boundary; this one does not.");
    return multipart_reader(body_, *boundary, traits_.limits, memory_);
}

} // namespace phial
