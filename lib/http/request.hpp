// A request, as its handler uses it.
#pragma once

#include "phial/http/accept.hpp"
#include "phial/http/body.hpp"
#include "phial/http/computing.hpp"
#include "phial/http/fields.hpp"
#include "phial/http/form.hpp"
#include "phial/http/forwarded.hpp"
#include "phial/http/http_error.hpp"
#include "phial/http/json.hpp"
#include "phial/http/limits.hpp"
#include "phial/http/media_type.hpp"
#include "phial/http/memory_account.hpp"
#include "phial/http/method.hpp"
#include "phial/http/multipart.hpp"
#include "phial/http/request_notes.hpp"
#include "phial/http/request_target.hpp"
#include "phial/http/trace_context.hpp"
#include "phial/runtime/source_tree.hpp"
#include "phial/runtime/task.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace phial {

/// The head of a request: its request line and header section. Views into the bytes it was parsed from.
struct request_head {
    phial::method method = phial::method::get;
    bool is_known = true;         // the method is known; if not, the request is rejected, and `method` is get or head
    std::string_view method_sent; // a method that is not known here; empty if none could be parsed
    std::string_view target;
    bool plain_target = false; // it is known to begin with a slash and to have nothing to decode, no query, no fragment
    unsigned minor_version = 1; // of HTTP/1.x
    fields_view fields;

    /// The method for a log: as it was sent, cut when it is longer than any known one; or OpenTelemetry's word for one
    /// that could not be read.
    [[nodiscard]] std::string_view method_name() const noexcept {
        constexpr std::size_t longest = 32;
        if (is_known) return to_string(method);
        return method_sent.empty() ? "_OTHER" : method_sent.substr(0, longest);
    }
};

/// What all requests of a server have in common.
struct service_context {
    bool debug = false;       // the tutorial's app.run(debug=True)
    source_tree sources = {}; // in debug mode, pages show lines of these files
    std::string host = {};    // for a request without Host (HTTP/1.0)
    message_limits limits = {};
    quota *body_memory = nullptr;      // for all requests together; null: no limit
    worker_pool *computing = nullptr;  // for long work on bodies; null: the loop does it
    networks const *proxies = nullptr; // trusted, in what `forwarded` names; null: none
    forwarded_parts forwarded = {};
    std::string root_path = {};    // of URLs, for proxies that send none: "/api" (see read_root_path); empty: none
    std::stop_token stopping = {}; // requested when the service begins to stop; a server sets it, a test may
};

/// The bounds of an argument, both included: between(1, 100).
template <class T>
struct between {
    T low, high;
};
template <class T>
between(T, T) -> between<T>;

/// A request. It belongs to one loop and lives until its response has been sent; so do all views it returns.
class request {
  public:
    /// All three arguments, and what `head` points to, outlive the request.
    request(request_head const &head, body_stream &body, service_context const &context);
    request(request const &) = delete;
    request &operator=(request const &) = delete;

    /// The method to act on: GET for HEAD (RFC 9110 9.3.2: the same response without content; the server leaves it
    /// out).
    [[nodiscard]] phial::method effective_method() const noexcept {
        return head_.method == phial::method::head ? phial::method::get : head_.method;
    }
    /// The name of effective_method(): "GET" for HEAD.
    [[nodiscard]] std::string_view method() const noexcept { return to_string(effective_method()); }

    /// The head as it was sent: its `method` may be HEAD, its `target` is not decoded.
    [[nodiscard]] request_head const &head() const noexcept { return head_; }

    /// The path, percent-decoded once, as UTF-8 (bytes that are not UTF-8 become U+FFFD).
    [[nodiscard]] std::string_view path() const noexcept { return path_; }

    /// The query as sent, without the question mark.
    [[nodiscard]] std::string_view query() const noexcept { return target_.query; }

    /// The first value of a query argument, decoded; a name without a value has an empty one. Names are case-sensitive.
    [[nodiscard]] std::optional<std::string> arg(std::string_view name) const {
        return form_value(target_.query, name);
    }

    /// The first value of a query argument as a number, a bool (true or false) or a text, `otherwise` if there is none:
    /// rq.arg<int>("limit", 10, between(1, 100)). Throws http_error(422) with a fault if it is not a T, or not within
    /// the bounds. The handler's signature does not show it: see query<T> for arguments that are declared.
    template <class T>
    [[nodiscard]] T arg(std::string_view name, std::type_identity_t<T> otherwise) const;
    template <class T, class Bound>
    [[nodiscard]] T arg(std::string_view name, std::type_identity_t<T> otherwise, between<Bound> bounds) const;

