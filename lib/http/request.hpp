// A request as its handler sees it.
#pragma once

#include "phial/http/accept.hpp"
#include "phial/http/body.hpp"
#include "phial/http/computing.hpp"
#include "phial/http/fields.hpp"
#include "phial/http/form.hpp"
#include "phial/http/forwarded.hpp"
#include "phial/http/json.hpp"
#include "phial/http/limits.hpp"
#include "phial/http/media_type.hpp"
#include "phial/http/memory_account.hpp"
#include "phial/http/method.hpp"
#include "phial/http/multipart.hpp"
#include "phial/http/request_notes.hpp"
#include "phial/http/request_target.hpp"
#include "phial/http/trace_context.hpp"
#include "phial/runtime/task.hpp"

#include <array>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace phial {

/// What the head of a message says; views into the bytes it was read from.
struct request_head {
    method verb = method::get;
    bool is_known = true;         // the method: else `verb` means nothing, and the request is refused
    std::string_view method_sent; // a method that is not known here; empty when none could be read
    std::string_view target;
    unsigned minor_version = 1; // of HTTP/1.x
    fields_view fields;
};

/// What is the same for all requests of a server.
struct service_traits {
    bool debug = false; // the tutorial's app.run(debug=True)
    std::string host;   // for a request that names none (HTTP/1.0)
    message_limits limits;
    quota *body_memory = nullptr;      // of what all requests hold together; null: without bound
    worker_pool *computing = nullptr;  // for long work on bodies; null: it is done on the loop
    networks const *proxies = nullptr; // whose word about the client is taken; null: nobody's
};

/// A request. It belongs to one loop and lives until its response has been sent; so do all views it gives out.
class request {
  public:
    /// All three arguments, and what `head` points to, outlive the request.
    request(request_head const &head, body_stream &body, service_traits const &traits);
    request(request const &) = delete;
    request &operator=(request const &) = delete;

    /// The method to act on: for HEAD it is GET (RFC 9110 9.3.2: the same, but for the content, which the server leaves
    /// out).
    [[nodiscard]] phial::method verb() const noexcept {
        return head_.verb == phial::method::head ? phial::method::get : head_.verb;
    }
    [[nodiscard]] std::string_view method() const noexcept { return to_string(verb()); }

    /// The head as it was sent: with HEAD, the raw target and the version.
    [[nodiscard]] request_head const &head() const noexcept { return head_; }

    /// The path, percent-decoded once, as UTF-8 (bytes that are none are U+FFFD).
    [[nodiscard]] std::string_view path() const noexcept { return path_; }

    /// The query as sent, without the question mark.
    [[nodiscard]] std::string_view query() const noexcept { return target_.query; }

    /// The first value of a query argument, decoded; `name` alone has an empty value. Names have case.
    [[nodiscard]] std::optional<std::string> arg(std::string_view name) const {
        return form_value(target_.query, name);
    }

    /// All query arguments in the order sent.
    [[nodiscard]] form_fields args() const { return parse_form(target_.query); }

    /// The value of the first header line of that name; names have no case.
    [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const noexcept {
        return head_.fields.find(name);
    }
    [[nodiscard]] fields_view headers() const noexcept { return head_.fields; }

    /// The host the request is for: of an absolute target, else of Host, else the server's own address.
    [[nodiscard]] std::string_view host() const noexcept;

    /// Scheme, host, path and query as sent; the port left out when it is 80, the question mark when nothing follows
    /// it.
    [[nodiscard]] std::string url() const;

    /// The media type of the body; its names are empty when there is no Content-Type, several, or one that is none.
    [[nodiscard]] media_type content_type() const noexcept;

    /// The offer that Accept prefers; the first among equals. See best_offer.
    [[nodiscard]] std::string_view prefers(std::initializer_list<std::string_view> offers) const {
        return best_offer(head_.fields.joined("Accept"), offers);
    }

    /// The body as it comes. A handler that reads none of it costs the client nothing: it is dropped.
    [[nodiscard]] body_stream &body() const noexcept { return body_; }

    /// For a handler to which no body is not the same as an empty one: http_error 411 when the request has none.
    void require_body() const;

    /// The whole body; http_error 413 above message_limits::body_in_memory, and what memory_account::take throws.
    [[nodiscard]] task<held_text> data();
    /// The whole body as UTF-8 text; http_error 400 when it is none, 415 when Content-Type names another charset
    /// (see find_charset).
    [[nodiscard]] task<held_text> text();
    /// The body as JSON, whatever Content-Type says; http_error 400 as json::parse.
    [[nodiscard]] task<phial::json> json();
    /// The pairs of an application/x-www-form-urlencoded body, whatever Content-Type says; decoded by its charset,
    /// http_error 415 as charset_of, 413 when there are more than message_limits::parts.
    [[nodiscard]] task<held_fields> form();
    /// The parts of a multipart/form-data body, read as they come; http_error 400 as
    /// multipart_boundary.
    [[nodiscard]] multipart_reader parts();

    /// What this request holds: for what is made of its body. Each of the functions above counts there, and so do
    /// json_array, dumps and text() for large responses. It may outlive the request.
    [[nodiscard]] std::shared_ptr<memory_account> const &memory() const;
    /// Bytes that it holds now.
    [[nodiscard]] std::uint64_t held_memory() const noexcept { return memory_ ? memory_->held() : 0; }

    /// Runs what is made of the body where it does not stop the loop: see compute(). `bytes`: how many it goes through.
    template <class F>
    [[nodiscard]] task<std::invoke_result_t<F &>> compute(std::size_t bytes, F work) {
        return phial::compute(traits_.computing, bytes, std::move(work));
    }

    /// What the client calls this request (X-Request-Id), or the server does when it has no such name; it is returned
    /// with the answer. Empty until correlate().
    [[nodiscard]] std::string_view id() const noexcept { return id_; }
    /// Of the trace it belongs to: taken over from traceparent, or a new one (W3C Trace Context). 32 hexadecimal
    /// digits.
    [[nodiscard]] std::string_view trace() const noexcept { return id_.empty() ? "" : trace_.text(); }

    /// Called by the server before any handler: finds the two, or takes new ones from `fresh`.
    void correlate(id_source &fresh) noexcept;

    /// The address of the client: the connection's, or what a trusted proxy says (client_of). Computed when asked for;
    /// 0.0.0.0 when the request came over no connection.
    [[nodiscard]] boost::asio::ip::address client() const noexcept;

    /// Whether the server runs in debug mode.
    [[nodiscard]] bool debug() const noexcept { return traits_.debug; }

    /// What is not from the client: who writes each of them, and for whom, is said there.
    request_notes notes;

  private:
    request_head head_;
    body_stream &body_;
    service_traits const &traits_;
    mutable std::shared_ptr<memory_account> memory_; // null until something is held
    request_target target_;
    std::array<char, 16> fresh_id_;
    std::string_view id_;
    trace_id trace_{};
    std::string decoded_path_;
    std::string_view path_;
};

} // namespace phial
