#include "phial/http/request.hpp"

#include "phial/http/multipart_boundary.hpp"
#include "phial/http/request_target.hpp"
#include "phial/text/ascii.hpp"
#include "phial/text/charset.hpp"
#include "phial/text/concat.hpp"
#include "phial/text/uri.hpp"
#include "phial/text/utf8.hpp"

#include <charconv>
#include <system_error>

namespace phial {
namespace {

void require_utf8(media_type const &type) {
    auto const label = type.parameter("charset");
    if (label && find_charset(*label) != charset::utf_8)
        throw http_error(415, "Text is accepted in utf-8 and us-ascii only, not in '" + shown_label(*label) + "'.");
}

} // namespace

request::request(request_head const &head, body_stream &body, service_context const &context)
    : head_(head),
      body_(body),
      context_(context),
      target_(head.plain_target ? request_target{{}, head.target, {}} : parse_target(head.target, head.method)),
      path_(target_.path) {
    if (!head.plain_target && needs_decoding(path_)) {
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
    fresh_ids_ = &fresh;
}

std::string_view request::trace() const noexcept {
    if (fresh_ids_ == nullptr) return "";
    if (!trace_) {
        if (auto const parent = headers().find_only("traceparent")) trace_ = parse_traceparent(*parent);
        if (!trace_) trace_ = fresh_ids_->trace();
    }
    return trace_->text();
}

std::optional<std::string_view> request::forwarded(forwarded_part part) const noexcept {
    auto const &c = context_;
    if (!c.forwarded.has(part) || c.proxies == nullptr || notes.peer == nullptr) return std::nullopt;
    if (!notes.is_peer_named && !c.proxies->contains(*notes.peer)) return std::nullopt;
    return forwarded_value(part, headers(), c.forwarded.has(forwarded_part::client) ? c.proxies : nullptr);
}

std::string_view request::host() const noexcept {
    auto const said = forwarded(forwarded_part::host);
    return said ? *said : sent_host();
}

std::string_view request::sent_host() const noexcept {
    if (!target_.authority.empty()) return target_.authority;
    return header("Host").value_or(context_.host);
}

std::string_view request::scheme() const noexcept { return forwarded(forwarded_part::scheme).value_or("http"); }

std::string request::absolute(std::string_view root, std::string_view path, std::string_view query) const {
    bool const is_secure = scheme() == "https";
    std::string_view const begin = is_secure ? "https://" : "http://";
    std::string_view const default_port = is_secure ? "443" : "80";
    auto const *const mark = query.empty() ? "" : "?";
    auto authority = without_default_port(host(), default_port);
    std::string_view port;
    if (auto const said = forwarded(forwarded_part::port)) {
        authority = without_port(authority);
        if (*said != default_port) port = *said;
    }
    return concat(begin, authority, port.empty() ? "" : ":", port, root, path, mark, query);
}

std::string request::origin() const { return absolute({}, {}, {}); }

std::string_view request::root_path() const noexcept {
    return forwarded(forwarded_part::prefix).value_or(context_.root_path);
}

std::string request::url() const {
    bool const is_plain = context_.proxies == nullptr && context_.root_path.empty() && target_.query.empty();
    if (is_plain) return concat("http://", without_default_port(sent_host(), "80"), target_.path); // that of most 404s
    return absolute(target_.path == "*" ? "" : root_path(), target_.path, target_.query);
}

boost::asio::ip::address request::client() const noexcept {
    if (notes.peer == nullptr) return {};
    if (context_.proxies == nullptr || !context_.forwarded.has(forwarded_part::client)) return unmapped(*notes.peer);
    return client_of(*notes.peer, headers(), *context_.proxies);
}

media_type request::content_type() const noexcept {
    auto const type = head_.fields.find_only("Content-Type");
    return type ? parse_media_type(*type) : media_type();
}

std::shared_ptr<memory_account> const &request::memory() const {
    if (!memory_) memory_ = std::make_shared<memory_account>(context_.body_memory, context_.computing);
    return memory_;
}

std::shared_ptr<memory_account> request::take_memory() noexcept {
    kept_memory_ = memory_share();
    bool const is_free = memory_ && memory_.use_count() == 1 && memory_->held() == 0;
    return is_free ? std::move(memory_) : nullptr;
}

memory_share &request::kept_memory() {
    if (kept_memory_.account() == nullptr) kept_memory_ = memory_share(memory());
    return kept_memory_;
}

std::shared_ptr<memory_account> memory_of(request const &rq) { return rq.memory(); }

// Status code 411 does not exist in HTTP/1.0: there, reading the body throws 400.
void request::require_body() const {
    if (head_.minor_version != 0 && !body_.announced())
        throw http_error(411, "This needs a body, empty or not: send Content-Length, or Transfer-Encoding: chunked.");
}

std::optional<http_error> request::limit_body(std::uint64_t most) {
    auto &own = own_limits_.emplace(context_.limits);
    own.body = own.body_in_memory = std::min(own.body, most);
    body_.limit(own.body);
    if (body_.length().value_or(0) <= own.body) return std::nullopt;
    return body_too_large(own.body);
}

task<held_text> request::data() { return read_all(body_, limits().body_in_memory, memory()); }

std::optional<std::string_view> request::arrived_content() {
    return phial::arrived_content(body_, limits().body_in_memory, memory());
}

task<held_text> request::text() {
    auto const type = head_.fields.find_only("Content-Type");
    if (type && type->find(';') != type->npos) require_utf8(parse_media_type(*type));
    held_text content(memory());
    if (auto const arrived = arrived_content())
        content.append(*arrived);
    else
        content = co_await data();
    bool right = false;
    auto const check = [&content, &right] { right = is_utf8(content); };
    if (content.size() <= long_work)
        check();
    else
        co_await compute(content.size(), check);
    if (!right) throw http_error(400, "The body is not UTF-8 text.");
    co_return content;
}

task<json> request::json() {
    held_text kept;
    auto arrived = arrived_content();
    if (!arrived) {
        kept = co_await data();
        arrived = kept;
    }
    std::string_view const content = *arrived;
    auto const parse = [&] { return phial::json::parse(content, limits().json_depth, memory_); };
    if (content.size() <= long_work) co_return parse();
    co_return co_await compute(content.size(), parse);
}

task<held_fields> request::form() {
    auto const encoding = charset_of(content_type());
    auto const content = co_await data();
    auto const parse = [&] { return parse_form(content, limits().parts, memory_, encoding); };
    auto fields = co_await compute(content.size(), parse);
    if (auto *const shown = shown_form())
        for (auto const &[name, value] : fields) keep_to_show(*shown, name, value);
    co_return fields;
}

multipart_reader request::parts() {
    return multipart_reader(body_, multipart_boundary(content_type()), limits(), memory(), context_.computing,
                            shown_form());
}

// Where the fields of a form are kept for the page of an error; null: such a page does not show them.
form_fields *request::shown_form() {
    if (!debug()) return nullptr;
    if (!notes.form) notes.form = std::make_unique<form_fields>();
    return notes.form.get();
}

namespace {

[[noreturn]] void refuse_argument(std::string_view name, std::string_view value, std::string const &expected) {
    constexpr std::size_t most = 60;
    auto const got = value.size() <= most ? concat("\"", value, "\"") : concat("a text of ", value.size(), " bytes");
    throw http_error(422, concat("The query's ", name, " must be ", expected, "."),
                     {{.parameter = std::string(name),
                       .in = "query",
                       .detail = concat("must be ", expected),
                       .expected = expected,
                       .got = got}});
}

template <class T>
T argument(std::string_view name, std::string_view value, T low, T high, std::string_view kind) {
    auto const end = value.data() + value.size();
    T parsed{};
    auto const [rest, error] = std::from_chars(value.data(), end, parsed);
    // Not infinity, not NaN.
    bool const begins_as_number = !value.empty() && is_digit(value[value.front() == '-' && value.size() > 1 ? 1 : 0]);
    if (begins_as_number && error == std::errc() && rest == end && parsed >= low && parsed <= high) return parsed;
    bool const has_bounds = low != std::numeric_limits<T>::lowest() || high != std::numeric_limits<T>::max();
    refuse_argument(name, value, has_bounds ? concat(kind, " from ", low, " to ", high) : std::string(kind));
}

} // namespace

std::int64_t detail::integer_argument(std::string_view name, std::string_view value, std::int64_t low,
                                      std::int64_t high) {
    return argument(name, value, low, high, "an integer");
}

double detail::number_argument(std::string_view name, std::string_view value, double low, double high) {
    return argument(name, value, low, high, "a number");
}

bool detail::bool_argument(std::string_view name, std::string_view value) {
    if (value != "true" && value != "false") refuse_argument(name, value, "true or false");
    return value == "true";
}

} // namespace phial