    /// All query arguments in the order sent.
    [[nodiscard]] form_fields args() const { return parse_form(target_.query); }

    /// The value of the first field line with that name; names are case-insensitive.
    [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const noexcept {
        return head_.fields.find(name);
    }
    [[nodiscard]] fields_view headers() const noexcept { return head_.fields; }

    /// The host that the client has asked for, with its port if that was sent: what a trusted proxy says
    /// (forwarded_value), else from an absolute target, else from Host, else the server's own address. Computed at each
    /// call.
    [[nodiscard]] std::string_view host() const noexcept;

    /// "https" if a trusted proxy says so, else "http". Computed at each call.
    [[nodiscard]] std::string_view scheme() const noexcept;

    /// What URLs of this service begin with, for its clients: scheme() and host(), with the port that a trusted proxy
    /// says, and without that of the scheme: "https://shop.example:8443".
    [[nodiscard]] std::string origin() const;

    /// What paths in such URLs begin with: "/api", if a proxy publishes the service under it and takes it off the
    /// requests. From a trusted proxy, else service_context::root_path; mostly empty. It is no part of path(). url_for
    /// puts it before paths.
    [[nodiscard]] std::string_view root_path() const noexcept;

    /// origin(), root_path(), path and query as sent, without a question mark that nothing follows.
    [[nodiscard]] std::string url() const;

    /// The media type of the body. `type` and `subtype` are empty if there is no Content-Type, more than one, or a
    /// malformed one.
    [[nodiscard]] media_type content_type() const noexcept;

    /// The offer that Accept prefers; of equals the first. See best_offer.
    [[nodiscard]] std::string_view prefers(std::initializer_list<std::string_view> offers) const {
        return best_offer(head_.fields.joined("Accept"), offers);
    }

    /// The body as it arrives. A handler need not read it: the server drops what is left.
    [[nodiscard]] body_stream &body() const noexcept { return body_; }

    /// For a handler that treats no body differently from an empty one. Throws http_error(411) if the request has none.
    void require_body() const;

    /// The whole body. Throws http_error(413) above message_limits::body_in_memory, and what memory_account::take
    /// throws.
    [[nodiscard]] task<held_text> data();
    /// The whole body as UTF-8 text. Throws http_error(400) if it is not UTF-8, and 415 if Content-Type names another
    /// charset (see find_charset).
    [[nodiscard]] task<held_text> text();
    /// The body as JSON, whatever Content-Type says. Throws http_error(400) as json::parse does.
    [[nodiscard]] task<phial::json> json();
    /// The pairs of an application/x-www-form-urlencoded body, whatever Content-Type says, decoded by its charset.
    /// Throws http_error(415) as charset_of does, and 413 for more than message_limits::parts pairs.
    [[nodiscard]] task<held_fields> form();
    /// The parts of a multipart/form-data body, read as they arrive. Throws http_error(400) as multipart_boundary does.
    [[nodiscard]] multipart_reader parts();

    /// All content, if it has arrived already and none of it was read; then it is read. For a caller that awaits data()
    /// if there is nothing: this needs no coroutine. The view lives as long as the request's body is not read again.
    /// Throws what data() throws.
    [[nodiscard]] std::optional<std::string_view> arrived_content();

    /// The memory account of this request, for what is made from its body. The functions above count there, and so do
    /// json_array, dumps and text() for large responses. It may outlive the request.
    [[nodiscard]] std::shared_ptr<memory_account> const &memory() const;
    /// Counts what is made from the request for its handler, until the response has been sent.
    [[nodiscard]] memory_share &kept_memory();
    /// For the server, between two requests: whether there is an account, and that account for the next request; null
    /// if somebody still uses it. The request must not be used afterwards.
    [[nodiscard]] bool has_memory() const noexcept { return memory_ != nullptr; }
    [[nodiscard]] std::shared_ptr<memory_account> take_memory() noexcept;
    /// The account that take_memory() gave. Without one a request makes its own when it is needed.
    void use_memory(std::shared_ptr<memory_account> account) noexcept { memory_ = std::move(account); }
    /// Bytes that the request holds now.
    [[nodiscard]] std::uint64_t held_memory() const noexcept { return memory_ ? memory_->held() : 0; }

    /// Runs work on the body without blocking the loop: see compute(). `bytes`: how many bytes the work reads.
    template <class F>
    [[nodiscard]] task<std::invoke_result_t<F &>> compute(std::size_t bytes, F work) {
        return phial::compute(context_.computing, bytes, std::move(work));
    }

    /// The id of this request: from X-Request-Id, or a new one if the client sent none that is usable. It is sent back
    /// with the response. Empty before correlate().
    [[nodiscard]] std::string_view id() const noexcept { return id_; }
    /// The id of the trace: from traceparent, or a new one (W3C Trace Context). 32 hexadecimal digits; empty before
    /// correlate().
    [[nodiscard]] std::string_view trace() const noexcept;

    /// Called by the server before any handler: finds the request's id, or takes one from `fresh`, which outlives the
    /// request. The trace is found, or made, when it is first asked for.
    void correlate(id_source &fresh) noexcept;

    /// The address of the client: the peer of the connection, or what a trusted proxy says (client_of; by the PROXY
    /// protocol it names the peer). Computed at each call; 0.0.0.0 if the request came without a connection.
    [[nodiscard]] boost::asio::ip::address client() const noexcept;

    /// Those of the service, or of this request after limit_body().
    [[nodiscard]] message_limits const &limits() const noexcept { return own_limits_ ? *own_limits_ : context_.limits; }

    /// For the router, before the body is read: the body may have at most `most` bytes, however it is read, instead of
    /// message_limits::body_in_memory. It may be more; message_limits::body holds all the same. The error, if the
    /// announced length is larger.
    [[nodiscard]] std::optional<http_error> limit_body(std::uint64_t most);

    /// Whether the service has begun to stop: a handler or a generator that could go on for long should end soon. See
    /// also events, which need not ask.
    [[nodiscard]] bool stopping() const noexcept { return context_.stopping.stop_requested(); }
    /// The same as a token, for what waits: see subscription::next. It may outlive the request.
    [[nodiscard]] std::stop_token const &stop_token() const noexcept { return context_.stopping; }

    /// Whether the server runs in debug mode.
    [[nodiscard]] bool debug() const noexcept { return context_.debug; }

    [[nodiscard]] service_context const &context() const noexcept { return context_; }

    /// What does not come from the client; request_notes says who writes and who reads each note.
    request_notes notes;

  private:
    [[nodiscard]] form_fields *shown_form();
    [[nodiscard]] std::string_view sent_host() const noexcept;
    [[nodiscard]] std::optional<std::string_view> forwarded(forwarded_part part) const noexcept;
    [[nodiscard]] std::string absolute(std::string_view root, std::string_view path, std::string_view query) const;

    request_head head_;
    body_stream &body_;
    service_context const &context_;
    std::optional<message_limits> own_limits_;
    mutable std::shared_ptr<memory_account> memory_; // null until memory is held
    memory_share kept_memory_;
    request_target target_;
    std::array<char, 16> fresh_id_;
    std::string_view id_;
    id_source *fresh_ids_ = nullptr;
    mutable std::optional<trace_id> trace_;
    std::string decoded_path_;
    std::string_view path_;
};

namespace detail {

// Each throws the error of request::arg.
[[nodiscard]] std::int64_t integer_argument(std::string_view name, std::string_view value, std::int64_t low,
                                            std::int64_t high);
[[nodiscard]] double number_argument(std::string_view name, std::string_view value, double low, double high);
[[nodiscard]] bool bool_argument(std::string_view name, std::string_view value);

} // namespace detail

template <class T>
T request::arg(std::string_view name, std::type_identity_t<T> otherwise) const {
    if constexpr (std::is_arithmetic_v<T> && !std::is_same_v<T, bool>) {
        using limits = std::numeric_limits<T>;
        static_assert(std::is_floating_point_v<T> || std::is_signed_v<T> || sizeof(T) < sizeof(std::int64_t),
                      "phial: an argument is an std::int64_t or smaller");
        return arg<T>(name, otherwise, between(limits::lowest(), limits::max()));
    } else {
        auto value = arg(name);
        if (!value) return otherwise;
        static_assert(std::is_same_v<T, bool> || std::is_same_v<T, std::string>,
                      "phial: an argument is a number, a bool or a std::string");
        if constexpr (std::is_same_v<T, bool>)
            return detail::bool_argument(name, *value);
        else
            return std::move(*value);
    }
}

template <class T, class Bound>
T request::arg(std::string_view name, std::type_identity_t<T> otherwise, between<Bound> bounds) const {
    auto const value = arg(name);
    if (!value) return otherwise;
    if constexpr (std::is_floating_point_v<T>)
        return static_cast<T>(detail::number_argument(name, *value, bounds.low, bounds.high));
    else // within what a T can hold
        return static_cast<T>(
            detail::integer_argument(name, *value, std::max<std::int64_t>(bounds.low, std::numeric_limits<T>::lowest()),
                                     std::min<std::int64_t>(bounds.high, std::numeric_limits<T>::max())));
}

} // namespace phial
