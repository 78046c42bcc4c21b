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

std::shared_ptr<memory_account> const &request::memory() const {
    if (!memory_) memory_ = std::make_shared<memory_account>(traits_.body_memory);
    return memory_;
}

std::shared_ptr<memory_account> memory_of(request const &rq) { return rq.memory(); }

task<held_text> request::data() { return read_all(body_, traits_.limits.body_in_memory, memory()); }

task<held_text> request::text() {
    auto const charset = content_type().parameter("charset");
    if (charset && !iequals(*charset, "utf-8") && !iequals(*charset, "us-ascii"))
        throw http_error(415, "Text is accepted in utf-8 only, not in '" + *charset + "'.");
    auto content = co_await data();
    auto const check = [&content] { return is_utf8(content); };
    bool const right = co_await compute(content.size(), check);
    if (!right) throw http_error(400, "The body is not UTF-8 text.");
    co_return content;
}

task<json> request::json() {
    auto const content = co_await data();
    auto const parse = [&] { return phial::json::parse(content, traits_.limits.json_depth, memory_); };
    if (content.size() <= long_work) co_return parse();
    co_return co_await compute(content.size(), parse);
}

task<held_fields> request::form() {
    auto const content = co_await data();
    auto const parse = [&] { return parse_form(content, traits_.limits.parts, memory_); };
    co_return co_await compute(content.size(), parse);
}

multipart_reader request::parts() {
    auto const boundary = content_type().parameter("boundary");
    if (!boundary) throw http_error(400, "The Content-Type of a multipart body names its boundary; this one does not.");
    return multipart_reader(body_, *boundary, traits_.limits, memory(), traits_.computing);
}

} // namespace phial
